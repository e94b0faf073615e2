package forms

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
)

// Ways lists what can be done with a row: the ways out when a request in
// progress stands in the way.
type Ways func(view.Row) []keys.Action

// conflict explains that a request in progress stands in the way: Key Vault
// allows one at a time.
type conflict struct {
	s    *view.Session
	ways Ways
	// then goes on once the request has ended.
	then func() tea.Cmd
	// kept says what of the person's work is still there; "" when there was none.
	kept string
}

// formKept is what is left of a form when a person turns back to it.
const formKept = "; your form is kept"

// before is the card when a row's request is known before anything is sent.
func (c conflict) before(row view.Row) *sheet.Card {
	return c.card(row.Item.Ref, "Nothing was sent.", nil)
}

// refused explains why a call failed: a request in the way with the ways out,
// everything else in words. kept is for the words.
func (c conflict) refused(msg view.OpDone, kept string) view.View {
	if !backend.IsState(msg.Err, backend.StatePending) {
		return problem.New(c.s, msg.Err, kept)
	}
	var old time.Time
	if row, ok := c.s.Data.Row(msg.Ref); ok {
		old = row.Item.RequestReadAt
	}
	done := "The vault refused the new one; nothing was changed."
	if e, ok := errors.AsType[*backend.Error](msg.Err); ok && e.Status == 0 {
		done = "Nothing was sent." // it was found by reading, just before
	}
	return c.card(msg.Ref.Row(), done, &old)
}

// card says what stands in the way of a row. done says what became of the new
// request. Where the vault refused, what was read at old is older than its
// answer; old is nil where nothing was sent.
func (c conflict) card(ref model.Ref, done string, old *time.Time) *sheet.Card {
	return sheet.NewCard(c.s, func() sheet.Situation {
		now := sheet.Situation{Title: ref.Key + " already has a request in progress", Leave: "leave everything as it is" + c.kept, Then: c.then}
		row, ok := c.s.Data.Row(ref)
		switch {
		case ok && row.Item.Request.Open():
			r := row.Item.Request
			asked := cmp.Or(timetext.Age(c.s.Data.Now, row.Status.Since), "some time")
			now.Text = fmt.Sprintf("Asked %s ago, issuer %s, request %s. Key Vault allows one at a time (409). %s",
				asked, issuerName(r), cmp.Or(r.ID, "(the vault tells no id)"), done)
			now.Ways = waysOut(r, c.ways(row))
		case old != nil && (!ok || row.Item.RequestReadAt.Equal(*old)):
			now.Text = "Another client asked for it just now: Key Vault allows one at a time (409). " + done + " That request is being read."
		default:
			goOn := keys.Send
			goOn.Long = "go on"
			now.Title, now.Text, now.Over = ref.Key, "No request is in progress there any more.", true
			now.Ways = []keys.Action{{Def: goOn, Run: c.then}}
		}
		return now
	})
}

// way is a way out, and what it does in this place.
type way struct{ id, does string }

// wayOrder is the documented order of the ways out: a manual request is merged
// or deleted, an issuer's is waited for or deleted; cancellation is asked for
// first where it applies (Azure Key Vault, "Monitor and manage certificate
// creation").
func wayOrder(r *model.Request) []way {
	cancel := way{keys.Cancel.ID, "ask for its cancellation; the vault may take a while to answer"}
	if r.Manual() {
		return []way{
			cancel,
			{keys.Merge.ID, "merge the signed certificate into it"},
			{keys.SaveCSR.ID, "save its CSR again"},
			{keys.DeleteRequest.ID, "delete the request, then go on (its CSR becomes worthless)"},
		}
	}
	return []way{
		cancel,
		{keys.Wait.ID, "wait until it is completed, cancelled or failed, then go on"},
		{keys.DeleteRequest.ID, "delete the request, then go on (the order at the issuer may go on, too)"},
	}
}

// waysOut are those of a row's actions that lead out, in the documented order.
func waysOut(r *model.Request, all []keys.Action) []keys.Action {
	var out []keys.Action
	all = append(all, keys.Action{Def: keys.Wait})
	for _, w := range wayOrder(r) {
		for _, a := range all {
			if a.ID == w.id && a.Disabled == "" {
				a.Long = w.does
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
