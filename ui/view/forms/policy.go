package forms

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/effect"
	"certty/model/policytext"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
	"certty/ui/widget/toast"
)

// Policy is the form in which a stored policy is shown and changed.
type Policy struct {
	*sheet.Sheet
	s   *view.Session
	ref model.Ref
	// was is the stored policy that the form was filled in from; nil until it
	// is known.
	was     *model.Policy
	parts   *parts
	catalog *catalog
	// moved is the stored policy before somebody else changed it; nil while
	// nobody did.
	moved *model.Policy
}

// NewPolicy opens the policy of the certificate that row shows.
func NewPolicy(s *view.Session, row view.Row) *Policy {
	v := &Policy{s: s, ref: row.Item.Ref.Row(), catalog: &catalog{s: s}}
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Title: func() string { return "Policy of " + v.ref.Key + " (" + v.ref.Target + ")" }, Submit: "change",
		Reading: "Its stored policy is being read.", Filled: v.filled, Refused: v.refused,
	})
	return v
}

// Init has the row and the vault's issuers read.
func (v *Policy) Init() tea.Cmd {
	v.s.Desk.Look(v.ref)
	asked := v.catalog.ask(v.ref.Target)
	v.refresh()
	return asked
}

// Update fills the form in and follows the call, and what is stored.
func (v *Policy) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.DataChanged:
		v.refresh()
	case view.CatalogRead:
		v.catalog.take(msg)
		if v.Form != nil {
			v.catalog.offer(v.Form, policytext.Issuer(v.was.Issuer))
		}
	default:
		return v.Sheet.Update(msg)
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
	if v.Form == nil {
		v.fill(now)
		return
	}
	if len(changes(*v.was, now)) == 0 {
		return
	}
	before, after := valuesOf(*v.was), valuesOf(now)
	for id, value := range after {
		if v.Form.Value(id) == before[id] {
			v.Form.Set(id, value)
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
	v.Form = form.New(v.s.Theme, "Change", "Back", fields...)
	v.parts.follow(v.Form)
	v.Form.OnChange(func(id string) {
		v.parts.changed(id)
		protect(v.Form, id)
	})
	v.Form.CheckWith(func(value form.Values) map[string]string {
		_, wrong := v.want(value)
		return wrong
	})
	v.catalog.offer(v.Form, policytext.Issuer(was.Issuer))
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

func (v *Policy) filled() tea.Cmd {
	was := *v.was
	want, _ := v.want(v.Form.Value)
	differs := difference(was, want)
	if len(differs) == 0 {
		return v.s.Host.Toast(toast.Info, "Nothing differs from the stored policy; nothing was sent")
	}
	lines := append([]string{"vault  " + v.ref.Target + "  " + v.s.Desk.Target(v.ref.Target).Info.Address, ""}, differs...)
	lines = append(lines, "", effect.Policy,
		"", "Sends: PATCH /certificates/"+v.ref.Key+"/policy")
	return v.Ask(confirm.Question{
		Title: "Change the policy of " + v.ref.Key + " (" + v.ref.Target + ")", Lines: lines, Yes: "Change", No: "Back",
	}, func() (uint64, tea.Cmd) { return v.s.Desk.UpdatePolicy(v.ref, was, want) })
}

// refused has the stored policy read again when it was another one than is
// shown.
func (v *Policy) refused(msg view.OpDone) view.View {
	if backend.KindOf(msg.Err) != backend.KindConflict {
		return nil
	}
	v.s.Desk.Look(v.ref)
	return problem.New(v.s, msg.Err, "Nothing was sent. "+sheet.Kept+" It will stand against the policy that is stored now.")
}

// View draws the form, below what somebody else changed.
func (v *Policy) View() []string {
	moved := v.movedLines()
	_, h := v.Size()
	return append(moved, v.Lines(h-len(moved))...)
}

// movedLines say what somebody else changed, and leave the form the larger part
// of the screen.
func (v *Policy) movedLines() []string {
	w, h := v.Size()
	if v.moved == nil || h < 16 {
		return nil
	}
	t, w := v.s.Theme, min(sheet.Width, w)
	lines := []string{t.Paint(theme.Warn, "Your changes are kept, and stand against what is stored now.")}
	for _, c := range changes(*v.moved, *v.was) {
		lines = append(lines, c.Name+": "+c.Was+" "+t.Glyphs.Arrow+" "+c.Now)
	}
	if room := h/3 - 2; len(lines) > room {
		lines = append(lines[:room-1], fmt.Sprintf("and %d more", len(lines)-room+1))
	}
	return box.Frame(t, "Somebody changed it meanwhile", lines, w, h)
}
