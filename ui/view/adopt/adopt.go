package adopt

import (
	"cmp"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

// View is the open import: a form, then its progress, then what came of it.
type View struct {
	s      *view.Session
	target string
	// form is nil until the account's organizations were read.
	form    *form.Form
	account model.Account
	// estimate says how many orders would be selected.
	estimate string
	// job runs, or ended in state; nil before.
	job   *view.ImportJob
	state view.ImportState
	// asked is the question whether to stop it; nil until it is asked.
	asked *ask.View
	w, h  int
}

// WhyNot is why nothing can be taken over from a target; "" when it can.
func WhyNot(t view.Target) string {
	switch {
	case t.Info.Kind != "scm":
		return "orders are taken over from a CA account; a vault's certificates all stand on the board"
	case t.Repository == nil:
		return "its repository is not open"
	case t.Capabilities.Sweep == nil:
		return cmp.Or(t.Capabilities.SweepWhy, "this target can't be listed")
	}
	return ""
}

// Accounts are the names of the targets that orders can be taken over from, by
// [sheet.Accounts].
func Accounts(targets []view.Target, row string) (names []string, why string) {
	return sheet.Accounts(targets, row, WhyNot)
}

// NewAt opens the import of one of accounts, and asks of which where there are
// several. For each [WhyNot] must be "".
func NewAt(s *view.Session, accounts []string) view.View {
	return sheet.AtAccount(s, "Import orders", accounts, func(account string) view.View { return New(s, account) })
}

// New opens the import of a target for which [WhyNot] is "".
func New(s *view.Session, target string) *View { return &View{s: s, target: target} }

// Init goes on with the import that runs, or reads the organizations to choose
// from.
func (v *View) Init() tea.Cmd {
	if job := v.s.Desk.Importing(v.target); job != nil {
		v.job = job
		return job.Next(v, 0)
	}
	return v.s.Desk.ReadAccount(v.target)
}

// Update fills the form in and follows the import.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.AccountRead:
		if msg.Target == v.target && v.form == nil {
			v.account = msg.Account
			v.form = newForm(v.s.Theme, &v.account)
			v.form.OnChange(func(string) { v.guess() })
			v.guess()
		}
	case view.DataChanged:
		v.guess()
	case tea.KeyMsg:
		return v.key(msg)
	case input.PasteMsg:
		if v.form != nil && v.job == nil {
			return view.Typed(v.s, msg, v.form.Paste)
		}
	case view.ImportTold:
		if msg.To == view.View(v) && msg.Job == v.job {
			v.state = msg.ImportState
			if v.state.Ended && v.asked != nil {
				// What it asks has no meaning any more.
				v.s.Host.Close(v.asked)
				v.asked = nil
			}
			return msg.Job.Next(v, msg.Turn)
		}
	case view.OpDone:
		if v.job != nil && v.job.ID == msg.ID {
			v.s.Desk.Explained(msg.ID)
		}
	}
	return nil
}

func (v *View) key(msg tea.KeyMsg) tea.Cmd {
	if v.form == nil {
		if msg.String() == "esc" {
			v.s.Host.Close(v)
		}
		return nil
	}
	switch v.form.Key(msg) {
	case form.Left:
		v.s.Host.Close(v)
	case form.Submitted:
		job, cmd := v.s.Desk.ImportOrders(v.target, selection(v.form.Value, v.form.Chosen, &v.account))
		v.job = job
		return tea.Batch(cmd, job.Next(v, 0))
	}
	return nil
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true while the form is filled in: keys are text.
func (v *View) Capturing() bool { return v.job == nil }

// Actions leave and stop the import.
func (v *View) Actions() []keys.Action {
	if v.job == nil {
		return nil
	}
	closing := func() tea.Cmd { v.s.Host.Close(v); return nil }
	if v.state.Ended {
		back := keys.Back
		back.Keys = []string{"esc", "enter"}
		return []keys.Action{{Def: back, Run: closing}}
	}
	back := keys.Action{Def: keys.Back, Run: func() tea.Cmd { return v.s.Host.Open(v.ways()) }}
	back.Long = "leave the import running, or stop it"
	return []keys.Action{{Def: keys.StopImport, Run: v.askStop}, {Def: keys.LeaveImport, Run: closing}, back}
}

// ways is what esc asks while the import runs.
func (v *View) ways() view.View {
	leave, stop := keys.LeaveImport, keys.StopImport
	leave.Long, stop.Long = "leave it running; its end is told wherever you are", "stop it; what was taken over stays, and started again it takes the rest"
	return sheet.NewCard(v.s, func() sheet.Situation {
		return sheet.Situation{
			Title: "The import from " + v.target + " runs", Text: v.state.String() + ".", Leave: "back to its progress",
			Ways: []keys.Action{
				{Def: leave, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }},
				{Def: stop, Run: func() tea.Cmd { v.job.Stop(); return nil }},
			},
		}
	})
}

