package forms

import (
	"cmp"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/problem"
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
	// done says what became of the new request, kept what of the person's work
	// is still there; "" when there was none.
	done, kept string
	w, h       int
}

func newConflict(s *view.Session, row view.Row, ways Ways, done, kept string) *conflict {
	return &conflict{s: s, ref: row.Item.Ref, ways: ways, done: done, kept: kept}
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
		return box.Frame(v.s.Theme, v.ref.Key, []string{"The request is not there any more.", "", "esc  back"}, w, v.h)
	}
	r := row.Item.Request
	asked := cmp.Or(view.Age(v.s.Data.Now, row.Status.Since), "some time")
	lines := box.Wrap(fmt.Sprintf("Asked %s ago, issuer %s, request %s. Key Vault allows one at a time (409). %s",
		asked, issuerName(r), cmp.Or(r.ID, "(the vault tells no id)"), v.done), w-4)
	lines = append(lines, "")
	for _, a := range v.Actions() {
		long := a.Long
		if a.ID == keys.Back.ID {
			long = "leave everything as it is" + v.kept
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

// formKept is what is left of a form when a person turns back to it.
const formKept = "; your form is kept"

// refused explains why a call failed: a request in the way with the ways out,
// everything else in words. kept is for the words, leave for the way back from the
// conflict.
func refused(s *view.Session, msg view.OpDone, ways Ways, kept, leave string) tea.Cmd {
	if row, ok := s.Data.Row(msg.Ref); ok && backend.IsState(msg.Err, backend.StatePending) {
		return s.Host.Open(newConflict(s, row, ways, "The vault refused the new one; nothing was changed.", leave))
	}
	return s.Host.Open(problem.New(s, msg.Err, kept))
}

// deleted says that a name can't be had because a deleted certificate keeps it.
func deleted(s *view.Session, target, name string) string {
	row, ok := s.Data.Row(model.Ref{Target: target, Kind: model.KindCertificate, Key: name})
	if !ok || row.Item.Deletion == nil || row.Item.Deletion.Purged {
		return ""
	}
	return "a deleted certificate keeps this name: recover it, purge it, or take another name"
}
