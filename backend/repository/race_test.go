package repository_test

import (
	"context"
	"errors"
	"fmt"
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

// interloper is a shelf at which something else happens right before a write:
// what another console does in that moment.
type interloper struct {
	backend.Shelf
	before map[string]func()
}

func (i *interloper) come(op string) {
	if f := i.before[op]; f != nil {
		delete(i.before, op)
		f()
	}
}

func (i *interloper) AddUnless(ctx context.Context, h backend.Holding, check func([]model.Record) error) error {
	i.come("add")
	return i.Shelf.AddUnless(ctx, h, check)
}

func (i *interloper) Drop(ctx context.Context, target, key string, check func(*backend.Holding) error) error {
	i.come("drop")
	return i.Shelf.Drop(ctx, target, key, check)
}

func (i *interloper) Join(ctx context.Context, target, key, to string, join func(h, there *backend.Holding) error) error {
	i.come("join")
	return i.Shelf.Join(ctx, target, key, to, join)
}

// interrupted starts a console at whose shelf other things happen.
func (w *world) interrupted() (*console, *interloper) {
	i := &interloper{before: map[string]func(){}}
	return w.start(0, func(o *repository.Options) { i.Shelf = o.Shelf; o.Shelf = i }), i
}

func successor() repository.Successor {
	return repository.Successor{
		Key: keystore.KeyKind{Algorithm: "EC", Size: "P-256"}, Password: []byte(password), Keystore: keystore.PKCS12,
		CommonName: "shop.example.com", Reason: "a new key",
	}
}

// renewals counts the orders at the account that renewed an order, by its id.
func (w *world) renewals() map[int]int {
	w.t.Helper()
	orders, err := w.server.Orders()
	if err != nil {
		w.t.Fatal(err)
	}
	n := map[int]int{}
	for _, o := range orders {
		if o.RenewalOf != 0 {
			n[o.RenewalOf]++
		}
	}
	return n
}

// What a console looked at before it writes is old by then: another one renews,
// from the first look to the last, in between.
func TestRenewedByAnotherConsoleMeanwhile(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c, shelf := w.interrupted()
	other := w.start(0)
	record := c.place(wish("shop.example.com", quick))
	w.advance(time.Minute)
	c.follow(c.Follower())
	var won model.Record
	shelf.before["add"] = func() {
		var err error
		if won, err = other.Renew(t.Context(), record.Key, successor()); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.Renew(t.Context(), record.Key, successor())
	held, ok := errors.AsType[*repository.HeldError](err)
	if !ok || held.Record.Key != won.Key {
		t.Errorf("the second renewal gave %v, want that %s is here", err, won.Key)
	}
	for of, n := range w.renewals() {
		if n > 1 {
			t.Errorf("order %d was renewed %d times", of, n)
		}
	}
}

// The same CSR, pasted at two consoles at once, is ordered for once, however far
// the first one is.
func TestPreparedByAnotherConsoleMeanwhile(t *testing.T) {
	w := newWorld(t, scmserver.Settings{ListingDelay: time.Hour, ReportDelay: time.Hour})
	c, shelf := w.interrupted()
	other := w.start(0)
	brought := wish("shop.example.com", quick)
	brought.Spec.CSR = csrOf(t)
	shelf.before["add"] = func() { other.place(brought) }
	record, err := c.Prepare(t.Context(), brought)
	if _, ok := errors.AsType[*repository.HeldError](err); !ok {
		t.Errorf("prepared as %+v, %v", record, err)
		if _, err := c.Place(t.Context(), record.Key); err != nil {
			t.Log(err)
		}
	}
	for comments, n := range w.server.Enrolled() {
		if n > 1 {
			t.Errorf("%d orders with %q", n, comments)
		}
	}
}

// A person deletes a prepared order while another console places it. The order
// exists, and its key stays.
func TestRemovedWhileItIsPlaced(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c, shelf := w.interrupted()
	other := w.start(0)
	record, err := c.Prepare(t.Context(), wish("shop.example.com", quick))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.server.Inject(fault.Fault{Kind: fault.ResetAfter, Operation: "Enroll", Times: 1}); err != nil {
		t.Fatal(err)
	}
	shelf.before["drop"] = func() {
		if _, err := other.Place(t.Context(), record.Key); backend.KindOf(err) != backend.KindUncertain {
			t.Fatalf("a lost answer gave %v", err)
		}
	}
	if err := c.Remove(t.Context(), record.Key, "", true); err == nil {
		t.Error("an order on its way was forgotten")
	}
	if h, err := c.store.Holding(t.Context(), "sectigo", record.Key); err != nil || len(h.Keys) != 1 {
		t.Errorf("its key is gone: %+v, %v", h, err)
	}
}

// An answer that comes late counts, whatever was thought meanwhile: that it was
// never placed, or that it was found, or that it can be forgotten.
func TestAnsweredLate(t *testing.T) {
	for name, meanwhile := range map[string]func(*world, *console, string) error{
		"found by another console": func(w *world, c *console, key string) error {
			_, err := c.Settle(w.t.Context(), key)
			return err
		},
		"given up by a person": func(w *world, c *console, key string) error {
			return giveUp(w, c, key)
		},
		"given up and deleted": func(w *world, c *console, key string) error {
			return errors.Join(giveUp(w, c, key), c.Remove(w.t.Context(), key, "", true))
		},
		"imported": func(w *world, c *console, _ string) error {
			_, err := c.Import(w.t.Context(), repository.Selection{}, func(repository.Progress) {})
			return err
		},
		"imported, and replaced with a key of its own": func(w *world, c *console, _ string) error {
			_, err := c.Import(w.t.Context(), repository.Selection{}, func(repository.Progress) {})
			orders, _ := w.server.Orders()
			w.advance(time.Minute)
			known, checked := c.Check(w.t.Context())
			ref := model.Ref{Target: "sectigo", Kind: model.KindCertificate, Key: fmt.Sprint(orders[0].ID)}
			ref.Revision = known.Get(ref.Key).Certificate.Serial
			_, replaced := c.Replace(w.t.Context(), ref, successor())
			return errors.Join(err, checked, replaced)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, scmserver.Settings{})
			if strings.HasPrefix(name, "given up") {
				w.server.SetSettings(scmserver.Settings{Strict: true, ListingDelay: 48 * time.Hour, ReportDelay: 48 * time.Hour})
			}
			c, shelf := w.interrupted()
			other := w.start(0)
			record, err := c.Prepare(t.Context(), wish("shop.example.com", quick))
			if err != nil {
				t.Fatal(err)
			}
			before, err := c.store.Holding(t.Context(), "sectigo", record.Key)
			if err != nil {
				t.Fatal(err)
			}
			// The account has answered, and the answer is not written down yet.
			shelf.before["join"] = func() {
				if err := meanwhile(w, other, record.Key); err != nil {
					t.Fatal(err)
				}
			}
			got, err := c.Place(t.Context(), record.Key)
			if err != nil || got.Step != model.StepPlaced || got.Reference != record.Reference {
				t.Fatalf("placed as %+v, %v", got, err)
			}
			h, err := c.store.Holding(t.Context(), "sectigo", got.Key)
			if err != nil {
				t.Fatal(err)
			}
			if key, ok := h.Key(before.Keys[0].PublicKey); name != "given up and deleted" && (!ok || len(key.Locked) == 0) {
				t.Error("its key is lost")
			}
			if strings.Contains(name, "replaced") && len(h.Keys) != 2 {
				t.Errorf("%d keys are held, want that of the order and that of the replacement", len(h.Keys))
			}
			records, err := c.store.Records(t.Context(), "sectigo")
			if err != nil || len(records) != 1 {
				t.Errorf("%d records of one order: %+v, %v", len(records), records, err)
			}
		})
	}
}

