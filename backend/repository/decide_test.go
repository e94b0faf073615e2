package repository_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// doubled has an order of ours placed without an answer, and one of somebody else's
// under the same reference. It gives the record and the ids of the two.
func (c *console) doubled(profile int) (record model.Record, right, wrong string) {
	t, w := c.w.t, c.w
	t.Helper()
	record, err := c.Prepare(t.Context(), wish("shop.example.com", profile))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.server.Inject(fault.Fault{Kind: fault.ResetAfter, Operation: "Enroll", Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Place(t.Context(), record.Key); backend.KindOf(err) != backend.KindUncertain {
		t.Fatalf("a lost answer gave %v", err)
	}
	orders, err := w.server.Orders()
	if err != nil || len(orders) != 1 {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	status := scmserver.StatusIssued
	if profile == approval {
		status = scmserver.StatusRequested
	}
	other, err := w.server.Add(scmserver.Entry{CommonName: "shop.example.com", Organization: organization, Profile: profile, Term: 199,
		Comments: record.Reference, Requested: noon, Status: status})
	if err != nil {
		t.Fatal(err)
	}
	w.advance(time.Minute)
	if record, err = c.Settle(t.Context(), record.Key); err != nil || record.Step != model.StepDoubled {
		t.Fatalf("%+v, %v", record, err)
	}
	return record, fmt.Sprint(orders[0].ID), fmt.Sprint(other)
}

// opened fails the test unless the key that was made here makes the keystore of an
// order.
func (c *console) opened(id string) {
	c.w.t.Helper()
	if _, err := c.Keystore(c.w.t.Context(), id, keystore.PKCS12, []byte(password)); err != nil {
		c.w.t.Errorf("the key of order %s: %v", id, err)
	}
}

// Where the certificates are there the keys are compared: the wrong order is refused
// and nothing changes, the right one is known to be it.
func TestDecideComparesKeys(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	record, right, wrong := c.doubled(quick)
	w.advance(time.Minute)
	_, err := c.Decide(t.Context(), record.Key, repository.Decision{OrderID: wrong})
	if backend.KindOf(err) != backend.KindConflict || !strings.Contains(err.Error(), "another key") || backend.AdviceFor(err).Who != model.ActorYou {
		t.Errorf("the wrong one: %v", err)
	}
	if r := c.record(record.Key); r.Step != model.StepDoubled || !r.KeyHeld {
		t.Fatalf("after a refusal: %+v", r)
	}
	// Whether it fits is no guess: where it can't be asked, nothing is decided.
	if err := w.server.Inject(fault.Fault{Kind: fault.Refuse, Operation: "Collect", Times: 9}); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Decide(t.Context(), record.Key, repository.Decision{OrderID: right}); err == nil || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("without an answer: %+v, %v", got, err)
	}
	w.server.ClearFaults()
	got, err := c.Decide(t.Context(), record.Key, repository.Decision{OrderID: right})
	if err != nil || got.Key != right || got.Decided {
		t.Fatalf("the right one: %+v, %v", got, err)
	}
	asked := w.server.Calls()
	if _, err := c.Decide(t.Context(), right, repository.Decision{OrderID: wrong, OtherKey: true}); err == nil {
		t.Error("what is proved was taken back")
	}
	if now := w.server.Calls(); !maps.Equal(now, asked) {
		t.Errorf("the account was asked about what may not be decided on: %v, then %v", asked, now)
	}
	c.follow(c.Follower())
	c.opened(right)
}

// Before a certificate is there nobody can compare. The word that was given can be
// taken back then, also after the certificate turned out to be another's, and the
// key goes along; none is lost on the way, wherever a program ends.
func TestDecideTakenBack(t *testing.T) {
	for _, when := range []string{"before it was issued", "once it is held back", "imported meanwhile"} {
		t.Run(when, func(t *testing.T) {
			w := newWorld(t, scmserver.Settings{})
			c := w.start(0)
			record, right, wrong := c.doubled(approval)
			got, err := c.Decide(t.Context(), record.Key, repository.Decision{OrderID: wrong})
			if err != nil || got.Key != wrong || !got.Decided || !got.KeyHeld {
				t.Fatalf("decided: %+v, %v", got, err)
			}
			if _, err := c.Decide(t.Context(), wrong, repository.Decision{OrderID: wrong}); err == nil {
				t.Error("decided for the order that it is")
			}
			if when == "imported meanwhile" {
				if _, err := c.Import(t.Context(), repository.Selection{}, func(repository.Progress) {}); err != nil {
					t.Fatal(err)
				}
			}
			f := c.Follower()
			if when != "before it was issued" {
				for _, id := range []string{right, wrong} {
					var n int
					if _, err := fmt.Sscan(id, &n); err != nil {
						t.Fatal(err)
					}
					if err := w.server.Approve(n, "boss"); err != nil {
						t.Fatal(err)
					}
				}
				w.advance(time.Minute)
				c.follow(f)
				r := c.record(wrong)
				if r.Files != model.FilesWithheld || !r.Decided || !strings.Contains(r.Trouble, "decide names another one") {
					t.Fatalf("with another's certificate: %+v", r)
				}
			}
			got, err = c.Decide(t.Context(), wrong, repository.Decision{OrderID: right})
			if err != nil || got.Key != right || got.Step != model.StepPlaced || !got.KeyHeld || got.Reference != record.Reference || got.Decided != (when == "before it was issued") {
				t.Fatalf("taken back: %+v, %v", got, err)
			}
			left := c.record(wrong)
			if left.KeyHeld || !left.Imported || left.Reference != "" || left.Decided || left.Files != model.FilesNone || left.Trouble != "" {
				t.Errorf("the order that was named first: %+v", left)
			}
			if when == "before it was issued" {
				return
			}
			w.advance(time.Minute)
			c.follow(f)
			c.opened(right)
			if r := c.record(wrong); r.Files == model.FilesWithheld {
				t.Errorf("it is held back still: %+v", r)
			}
		})
	}
}

// undecidedRenewal has a renewal placed without an answer, and two orders that may be
// it. It gives the record and the ids of the two.
func (c *console) undecidedRenewal() (record model.Record, right, wrong string) {
	t, w := c.w.t, c.w
	t.Helper()
	old := c.place(wish("shop.example.com", quick))
	w.advance(time.Minute)
	c.follow(c.Follower())
	if err := w.server.Inject(fault.Fault{Kind: fault.ResetBefore, Operation: "RenewByID", Times: 1}); err != nil {
		t.Fatal(err)
	}
	record, err := c.Renew(t.Context(), old.Key, repository.Successor{Key: wish("", 0).Key, Password: []byte(password), CommonName: "shop.example.com"})
	if backend.KindOf(err) != backend.KindUncertain || record.Renews != old.Key || record.Reference != "" {
		t.Fatalf("a lost answer gave %+v, %v", record, err)
	}
	var ids []string
	for range 2 {
		id, err := w.server.Add(scmserver.Entry{CommonName: "shop.example.com", Organization: organization, Profile: approval, Term: 199,
			Requested: noon, Status: scmserver.StatusRequested})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, fmt.Sprint(id))
	}
	return record, ids[0], ids[1]
}

// A program that ends while the key is handed over leaves it with one of the orders
// or with both, and the same word a second time ends it; for a renewal, too, which
// has no reference.
func TestHandOverCutShort(t *testing.T) {
	for what, lost := range map[string]func(*console) (record model.Record, right, wrong string){
		"order":   func(c *console) (record model.Record, right, wrong string) { return c.doubled(approval) },
		"renewal": (*console).undecidedRenewal,
	} {
		for kill := 1; kill <= 4; kill++ {
			w := newWorld(t, scmserver.Settings{})
			c := w.start(0)
			record, right, wrong := lost(c)
			if got, err := c.Decide(t.Context(), record.Key, repository.Decision{OrderID: wrong}); err != nil || !got.Decided {
				t.Fatalf("%s: %+v, %v", what, got, err)
			}
			dying := w.start(kill)
			if got, err := dying.Decide(t.Context(), wrong, repository.Decision{OrderID: right}); err == nil {
				t.Errorf("%s, killed at step %d: %+v", what, kill, got)
			}
			if c.record(wrong).Decided {
				if got, err := c.Decide(t.Context(), wrong, repository.Decision{OrderID: right}); err != nil {
					t.Errorf("%s, killed at step %d, then again: %+v, %v", what, kill, got, err)
				}
			}
			is, was := c.record(right), c.record(wrong)
			if !is.KeyHeld || is.Reference != record.Reference || is.Renews != record.Renews || was.KeyHeld || was.Reference != "" || was.Renews != "" {
				t.Errorf("%s, killed at step %d: %+v and %+v", what, kill, is, was)
			}
		}
	}
}

// An order that was replaced elsewhere has another key, and is the record's all the
// same where a person says so.
func TestDecideForAnotherKey(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	record, _, wrong := c.doubled(quick)
	w.advance(time.Minute)
	got, err := c.Decide(t.Context(), record.Key, repository.Decision{OrderID: wrong, OtherKey: true})
	if err != nil || got.Key != wrong || !got.Decided {
		t.Fatalf("%+v, %v", got, err)
	}
	c.follow(c.Follower())
	r := c.record(wrong)
	if r.Files != model.FilesWithheld {
		t.Fatalf("collected as %+v", r)
	}
	if got, err := c.Vouch(t.Context(), wrong, r.ChainSerial); err != nil || got.Decided {
		t.Errorf("vouched: %+v, %v", got, err)
	}
}
