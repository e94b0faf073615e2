package act_test

import (
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view/act"
	"certty/ui/view/viewtest"
)

// TestOrderReasons is the table of what can be done with which order: the
// actions that are enabled, and the reasons of some that are not.
func TestOrderReasons(t *testing.T) {
	issued := func(h backend.Holding) func(*viewtest.Account) *model.Item {
		return func(a *viewtest.Account) *model.Item {
			it := viewtest.OrderItem("17", "pay.example.com", nil)
			a.Held(it, h)
			return it
		}
	}
	open := func(status string) func(*viewtest.Account) *model.Item {
		return func(*viewtest.Account) *model.Item {
			return viewtest.OrderItem("17", "pay.example.com", func(it *model.Item) { viewtest.Uncertified(it, status) })
		}
	}
	unplaced := func(step model.RecordStep) func(*viewtest.Account) *model.Item {
		return func(a *viewtest.Account) *model.Item { return a.Unplaced("certty:00ff:1", "pay.example.com", step) }
	}
	const every = "copy "
	const here = every + "check-status delete-here order-again "
	const live = here + "cancel-order revoke renew replace "
	held := backend.Holding{Record: model.Record{Step: model.StepCollected, KeyHeld: true, ChainSerial: "a93e17"}}
	newer := backend.Holding{Record: model.Record{Step: model.StepCollected, ChainSerial: "0b"}}
	hidden := backend.Holding{Record: model.Record{Step: model.StepCollected, KeyHeld: true, ChainSerial: "a93e17", DeletedAt: viewtest.Noon}}
	for _, tt := range []struct {
		name    string
		item    func(*viewtest.Account) *model.Item
		enabled string
		reasons map[string]string
	}{
		{"issued, at the account only", func(*viewtest.Account) *model.Item { return viewtest.OrderItem("17", "pay.example.com", nil) }, live,
			map[string]string{"collect": "at the account only", "make-keystore": "at the account only", "download": "at the account only", "approve": "the order is Issued", "validation": "the order is Issued",
				"restore": "not deleted here", "merge": "merging is Key Vault's", "purge": "purging is Key Vault's"}},
		{"issued and collected", issued(held), live + "make-keystore download", map[string]string{"collect": "here already"}},
		{"replaced since it was collected", issued(newer), live + "collect download", map[string]string{"make-keystore": "not made here"}},
		{"deleted here", issued(hidden), every + "check-status restore download renew replace order-again", map[string]string{"delete-here": "already", "revoke": "deleted here", "cancel-order": "deleted here"}},
		{"waits for approval", open("Requested"), here + "approve decline validation cancel-order", map[string]string{"revoke": "only an issued certificate can be revoked: the order is Requested", "collect": "only"}},
		{"with the CA", open("Applied"), here + "validation cancel-order", map[string]string{"approve": "does not wait for approval"}},
		{"rejected", open("Rejected"), here, map[string]string{"cancel-order": "nothing left to cancel"}},
		{"a status nobody knows", open("Frozen"), here + "validation", map[string]string{"approve": "the order is Frozen"}},
		{"prepared", unplaced(model.StepPrepared), every + "place-order delete-here", map[string]string{"cancel-order": "D deletes it here", "decide": "no doubt", "check-status": "no id", "find-order": "not missing"}},
		{"sending", unplaced(model.StepSending), every + "find-order", map[string]string{"delete-here": "nobody would look for it", "decide": "looked for by itself", "place-order": "not settled"}},
		{"undecided", unplaced(model.StepUndecided), every + "find-order decide", map[string]string{"delete-here": "not settled"}},
		{"doubled", unplaced(model.StepDoubled), every + "decide", nil},
		{"refused", unplaced(model.StepRefused), every + "delete-here", map[string]string{"place-order": "was refused"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := viewtest.New(t)
			a := s.Account()
			a.Plan = backend.CancelPlan{Way: backend.CancelImpossible, Effect: "there is nothing left to cancel"}
			it := tt.item(a)
			s.Put(it)
			want := map[string]bool{}
			for id := range strings.FieldsSeq(tt.enabled) {
				want[id] = true
			}
			row := s.Row(viewtest.AccountName, it.Ref.Key)
			for _, action := range act.Row(s.Session, row) {
				if action.ID == keys.Account.ID {
					continue // its reasons are the account's
				}
				if enabled := action.Disabled == ""; enabled != want[action.ID] {
					t.Errorf("%s: enabled %t (%q), want %t", action.ID, enabled, action.Disabled, want[action.ID])
				}
				if reason := tt.reasons[action.ID]; !strings.Contains(action.Disabled, reason) {
					t.Errorf("%s: %q, want %q in it", action.ID, action.Disabled, reason)
				}
				if action.Elsewhere && action.Disabled == "" {
					t.Errorf("%s is of rows of another kind, and enabled", action.ID)
				}
			}
		})
	}
}

