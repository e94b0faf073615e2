package forms

import (
	"cmp"
	"fmt"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
)

// Ways lists what can be done with a row: the ways out when a request in
// progress stands in the way.
type Ways func(view.Row) []keys.Action

// newConflict says that a request stands in the way, and the ways out. done
// says what became of the new request, kept what of the person's work is still
// there; "" when there was none.
func newConflict(s *view.Session, row view.Row, ways Ways, done, kept string) *sheet.Card {
	ref := row.Item.Ref
	return sheet.NewCard(s, func() sheet.Situation {
		row, ok := s.Data.Row(ref)
		if !ok || row.Item.Request == nil {
			return sheet.Situation{Title: ref.Key, Text: "The request is not there any more."}
		}
		r := row.Item.Request
		asked := cmp.Or(view.Age(s.Data.Now, row.Status.Since), "some time")
		return sheet.Situation{
			Title: ref.Key + " already has a request in progress",
			Text: fmt.Sprintf("Asked %s ago, issuer %s, request %s. Key Vault allows one at a time (409). %s",
				asked, issuerName(r), cmp.Or(r.ID, "(the vault tells no id)"), done),
			Ways:  waysOut(r, ways(row)),
			Leave: "leave everything as it is" + kept,
		}
	})
}

// wayOrder is the documented order of the ways out: a manual request is merged
// or deleted; an issuer's is waited for or deleted; cancellation is asked
// first where it applies.
func wayOrder(r *model.Request) []string {
	if r.Manual() {
		return []string{keys.Merge.ID, keys.SaveCSR.ID, keys.Cancel.ID, keys.DeleteRequest.ID}
	}
	return []string{keys.Cancel.ID, keys.DeleteRequest.ID}
}

// waysOut are those of a row's actions that lead out, in the documented order.
func waysOut(r *model.Request, all []keys.Action) []keys.Action {
	var out []keys.Action
	for _, id := range wayOrder(r) {
		for _, a := range all {
			if a.ID == id && a.Disabled == "" {
				out = append(out, a)
			}
		}
	}
	return out
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
// everything else in words. kept is for the words, leave for the way back from
// the conflict.
func refused(s *view.Session, msg view.OpDone, ways Ways, kept, leave string) view.View {
	if row, ok := s.Data.Row(msg.Ref); ok && backend.IsState(msg.Err, backend.StatePending) {
		return newConflict(s, row, ways, "The vault refused the new one; nothing was changed.", leave)
	}
	return problem.New(s, msg.Err, kept)
}

// standing is the row of a name, if a certificate of that name is there and not
// deleted.
func standing(s *view.Session, target, name string) (view.Row, bool) {
	row, ok := s.Data.Row(model.Ref{Target: target, Kind: model.KindCertificate, Key: name})
	return row, ok && row.Item.Deletion == nil
}

// deleted says that a name can't be had because a deleted certificate keeps it.
func deleted(s *view.Session, target, name string) string {
	row, ok := s.Data.Row(model.Ref{Target: target, Kind: model.KindCertificate, Key: name})
	if !ok || row.Item.Deletion == nil || row.Item.Deletion.Purged {
		return ""
	}
	return "a deleted certificate keeps this name: recover it, purge it, or take another name"
}
