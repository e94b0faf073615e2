package sheet

import (
	"cmp"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/problem"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

// leastForm is how many lines the fields get before what stands above them does,
// as far as they need them.
const leastForm = 7

// Kept is what a card says of a form that a person comes back to.
const Kept = "What you typed is kept."

// Def says what a sheet is for.
type Def struct {
	// View is the view that embeds the sheet: what is closed.
	View view.View
	// Title heads the sheet.
	Title func() string
	// Submit is what ctrl+s does, as a verb: "create".
	Submit string
	// From says whose answer is waited for, "the vault's" where it is "".
	From string
	// Head gives the lines above the fields, at most w cells wide; nil gives
	// none. Where the screen is too small for both they are cut, which is said,
	// and pgup and pgdown show the rest.
	Head func(w int) []string
	// Reading is said while Form is nil.
	Reading string
	// Filled follows once every field is right: [Sheet.Ask], or what stands in
	// the way of that.
	Filled func() tea.Cmd
	// Refused gives the card that explains why the call failed. Where it is nil
	// or gives nil, the error is explained in words, and that everything is kept.
	Refused func(msg view.OpDone) view.View
}

// Sheet is a form on the screen; see the package's comment. Views embed it.
type Sheet struct {
	// Form is what is filled in; nil while what it starts from is being read.
	Form *form.Form

	s         *view.Session
	def       Def
	call      Call
	complaint string
	w, h      int

	// The first line of the head that is drawn, and how many are; as drawn last.
	top, page int
}

// New makes a sheet. Its Form is set by whoever makes it.
func New(s *view.Session, def Def) *Sheet { return &Sheet{s: s, def: def} }

// Init starts nothing.
func (v *Sheet) Init() tea.Cmd { return nil }

// SetSize tells the room.
func (v *Sheet) SetSize(w, h int) { v.w, v.h = w, h }

// Size is the room in cells.
func (v *Sheet) Size() (w, h int) { return v.w, v.h }

// Capturing is true: keys are text.
func (v *Sheet) Capturing() bool { return true }

// Actions is empty: every key is the form's.
func (v *Sheet) Actions() []keys.Action { return nil }

// Running reports whether the call was sent and has no answer.
func (v *Sheet) Running() bool { return v.call.Running() }

// Complain says what is wrong that is no single field's fault, until the next
// key. It returns nil, so that it can end what follows a key.
func (v *Sheet) Complain(text string) tea.Cmd {
	v.complaint = text
	return nil
}

// Update fills the form in and follows the call.
func (v *Sheet) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		_, cmd := v.Key(msg)
		return cmd
	case input.PasteMsg:
		v.paste(msg)
	case view.OpDone:
		if v.call.Ended(msg) {
			return v.ended(msg)
		}
	}
	return nil
}

// Key handles one key, as Update does, and says what it did to the form.
func (v *Sheet) Key(msg tea.KeyMsg) (form.Event, tea.Cmd) {
	if v.Form == nil || v.Running() {
		// A call that runs goes on; the root tells how it ended.
		if msg.String() == "esc" {
			v.s.Host.Close(v.def.View)
		}
		return form.None, nil
	}
	v.complaint = ""
	if !v.Form.Listing() && v.turn(msg.String()) {
		return form.None, nil
	}
	event := v.Form.Key(msg)
	switch event {
	case form.Left:
		v.s.Host.Close(v.def.View)
	case form.Submitted:
		return event, v.def.Filled()
	case form.None, form.Refused:
	}
	return event, nil
}

func (v *Sheet) paste(msg input.PasteMsg) {
	if v.Form == nil || v.Running() {
		return
	}
	if v.complaint = view.Untaken(msg); v.complaint == "" {
		v.Form.Paste(msg.Text)
	}
}

// Ask asks q. On yes it carries out send, which makes a call of the desk, and
// waits for its end.
func (v *Sheet) Ask(q confirm.Question, send func() (uint64, tea.Cmd)) tea.Cmd {
	return v.s.Host.Open(ask.New(v.s, q, func() tea.Cmd { return v.call.Send(send()) }))
}

// ended closes the sheet on success; otherwise it stays as it was typed.
func (v *Sheet) ended(msg view.OpDone) tea.Cmd {
	if msg.Err == nil {
		v.s.Host.Close(v.def.View)
		return nil
	}
	v.s.Desk.Explained(msg.ID)
	if v.def.Refused != nil {
		if card := v.def.Refused(msg); card != nil {
			return v.s.Host.Open(card)
		}
	}
	return v.s.Host.Open(problem.New(v.s, msg.Err, Kept))
}

// View draws the sheet.
func (v *Sheet) View() []string { return v.Lines(v.h) }

// Lines draws the sheet in at most h lines.
func (v *Sheet) Lines(h int) []string {
	w := min(Width, v.w)
	if v.Form == nil {
		return box.Frame(v.s.Theme, v.def.Title(), []string{v.def.Reading, "", "esc  back"}, w, h)
	}
	foot := v.foot(w - 4)
	room := h - 3 - len(foot)
	head := v.head(w-4, room)
	fields, cut := v.Form.Draw(w-4, room-len(head))
	lines := append(append(head, fields...), v.s.Theme.Paint(theme.Faint, cut.String()))
	return box.Frame(v.s.Theme, v.def.Title(), append(lines, foot...), w, h)
}

// foot says what the keys do, what is wrong, or that the call runs.
func (v *Sheet) foot(w int) []string {
	paint := v.s.Theme.Paint
	switch {
	case v.Running():
		return []string{paint(theme.Waits, Waiting(v.def.From))}
	case v.complaint != "":
		lines := box.Wrap(v.complaint, w)
		for i, l := range lines {
			lines[i] = paint(theme.Bad, l)
		}
		return lines
	}
	if v.Form.Listing() {
		return []string{paint(theme.Faint, "enter choose   up down move   esc back to the form")}
	}
	return []string{paint(theme.Faint, "tab next field   ctrl+s "+v.def.Submit+"   esc back")}
}

// Waiting says that a call was sent, and whose answer is waited for, "the
// vault's" where from is "".
func Waiting(from string) string {
	return "Sent; waiting for " + cmp.Or(from, "the vault's") + " answer. esc leaves, the call goes on."
}
