package forms

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/problem"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
	"certty/ui/widget/toast"
)

// Policy is the form in which a stored policy is shown and changed.
type Policy struct {
	s   *view.Session
	ref model.Ref
	// was is the stored policy that the form was filled in from; nil until it
	// is known.
	was     *model.Policy
	form    *form.Form
	parts   *parts
	catalog *catalog
	// moved is the stored policy before somebody else changed it; nil while
	// nobody did.
	moved *model.Policy
	sent  uint64
	w, h  int
}

// NewPolicy opens the policy of the certificate that row shows.
func NewPolicy(s *view.Session, row view.Row) *Policy {
	return &Policy{s: s, ref: row.Item.Ref.Row(), catalog: &catalog{s: s}}
}

// Init has the row and the vault's issuers read.
func (v *Policy) Init() tea.Cmd {
	v.s.Desk.Look(v.ref)
	asked := v.catalog.ask(v.ref.Target)
	v.refresh()
	return asked
}

// SetSize tells the room.
func (v *Policy) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true: keys are text.
func (v *Policy) Capturing() bool { return true }

// Actions is empty: every key is the form's.
func (v *Policy) Actions() []keys.Action { return nil }

// Update fills the form in and follows the call.
func (v *Policy) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.DataChanged:
		v.refresh()
	case view.CatalogRead:
		v.catalog.take(msg)
		if v.form != nil {
			v.catalog.offer(v.form, issuerChoice(v.was.Issuer))
		}
	case input.PasteMsg:
		if v.form != nil && v.sent == 0 {
			v.form.Paste(msg.Text)
		}
	case tea.KeyMsg:
		return v.key(msg)
	case view.OpDone:
		if msg.ID == v.sent && v.sent != 0 {
			return v.done(msg)
		}
	}
	return nil
}

// refresh takes the stored policy. When it is another one than the form was
// filled in from, what the person changed stays and stands against the new one.
func (v *Policy) refresh() {
	row, ok := v.s.Data.Row(v.ref)
	if !ok || row.Item.Policy == nil {
		return
	}
	now := *row.Item.Policy
	if v.form == nil {
		v.fill(now)
		return
	}
	if len(changes(*v.was, now)) == 0 {
		return
	}
	before, after := valuesOf(*v.was), valuesOf(now)
	for id, value := range after {
		if v.form.Value(id) == before[id] {
			v.form.Set(id, value)
		}
	}
	v.moved, v.was = v.was, &now
}

func (v *Policy) fill(was model.Policy) {
	v.was = &was
	v.parts = &parts{}
	fields := policyFields(was, v.catalog, v.parts)
	for i := range fields {
		fields[i].Check = nil // see want
	}
	v.form = form.New(v.s.Theme, "Change", "Back", fields...)
	v.parts.follow(v.form)
	v.form.OnChange(func(id string) {
		v.parts.changed(id)
		protect(v.form, id)
	})
	v.form.CheckWith(func(value form.Values) map[string]string {
		_, wrong := v.want(value)
		return wrong
	})
	v.catalog.offer(v.form, issuerChoice(was.Issuer))
}

// causes are the fields that a problem shown at another one can come from.
var causes = map[string][]string{
	fieldKey:        {fieldKey, fieldProtection},
	fieldExportable: {fieldExportable, fieldProtection},
	fieldWhen:       {fieldWhen, fieldAction, fieldMonths},
	fieldEKUOther:   {fieldEKUOther, fieldEKU},
}

// want is the policy that the form asks for, and what is wrong with it. What is
// stored was taken by the vault: only what was changed is judged.
func (v *Policy) want(value form.Values) (model.Policy, faults) {
	want, wrong := policyOf(value, *v.was)
	wrong.judge(model.CreateSpec{Name: v.ref.Key, Policy: want})
	start := valuesOf(*v.was)
	for id := range wrong {
		from, ok := causes[id]
		if !ok {
			from = []string{id}
		}
		if !slices.ContainsFunc(from, func(id string) bool { return value(id) != start[id] }) {
			delete(wrong, id)
		}
	}
	return want, wrong
}

func (v *Policy) key(msg tea.KeyMsg) tea.Cmd {
	switch {
	case v.sent != 0, v.form == nil:
		// A call that runs goes on; the root tells how it ended.
		if msg.String() == "esc" {
			v.s.Host.Close(v)
		}
		return nil
	}
	switch v.form.Key(msg) {
	case form.Left:
		v.s.Host.Close(v)
	case form.Submitted:
		return v.confirm()
	case form.None:
	}
	return nil
}

func (v *Policy) confirm() tea.Cmd {
	was := *v.was
	want, _ := v.want(v.form.Value)
	differs := difference(was, want)
	if len(differs) == 0 {
		return v.s.Host.Toast(toast.Info, "Nothing differs from the stored policy; nothing was sent")
	}
	lines := append([]string{"vault  " + v.ref.Target + "  " + v.s.Desk.Target(v.ref.Target).Info.Address, ""}, differs...)
	lines = append(lines, "", "It counts from the next version on; what is issued stays as it is. Only the groups of properties that differ are sent, and only while the stored policy is still the one shown.",
		"", "Sends: PATCH /certificates/"+v.ref.Key+"/policy")
	return v.s.Host.Open(ask.New(v.s, confirm.Question{
		Title: "Change the policy of " + v.ref.Key + " (" + v.ref.Target + ")", Lines: lines, Yes: "Change", No: "Back",
	}, func() tea.Cmd {
		id, cmd := v.s.Desk.UpdatePolicy(v.ref, was, want)
		v.sent = id
		return cmd
	}))
}

// done closes the form on success; otherwise the form stays as it was typed,
// and the stored policy is read again.
func (v *Policy) done(msg view.OpDone) tea.Cmd {
	v.sent = 0
	if msg.Err == nil {
		v.s.Host.Close(v)
		return nil
	}
	v.s.Desk.Explained(msg.ID)
	kept := "What you typed is kept."
	if backend.KindOf(msg.Err) == backend.KindConflict {
		v.s.Desk.Look(v.ref)
		kept = "Nothing was sent. What you typed is kept; it will stand against the policy that is stored now."
	}
	return v.s.Host.Open(problem.New(v.s, msg.Err, kept))
}

// View draws the form.
func (v *Policy) View() []string {
	title := "Policy of " + v.ref.Key + " (" + v.ref.Target + ")"
	if v.form == nil {
		return box.Frame(v.s.Theme, title, []string{"Its stored policy is being read.", "", "esc  back"}, min(boxWidth, v.w), v.h)
	}
	moved := v.movedLines()
	lines := frame(v.s, title, v.form, v.sent != 0, "tab next field   ctrl+s change   esc back", v.w, v.h-len(moved))
	return append(moved, lines...)
}

// movedLines say what somebody else changed, and leave the form the larger part
// of the screen.
func (v *Policy) movedLines() []string {
	if v.moved == nil || v.h < 16 {
		return nil
	}
	t, w := v.s.Theme, min(boxWidth, v.w)
	lines := []string{t.Paint(theme.Warn, "Your changes are kept, and stand against what is stored now.")}
	for _, c := range changes(*v.moved, *v.was) {
		lines = append(lines, c.name+": "+c.was+" "+t.Glyphs.Arrow+" "+c.now)
	}
	if room := v.h/3 - 2; len(lines) > room {
		lines = append(lines[:room-1], fmt.Sprintf("and %d more", len(lines)-room+1))
	}
	return box.Frame(t, "Somebody changed it meanwhile", lines, w, v.h)
}