// giveUp has a person say too early that an order was never placed.
func giveUp(w *world, c *console, key string) error {
	w.advance(repository.Patience)
	_, err := c.Settle(w.t.Context(), key)
	if err == nil {
		_, err = c.Decide(w.t.Context(), key, repository.Decision{})
	}
	return err
}

// What a person said was never placed, and shows later, is not ordered again.
func TestGivenUpTooEarly(t *testing.T) {
	lag := 2 * time.Hour
	w := newWorld(t, scmserver.Settings{ListingDelay: lag, ReportDelay: lag})
	c := w.start(0)
	brought := wish("shop.example.com", quick)
	brought.Spec.CSR = csrOf(t)
	lost, err := c.Prepare(t.Context(), brought)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.server.Inject(fault.Fault{Kind: fault.ResetAfter, Operation: "Enroll", Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Place(t.Context(), lost.Key); backend.KindOf(err) != backend.KindUncertain {
		t.Fatal(err)
	}
	if err := giveUp(w, c, lost.Key); err != nil {
		t.Fatal(err)
	}
	// Its reference is used up, also when nobody wants to see it any more.
	if err := c.Remove(t.Context(), lost.Key, "", true); err != nil {
		t.Fatal(err)
	}
	again, err := c.Prepare(t.Context(), brought)
	if err != nil || again.Attempt != 2 {
		t.Fatalf("again: %+v, %v", again, err)
	}
	w.advance(lag)
	_, err = c.Place(t.Context(), again.Key)
	held, ok := errors.AsType[*repository.HeldError](err)
	if !ok || held.Record.Step != model.StepPlaced || held.Record.Reference != lost.Reference {
		t.Errorf("ordered again: %v", err)
	}
	if n := len(w.server.Enrolled()); n != 1 {
		t.Errorf("%d orders", n)
	}
}

// TestPreparedUnless: what speaks against an order when it is written down is the
// answer, and nothing is kept or sent.
func TestPreparedUnless(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	first := w.start(0)
	if _, err := first.Prepare(t.Context(), wish("shop.example.com", quick)); err != nil {
		t.Fatal(err)
	}
	doubled := errors.New("another program ordered it")
	second := wish("shop.example.com", quick)
	second.Unless = func(records []model.Record) error {
		if len(records) == 1 && records[0].Step == model.StepPrepared {
			return doubled
		}
		return nil
	}
	if _, err := first.Prepare(t.Context(), second); err != doubled { //nolint:errorlint // as it is, and not wrapped
		t.Errorf("it was prepared: %v", err)
	}
	records, err := first.shelf.Records(t.Context(), "sectigo")
	if err != nil || len(records) != 1 {
		t.Errorf("kept are %v, %v", records, err)
	}
}
