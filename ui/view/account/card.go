package account

import (
	"cmp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
)

// card shows one entry in full.
type card struct {
	s    *view.Session
	of   *View
	part part
	// entry is as it was last listed.
	entry *entry
	// read is how the domain's validation stands; nil until that was read.
	read *view.DomainRead
	call sheet.Call
	top  int
	w, h int
}

func newCard(of *View, p part, e *entry) *card { return &card{s: of.s, of: of, part: p, entry: e} }

// Init reads how a domain stands.
func (v *card) Init() tea.Cmd {
	if v.whyNoRecord() != "" {
		return nil
	}
	v.read = nil
	return v.s.Desk.ReadDomain(v.of.target, v.entry.domain.Name)
}

// whyNoRecord is why the validation of the entry can't be read.
func (v *card) whyNoRecord() string {
	caps := v.s.Desk.Target(v.of.target).Capabilities
	switch {
	case v.entry.domain == nil:
		return "it is no domain"
	case caps.Validation == nil:
		return cmp.Or(caps.ValidationWhy, "this target tells no validations")
	}
	return ""
}

// Update takes what was read, and what became of the look again.
func (v *card) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.DomainRead:
		if v.entry.domain != nil && msg.Target == v.of.target && msg.Validation.Domain == v.entry.domain.Name {
			v.read = &msg
		}
	case view.OpDone:
		if !v.call.Ended(msg) {
			return nil
		}
		if msg.Err != nil {
			v.s.Desk.Explained(msg.ID)
			return tea.Batch(v.s.Host.Open(problem.New(v.s, msg.Err, "")), v.Init())
		}
		return v.Init()
	case view.AccountRead, view.DataChanged:
		// The list below was made anew before: it is asked first.
		if e := v.of.entry(v.part, v.entry.key); e != nil {
			v.entry = e
		}
	}
	return nil
}

// SetSize tells the room.
func (v *card) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false.
func (v *card) Capturing() bool { return false }

// Actions scroll and leave; a domain's record can be copied, read again, and
// looked at by the CA again.
func (v *card) Actions() []keys.Action {
	var actions []keys.Action
	if v.entry.domain != nil {
		read := keys.Action{Def: keys.Refresh, Disabled: v.whyNoRecord(), Run: v.Init}
		read.Long = "read how its validation stands again"
		actions = append(actions, v.recheck(),
			v.copying(keys.CopyRecord, "record", model.Proof.Line),
			v.copying(keys.CopyRecordName, "name", func(p model.Proof) string { return p.Name }),
			v.copying(keys.CopyRecordValue, "value", func(p model.Proof) string { return p.Value }), read)
	}
	actions = append(actions, view.Scrolling(&v.top, v.h)...)
	return append(actions, keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }})
}

func (v *card) copying(def keys.Def, what string, of func(model.Proof) string) keys.Action {
	p, ok := v.proof()
	text := of(p)
	a := keys.Action{Def: def, Run: func() tea.Cmd { return v.s.Clip.Copy(v.entry.name+": "+what, text) }}
	switch {
	case v.read == nil:
		a.Disabled = "what has to be published was not read yet"
	case !ok || text == "":
		a.Disabled = "nothing has to be published"
	}
	return a
}

// recheck asks before the CA is asked: it is a call that changes something.
func (v *card) recheck() keys.Action {
	caps := v.s.Desk.Target(v.of.target).Capabilities
	a := keys.Action{Def: keys.RecheckDomain, Run: func() tea.Cmd {
		target, name := v.of.target, v.entry.domain.Name
		return v.s.Host.Open(ask.New(v.s, confirm.Question{
			Title: "Have the CA look at " + name + " again",
			Lines: []string{"The CA looks whether the record is published, now and not at its next turn. Nothing else changes; where the record is missing the domain stays as it is."},
			Yes:   "Look again", No: "Back",
		}, func() tea.Cmd { return v.call.Send(v.s.Desk.RecheckDomain(target, name)) }))
	}}
	switch {
	case caps.Recheck == nil:
		a.Disabled = cmp.Or(caps.RecheckWhy, "this target can't do that")
	case v.call.Running():
		a.Disabled = "the CA is being asked already"
	case !v.entry.domain.GoneSince.IsZero():
		a.Disabled = "the account does not list the domain any more"
	}
	return a
}

// proof is what has to be published for the domain; ok is false when nothing is
// known to be. What was sent to a mailbox is not published.
func (v *card) proof() (p model.Proof, ok bool) {
	if v.read == nil || v.read.Err != nil {
		return model.Proof{}, false
	}
	p, ok = v.read.Validation.Proof()
	return p, ok && p.Value != ""
}

// View draws the card.
func (v *card) View() []string {
	w := min(sheet.Width, v.w)
	l := &view.Page{Theme: v.s.Theme, Width: w - 4}
	l.Add(v.entry.role, v.entry.glyph+" "+v.entry.state)
	for _, s := range v.entry.said {
		l.Add(theme.Text, s)
	}
	if v.entry.domain != nil {
		l.Add(theme.Text, "")
		v.validation(l)
	}
	v.top = max(0, min(v.top, len(l.Lines)-(v.h-2)))
	return box.Frame(v.s.Theme, partTitle[v.part]+" "+strings.TrimSpace(v.entry.name)+" ("+v.of.target+")", l.Lines[v.top:], w, v.h)
}

var partTitle = [parts]string{"Organization", "Domain", "Profile", "Field"}

// validation says how the domain's validation stands with the CA, and what has
// to be published.
func (v *card) validation(l *view.Page) {
	l.Add(theme.Title, "TO PUBLISH")
	switch {
	case v.whyNoRecord() != "":
		l.Add(theme.Text, "Not known: "+v.whyNoRecord()+".")
		return
	case v.read == nil:
		l.Add(theme.Waits, "Asking the account.")
		return
	case v.read.Err != nil:
		l.AddUnread(v.read.Err)
		return
	}
	d := &v.read.Validation
	v.toPublish(l, d)
	l.Add(theme.Text, "")
	status := d.Status
	if d.OrderStatus != "" {
		status += ", order " + d.OrderStatus
	}
	l.Add(theme.Faint, "The CA's status: "+cmp.Or(status, "not told")+". Last look: "+moment(d.LastCheck)+". Next look: "+moment(d.NextCheck)+".")
	if v.call.Running() {
		l.Add(theme.Waits, "The CA is asked to look again.")
	}
}

func (v *card) toPublish(l *view.Page, d *model.DomainValidation) {
	proof, ok := d.Proof()
	switch {
	case ok && proof.Kind != "":
		l.Add(theme.Text, "A DNS record of the type "+proof.Kind+":")
		l.Add(theme.Strong, "  name   "+proof.Name)
		l.Add(theme.Strong, "  value  "+proof.Value)
		l.Add(theme.Text, "Whoever runs the DNS of the domain publishes it; the CA looks for it by itself, or at once with c.")
	case ok && proof.Value != "":
		l.Add(theme.Text, "A file on the web server, at this address with this content:")
		l.Add(theme.Strong, "  "+proof.Name)
		for line := range strings.SplitSeq(proof.Value, "\n") {
			l.Add(theme.Strong, "  "+line)
		}
	case d.Email != "":
		l.Add(theme.Text, "Nothing: the CA wrote to "+d.Email+". Whoever reads that mailbox follows the link.")
	case d.Valid:
		l.Add(theme.Text, "Nothing: the domain is validated.")
	default:
		l.Add(theme.Text, "Not known: nobody started the validation. An administrator of the account starts it in SCM under Domains, by choosing the method.")
	}
}