func (v *View) askStop() tea.Cmd {
	job := v.job
	question := ask.New(v.s, confirm.Question{
		Title: "Stop the import from " + v.target,
		Lines: []string{v.state.Again()},
		Yes:   "Stop", No: "Go on",
	}, func() tea.Cmd { job.Stop(); return nil })
	v.asked = question
	return v.s.Host.Open(question)
}

// View draws the form with its estimate, the progress, or the result.
func (v *View) View() []string {
	w := min(sheet.Width, v.w)
	t := v.s.Theme
	title := "Import orders from " + v.target
	l := &view.Page{Theme: t, Width: w - 4}
	switch {
	case v.job == nil && v.form == nil:
		l.Add(theme.Waits, "Reading the account's organizations.")
	case v.job == nil:
		l.Add(theme.Text, v.estimate)
		l.Add(theme.Faint, "Nothing is changed at the account.")
		l.Add(theme.Faint, v.foot())
		lines, cut := v.form.Draw(w-4, v.h-3-len(l.Lines))
		lines = append(lines, t.Paint(theme.Faint, cut.String()))
		return box.Frame(t, title, append(lines, l.Lines...), w, v.h)
	case v.state.Ended:
		v.result(l)
	default:
		v.progress(l)
	}
	return box.Frame(t, title, l.Lines, w, v.h)
}

// foot says what the keys of the form do.
func (v *View) foot() string {
	if v.form.Listing() {
		return "space choose   up down move   esc back to the form"
	}
	return "tab next field   ctrl+s import   esc back"
}

// progress says how far it is: first the list is read to its end, then what is
// selected is taken over.
func (v *View) progress(l *view.Page) {
	p := v.state.Progress
	if !p.Whole && p.Selected == 0 {
		l.Add(theme.Waits, fmt.Sprintf("1 of 2  Reading the account's list: %s so far.", model.Count(p.Listed, "order", "orders")))
		l.Add(theme.Text, "2 of 2  Taking over what is selected.")
	} else {
		l.Add(theme.Good, fmt.Sprintf("1 of 2  The list was read: %s.", model.Count(p.Listed, "order", "orders")))
		l.Add(theme.Waits, fmt.Sprintf("2 of 2  Taking over: %s selected so far, %d of them new here.", model.Count(p.Selected, "order", "orders"), p.Added))
	}
	l.Add(theme.Text, "")
	l.Add(theme.Faint, "It goes on when you leave: enter. x stops it.")
}

// result says what came of it, and never that a part is the whole.
func (v *View) result(l *view.Page) {
	p := v.state.Progress
	switch {
	case v.state.Err != nil:
		advice := backend.AdviceFor(v.state.Err)
		l.Add(theme.Bad, "The import did not get to its end. "+advice.Cause+" "+advice.Next)
	case v.state.Stopped:
		l.Add(theme.Warn, "Stopped.")
	case p.Whole:
		l.Add(theme.Good, l.Theme.Glyphs.Check+" The account's whole list was read.")
	}
	if lacking := p.Lacking(); lacking != "" {
		l.Add(theme.Bad, l.Theme.Glyphs.Warn+" "+lacking)
	}
	l.Add(theme.Text, "")
	for _, f := range []struct {
		name string
		n    int
	}{{"listed by the account", p.Listed}, {"selected", p.Selected}, {"new here", p.Added}, {"shown again", p.Restored}, {"managed here before", p.Kept}} {
		l.Add(theme.Text, box.Fit(f.name, 24, "")+fmt.Sprintf("%6d", f.n))
	}
	if v.state.Err != nil {
		l.Add(theme.Text, "")
		l.Add(theme.Faint, view.Clean(v.state.Err.Error()))
	}
	l.Add(theme.Text, "")
	l.Add(theme.Faint, "esc  back")
}
