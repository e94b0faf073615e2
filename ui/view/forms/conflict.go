package forms

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// Ways lists what can be done with a row: the ways out when a request in
// progress stands in the way.
type Ways func(view.Row) []keys.Action

// conflict says that a request stands in the way, and the ways out.
type conflict struct {
	s    *view.Session
	ref  model.Ref
	ways Ways
	// done says what became of the new request.
	done string
	w, h int
}

func newConflict(s *view.Session, row view.Row, ways Ways, done string) *conflict {
	return &conflict{s: s, ref: row.Item.Ref, ways: ways, done: done}
}

func (v *conflict) Init() tea.Cmd          { return nil }
func (v *conflict) Update(tea.Msg) tea.Cmd { return nil }
func (v *conflict) SetSize(w, h int)       { v.w, v.h = w, h }
func (v *conflict) Capturing() bool        { return false }

// wayOrder is the documented order of the ways out: a manual request is merged
// or deleted; an issuer's is waited for or deleted; cancellation is asked
// first where it applies.
func wayOrder(r *model.Request) []string {
	if r.Manual() {
		return []string{keys.Merge.ID, keys.SaveCSR.ID, keys.Cancel.ID, keys.DeleteRequest.ID}
	}
	return []string{keys.Cancel.ID, keys.DeleteRequest.ID}
}

// Actions are the ways out.
func (v *conflict) Actions() []keys.Action {
	leave := keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }}
	row, ok := v.s.Data.Row(v.ref)
	if !ok || row.Item.Request == nil {
		return []keys.Action{leave}
	}
	var actions []keys.Action
	all := v.ways(row)
	for _, id := range wayOrder(row.Item.Request) {
		for _, a := range all {
			if a.ID == id && a.Disabled == "" {
				run := a.Run
				a.Run = func() tea.Cmd { v.s.Host.Close(v); return run() }
				actions = append(actions, a)
			}
		}
	}
	return append(actions, leave)
}

// View draws the conflict.
func (v *conflict) View() []string {
	w := min(boxWidth, v.w)
	row, ok := v.s.Data.Row(v.ref)
	if !ok || row.Item.Request == nil {
		return box.Frame(v.s.Theme, v.ref.Key, []string{"The request is not there any more.", "", "esc  back to the form"}, w, v.h)
	}
	r := row.Item.Request
	lines := box.Wrap(fmt.Sprintf("Asked %s ago, issuer %s, request %s. Key Vault allows one at a time (409). %s",
		view.Age(v.s.Data.Now, row.Status.Since), issuerName(r), r.ID, v.done), w-4)
	lines = append(lines, "")
	for _, a := range v.Actions() {
		long := a.Long
		if a.ID == keys.Back.ID {
			long = "leave everything as it is; your form is kept"
		}
		lines = append(lines, "  "+v.s.Theme.Paint(theme.Key, box.Fit(a.Label(), 5, ""))+long)
	}
	return box.Frame(v.s.Theme, v.ref.Key+" already has a request in progress", lines, w, v.h)
}

func issuerName(r *model.Request) string {
	if r.Manual() {
		return "Unknown (manual)"
	}
	return r.Issuer.Name
}
