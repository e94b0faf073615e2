package validation

import (
	"cmp"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
	"certty/ui/widget/confirm"
)

// View is the screen of one order's validation.
type View struct {
	s    *view.Session
	ref  model.Ref
	read *view.ValidationRead
	// at is the domain that is shown in full, top the first line on the screen.
	at, top int
	call    sheet.Call
	w, h    int
}

// New makes the screen for the order of a row.
func New(s *view.Session, ref model.Ref) *View { return &View{s: s, ref: ref.Row()} }

// Init reads what the account tells of the order's validation.
func (v *View) Init() tea.Cmd {
	if v.whyNoRead() != "" {
		return nil
	}
	return v.s.Desk.ReadValidation(v.ref)
}

func (v *View) caps() backend.Capabilities { return v.s.Desk.Target(v.ref.Target).Capabilities }

func (v *View) whyNoRead() string {
	if v.caps().Validation == nil {
		return cmp.Or(v.caps().ValidationWhy, "this target tells no validations")
	}
	return ""
}

// Update takes what was read, and what became of the look again.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.ValidationRead:
		if msg.Ref.Row() == v.ref {
			v.take(msg)
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
	}
	return nil
}

// take keeps what was known where a later read failed, and the domain that is
// shown where its place changed.
func (v *View) take(msg view.ValidationRead) {
	if msg.Err != nil && v.read != nil && v.read.Err == nil {
		msg.Validation = v.read.Validation
	}
	shown := ""
	if d := v.domain(); d != nil {
		shown = d.Domain
	}
	v.read = &msg
	for i := range msg.Validation.Domains {
		if msg.Validation.Domains[i].Domain == shown {
			v.at = i
		}
	}
	v.at = max(0, min(v.at, len(msg.Validation.Domains)-1))
}

// domain is the one that is shown in full; nil where there is none.
func (v *View) domain() *model.DomainValidation {
	if v.read == nil || v.at >= len(v.read.Validation.Domains) {
		return nil
	}
	return &v.read.Validation.Domains[v.at]
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false: there is nothing to type.
func (v *View) Capturing() bool { return false }

// Actions choose a domain, copy what has to be published for it, and have the
// CA look again.
func (v *View) Actions() []keys.Action {
	move := func(def keys.Def, by int) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { v.move(by); return nil }}
	}
	scroll := func(def keys.Def, by int) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { v.top += by; return nil }}
	}
	read := keys.Action{Def: keys.Refresh, Disabled: v.whyNoRead(), Run: v.Init}
	read.Long = "read the order's validation again"
	return []keys.Action{
		v.recheck(),
		v.copying(keys.CopyRecord, "record", model.Proof.Line),
		v.copying(keys.CopyRecordName, "name", func(p model.Proof) string { return p.Name }),
		v.copying(keys.CopyRecordValue, "value", func(p model.Proof) string { return p.Value }),
		read, move(keys.Up, -1), move(keys.Down, 1), scroll(keys.PageUp, 2-v.h), scroll(keys.PageDown, v.h-2),
		{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }},
	}
}

func (v *View) move(by int) {
	if v.read == nil {
		return
	}
	v.at = max(0, min(v.at+by, len(v.read.Validation.Domains)-1))
	v.top = 0
}

func (v *View) copying(def keys.Def, what string, of func(model.Proof) string) keys.Action {
	a := keys.Action{Def: def}
	d := v.domain()
	if d == nil {
		a.Disabled = "what has to be published was not read yet"
		return a
	}
	p, _ := d.Proof()
	text, domain := of(p), d.Domain
	if p.Name == "" || text == "" {
		a.Disabled = "nothing like that has to be published"
	}
	a.Run = func() tea.Cmd { return v.s.Clip.Copy(domain+": "+what, text) }
	return a
}

// recheck asks before the CA is asked: it is a call that changes something.
func (v *View) recheck() keys.Action {
	def := keys.RecheckDomain
	def.Long = "have the CA look at every domain of the order again"
	a := keys.Action{Def: def, Run: func() tea.Cmd {
		ref := v.ref
		return v.s.Host.Open(ask.New(v.s, confirm.Question{
			Title: "Have the CA look again: " + v.s.Data.Name(ref),
			Lines: []string{"The CA looks whether the proofs are there for every domain of the order, now and not at its next turn. Nothing else changes; where one is missing the order waits on."},
			Yes:   "Look again", No: "Back",
		}, func() tea.Cmd { return v.call.Send(v.s.Desk.Recheck(ref)) }))
	}}
	switch {
	case v.caps().Recheck == nil:
		a.Disabled = cmp.Or(v.caps().RecheckWhy, "this target can't do that")
	case v.call.Running():
		a.Disabled = "the CA is being asked already"
	}
	return a
}