// A key that both kinds of rows have does what the row is for, and what only
// the other kind has says whose it is.
func TestKeysAreTheRows(t *testing.T) {
	s := viewtest.New(t)
	a := s.Account()
	a.Plan = backend.CancelPlan{Way: backend.CancelRevoke}
	s.Put(viewtest.Item("prod", "shop", nil), viewtest.OrderItem("17", "pay.example.com", nil))
	for _, tt := range []struct{ target, key, pressed, want string }{
		{"prod", "shop", "D", keys.Delete.ID}, {viewtest.AccountName, "17", "D", keys.DeleteHere.ID},
		{"prod", "shop", "x", keys.Cancel.ID}, {viewtest.AccountName, "17", "x", keys.CancelOrder.ID},
		{"prod", "shop", "p", keys.EditPolicy.ID}, {viewtest.AccountName, "17", "p", keys.Replace.ID},
		{"prod", "shop", "X", keys.Revoke.ID}, {viewtest.AccountName, "17", "m", keys.Merge.ID},
	} {
		for _, action := range act.Row(s.Session, s.Row(tt.target, tt.key)) {
			if action.Keys[0] != tt.pressed {
				continue
			}
			if action.ID != tt.want {
				t.Errorf("%s on a row of %s does %s, want %s", tt.pressed, tt.target, action.ID, tt.want)
			}
			break
		}
	}
}

// Every action of an order opens what fits every screen, and none runs without
// a capability.
func TestEveryOrderActionOpens(t *testing.T) {
	s := viewtest.New(t)
	a := s.Account()
	a.Proof = model.OrderValidation{Domains: []model.DomainValidation{{Domain: "example.com", Host: "_x.example.com", Point: "y.sectigo.com", Method: "CNAME"}}}
	requested := viewtest.OrderItem("1", "a.example.com", func(it *model.Item) { viewtest.Uncertified(it, "Requested") })
	issued := viewtest.OrderItem("2", "b.example.com", nil)
	a.Held(issued, backend.Holding{Record: model.Record{Step: model.StepCollected, KeyHeld: true, ChainSerial: "a93e2"}})
	doubt := a.Unplaced("certty:00ff:1", "c.example.com", model.StepUndecided)
	prepared := a.Unplaced("certty:00ff:2", "d.example.com", model.StepPrepared)
	s.Put(requested, issued, doubt, prepared)
	for _, it := range []*model.Item{requested, issued, doubt, prepared} {
		row := s.Row(viewtest.AccountName, it.Ref.Key)
		for _, way := range []backend.CancelWay{backend.CancelDecline, backend.CancelRevoke, backend.CancelDelete, backend.CancelImpossible} {
			a.Plan = backend.CancelPlan{Way: way, Effect: "what it does"}
			for _, action := range act.Row(s.Session, row) {
				if action.Disabled != "" || action.ID == keys.FindOrder.ID || action.ID == keys.CheckStatus.ID {
					continue
				}
				if cmd := action.Run(); cmd == nil && s.Top() == nil {
					t.Errorf("%s opened nothing", action.ID)
					continue
				}
				if s.Top() != nil {
					fits(t, s, action.ID)
					s.Close(s.Top())
				}
			}
		}
	}
	if len(a.Calls) != 0 {
		t.Errorf("opening sent %q", a.Calls)
	}
}
