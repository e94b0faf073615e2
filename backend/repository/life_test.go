package repository_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"certty/backend"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// place prepares an order and sends it.
func (c *console) place(wish repository.Wish) model.Record {
	c.w.t.Helper()
	record, err := c.Prepare(c.w.t.Context(), wish)
	if err == nil {
		record, err = c.Place(c.w.t.Context(), record.Key)
	}
	if err != nil {
		c.w.t.Fatal(err)
	}
	return record
}

// follow looks at the account and goes on with what is due.
func (c *console) follow(f *repository.Follower) *model.Snapshot {
	c.w.t.Helper()
	known, err := c.Check(c.w.t.Context())
	if err != nil {
		c.w.t.Fatal(err)
	}
	if _, err := f.Follow(c.w.t.Context(), known); err != nil {
		c.w.t.Fatal(err)
	}
	return known
}

// An order comes by itself: collected, in order, matched to its key; and its
// keystore is made with the password that the person has.
func TestFromOrderToKeystore(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	record := c.place(wish("shop.example.com", quick))
	if record.Step != model.StepPlaced || !record.KeyHeld {
		t.Fatalf("placed as %+v", record)
	}
	f := c.Follower()
	c.follow(f) // not issued yet: nothing is collected, and nobody is troubled
	if r := c.record(record.Key); r.Step != model.StepPlaced || r.Trouble != "" {
		t.Errorf("before it was issued: %+v", r)
	}
	w.advance(time.Minute)
	c.follow(f)
	got := c.record(record.Key)
	if got.Step != model.StepCollected || got.Keystore != model.KeystoreWaits || got.Trouble != "" {
		t.Fatalf("collected as %+v", got)
	}
	if it := c.told.Get(record.Key); it == nil || it.Certificate.KeyType != "EC P-256" || it.Certificate.DER == nil {
		t.Errorf("the screen was told %+v", it)
	}
	if _, err := c.Keystore(t.Context(), record.Key, keystore.PKCS12, []byte("wrong horse 7")); !errors.Is(err, keystore.ErrPassword) {
		t.Errorf("a wrong password gave %v", err)
	}
	data, err := c.Keystore(t.Context(), record.Key, keystore.PKCS12, []byte(password))
	if err != nil {
		t.Fatal(err)
	}
	_, leaf, above, err := pkcs12.DecodeChain(data, password)
	if err != nil || leaf.Subject.CommonName != "shop.example.com" || len(above) == 0 {
		t.Errorf("the keystore holds %v and %d more, %v", leaf, len(above), err)
	}
	if err := c.KeystoreSaved(t.Context(), record.Key); err != nil || c.record(record.Key).Keystore != model.KeystoreMade {
		t.Errorf("%v, %+v", err, c.record(record.Key))
	}
	chain, err := c.Chain(t.Context(), record.Key)
	if err != nil || len(chain) < 2 || !bytes.Equal(chain[0], leaf.Raw) {
		t.Errorf("the chain has %d certificates, %v", len(chain), err)
	}
}

// With the password kept somewhere, the files go where they belong by
// themselves; a delivery that fails is said and loses nothing.
func TestDelivery(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	var got []repository.Delivery
	failing := errors.New("no space left on device")
	var fail error
	c := w.start(0, func(o *repository.Options) {
		o.Password = func(context.Context) ([]byte, error) { return []byte(password), nil }
		o.Deploy = func(_ context.Context, d repository.Delivery) error { got = append(got, d); return fail }
	})
	wanted := wish("shop.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	w.advance(time.Minute)
	c.follow(c.Follower())
	if len(got) != 1 || got[0].Deploy.Dir != "/srv/tls" || got[0].Extension != ".p12" || len(got[0].Chain) < 2 {
		t.Fatalf("delivered %+v", got)
	}
	if r := c.record(record.Key); r.Keystore != model.KeystoreMade || r.Trouble != "" {
		t.Errorf("delivered as %+v", r)
	}
	if r := c.record(record.Key); r.Files != model.FilesWritten {
		t.Errorf("its files are %q", r.Files)
	}
	fail = failing
	wanted = wish("api.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record = c.place(wanted)
	w.advance(time.Minute)
	f := c.Follower()
	c.follow(f)
	if r := c.record(record.Key); r.Step != model.StepCollected || r.Files != model.FilesDue || !strings.Contains(r.Trouble, "no space left") {
		t.Errorf("after a delivery that failed: %+v", r)
	}
	if failed := f.Failed(); len(failed) != 1 || !errors.Is(failed[0], failing) {
		t.Errorf("it failed with %v", failed)
	}
	c.follow(f) // too early
	fail = nil
	w.advance(2 * time.Minute)
	c.follow(f)
	if r := c.record(record.Key); r.Files != model.FilesWritten || r.Trouble != "" || len(got) != 3 {
		t.Errorf("after %d deliveries: %+v", len(got), r)
	}
	// Nobody asked for files.
	record = c.place(wish("www.example.com", quick))
	w.advance(time.Minute)
	c.follow(f)
	if r := c.record(record.Key); r.Files != model.FilesNone || r.Keystore != model.KeystoreWaits || len(got) != 3 {
		t.Errorf("after %d deliveries: %+v", len(got), r)
	}
}

// Of two programs that follow one account only one delivers; while the first is
// at it the other leaves the files alone.
func TestDeliveredOnce(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	delivered := 0
	var other *console
	c := w.start(0, func(o *repository.Options) {
		o.Deploy = func(ctx context.Context, d repository.Delivery) error {
			delivered++
			if err := other.Deliver(ctx, d.Record.Key); err != nil {
				t.Error(err)
			}
			_, err := other.Collect(ctx, d.Record.Key, d.Record.ChainSerial)
			return err
		}
	})
	other = w.start(0, func(o *repository.Options) {
		o.Deploy = func(context.Context, repository.Delivery) error { delivered += 100; return nil }
	})
	wanted := wish("shop.example.com", quick)
	wanted.Keystore = ""
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	w.advance(time.Minute)
	c.follow(c.Follower())
	other.follow(other.Follower())
	if r := c.record(record.Key); delivered != 1 || r.Files != model.FilesWritten {
		t.Errorf("delivered %d: %+v", delivered, r)
	}
}

// A password that can't be had now is tried again; one that belongs to another
// key leaves the keystore, and the files that go with it, to its maker.
func TestDeliveryWithoutItsPassword(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	said, failing := "", errors.New("the keyring is locked")
	var keystores []int
	c := w.start(0, func(o *repository.Options) {
		o.Password = func(context.Context) ([]byte, error) {
			if said == "" {
				return nil, failing
			}
			return []byte(said), nil
		}
		o.Deploy = func(_ context.Context, d repository.Delivery) error {
			keystores = append(keystores, len(d.Keystore))
			return nil
		}
	})
	wanted := wish("shop.example.com", quick)
	wanted.Deploy = &model.Deployment{Dir: "/srv/tls"}
	record := c.place(wanted)
	w.advance(time.Minute)
	f := c.Follower()
	c.follow(f)
	if r := c.record(record.Key); r.Files != model.FilesDue || !strings.Contains(r.Trouble, "keyring is locked") || len(keystores) != 0 {
		t.Errorf("delivered %v: %+v", keystores, r)
	}
	said = "another horse 8"
	w.advance(2 * time.Minute)
	c.follow(f)
	if r := c.record(record.Key); r.Files != model.FilesWaiting || r.Keystore != model.KeystoreWaits || r.Trouble != "" || len(keystores) != 0 {
		t.Errorf("delivered %v: %+v", keystores, r)
	}
}

// What is due is done once for all programs: the catalogue weekly, a look at
// every order daily, and in between a look at what changed.
func TestWork(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c, other := w.start(0), w.start(0)
	record := c.place(wish("shop.example.com", quick))
	w.advance(time.Minute)
	f := c.Follower()
	known, err := c.Work(t.Context(), f, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r := c.record(record.Key); r.Step != model.StepCollected {
		t.Errorf("worked as far as %+v", r)
	}
	if due, err := other.SyncDue(t.Context()); due || err != nil {
		t.Errorf("the other program would sync again: %v", err)
	}
	if due, err := other.CheckDue(t.Context()); due || err != nil {
		t.Errorf("the other program would look at every order again: %v", err)
	}
	swept := known.SweptAt()
	second := c.place(wish("api.example.com", quick))
	w.advance(time.Minute)
	if known, err = c.Work(t.Context(), f, known); err != nil || !known.SweptAt().Equal(swept) {
		t.Errorf("a look at what changed: swept at %v, %v", known.SweptAt(), err)
	}
	if r := c.record(second.Key); r.Step != model.StepCollected {
		t.Errorf("what changed was collected as %+v", r)
	}
	w.advance(25 * time.Hour)
	if known, err = c.Work(t.Context(), f, known); err != nil || known.SweptAt().Equal(swept) {
		t.Errorf("after a day: swept at %v, %v", known.SweptAt(), err)
	}
}

// After a replacement the service goes on handing out the old certificate; the
// new serial number is waited for.
func TestReplaceWaitsForTheNewSerial(t *testing.T) {
	w := newWorld(t, scmserver.Settings{ReplaceStaysIssued: true})
	c := w.start(0)
	f := c.Follower()
	record := c.place(wish("shop.example.com", quick))
	w.advance(time.Minute)
	known := c.follow(f)
	old := c.record(record.Key)
	ref := known.Get(record.Key).Ref
	ref.Revision = known.Get(record.Key).Certificate.Serial
	if ref.Revision != old.ChainSerial {
		t.Fatalf("the account tells serial %s, collected was %s", ref.Revision, old.ChainSerial)
	}
	_, err := c.Replace(t.Context(), ref, repository.Successor{
		Key: keystore.KeyKind{Algorithm: "EC", Size: "P-256"}, Password: []byte("another horse 8"), Keystore: keystore.JKS,
		CommonName: "shop.example.com", SANs: []string{"www.shop.example.com"}, Reason: "a new key",
	})
	if err != nil {
		t.Fatal(err)
	}
	c.follow(f)
	if r := c.record(record.Key); r.ChainSerial != old.ChainSerial || r.Trouble != "" {
		t.Errorf("the old certificate was taken for the new one: %+v", r)
	}
	w.advance(time.Minute)
	c.follow(f)
	got := c.record(record.Key)
	if got.ChainSerial == old.ChainSerial || got.Step != model.StepCollected {
		t.Fatalf("the new certificate was not collected: %+v", got)
	}
	if _, err := c.Keystore(t.Context(), record.Key, keystore.JKS, []byte("another horse 8")); err != nil {
		t.Errorf("the new certificate's keystore: %v", err)
	}
	// Whoever saw the old serial number must not replace the new certificate.
	_, err = c.Replace(t.Context(), ref, repository.Successor{CSR: csrOf(t), CommonName: "shop.example.com", Reason: "again"})
	if backend.KindOf(err) != backend.KindGone {
		t.Errorf("a replacement of what was replaced gave %v", err)
	}
}

func csrOf(t *testing.T) []byte {
	t.Helper()
	key, err := keystore.NewKey(keystore.KeyKind{Algorithm: "EC", Size: "P-256"})
	if err != nil {
		t.Fatal(err)
	}
	csr, err := keystore.Request(key, "shop.example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	return csr
}

// A renewal is ordered once, also when its answer is lost.
func TestRenewOnce(t *testing.T) {
	for name, kind := range map[string]fault.Kind{"answered": "", "cut before": fault.ResetBefore, "cut after": fault.ResetAfter, "half": fault.TruncatedJSON} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, scmserver.Settings{})
			c := w.start(0)
			f := c.Follower()
			record := c.place(wish("shop.example.com", quick))
			w.advance(time.Minute)
			c.follow(f)
			if kind != "" {
				if err := w.server.Inject(fault.Fault{Kind: kind, Operation: "RenewByID", Times: 1}); err != nil {
					t.Fatal(err)
				}
			}
			successor := repository.Successor{
				Key: keystore.KeyKind{Algorithm: "EC", Size: "P-256"}, Password: []byte(password), Keystore: keystore.PKCS12,
				CommonName: "shop.example.com",
			}
			renewal, err := c.Renew(t.Context(), record.Key, successor)
			if (err != nil) != (kind != "") {
				t.Fatalf("the renewal gave %v", err)
			}
			if _, err := c.Renew(t.Context(), record.Key, successor); err == nil {
				t.Error("it was renewed twice")
			}
			for range 6 {
				w.advance(5 * time.Minute)
				c.follow(f)
			}
			orders, err := w.server.Orders()
			if err != nil {
				t.Fatal(err)
			}
			renewals := 0
			for _, o := range orders {
				if o.RenewalOf != 0 {
					renewals++
				}
			}
			switch kind {
			case fault.ResetBefore:
				if r := c.record(renewal.Key); renewals != 0 || r.Step != model.StepUndecided {
					t.Errorf("%d renewals, and the record stands at %q", renewals, r.Step)
				}
			default:
				id := fmt.Sprint(orders[len(orders)-1].ID)
				if r := c.record(id); renewals != 1 || r.Step != model.StepCollected || r.Renews != record.Key {
					t.Errorf("%d renewals, record %+v", renewals, r)
				}
			}
		})
	}
}

// An import takes what is selected, takes the rest when it is started again, and never
// calls a part the whole.
func TestImport(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	for i := range 230 {
		status, since := scmserver.StatusIssued, noon.AddDate(0, -1, 0)
		if i%10 == 0 {
			status = scmserver.StatusRevoked
		}
		if _, err := w.server.Add(scmserver.Entry{CommonName: fmt.Sprintf("shop%03d.example.com", i), Organization: organization, Profile: quick,
			Term: 199, Requested: since, Since: since, Issued: since, Status: status}); err != nil {
			t.Fatal(err)
		}
	}
	c := w.start(0)
	issued := repository.Selection{Phases: []model.OrderPhase{model.OrderIssued}}
	var last repository.Progress
	tell := func(p repository.Progress) { last = p }

	if err := w.server.Inject(fault.Fault{Kind: fault.HTML, Operation: "ListCertificates"}); err != nil {
		t.Fatal(err)
	}
	if p, err := c.Import(t.Context(), issued, tell); err == nil || p.Whole {
		t.Errorf("a list that broke off gave %+v, %v", p, err)
	}
	w.server.ClearFaults()

	ctx, stop := context.WithCancel(t.Context())
	cut, err := c.Import(ctx, issued, func(p repository.Progress) {
		if p.Added > 0 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	// The list was whole, what was taken of it was not; none was managed before.
	if !cut.Whole || cut.Done || cut.Kept != 0 || !strings.Contains(cut.Lacking(), "Not all that is selected was taken over. What was taken over stays") {
		t.Errorf("interrupted: %+v: %s", cut, cut.Lacking())
	}
	first, err := c.store.Records(t.Context(), "sectigo")
	if err != nil || len(first) == 0 || len(first) >= 207 {
		t.Fatalf("%d orders were taken over before the interruption, %v", len(first), err)
	}
	p, err := c.Import(t.Context(), issued, tell)
	if err != nil || p.Lacking() != "" || p.Selected != 207 || p.Added != 207-len(first) || p.Kept != len(first) || p != last {
		t.Errorf("the second import: %+v, last told %+v, %v", p, last, err)
	}

	// What was deleted here comes back only when it is asked for.
	key := first[0].Key
	if err := c.Remove(t.Context(), key, "", false); err != nil {
		t.Fatal(err)
	}
	if p, err := c.Import(t.Context(), issued, tell); err != nil || p.Restored != 0 || c.record(key).DeletedAt.IsZero() {
		t.Errorf("%+v, %v: a deleted order came back by itself", p, err)
	}
	issued.Deleted = true
	if p, err := c.Import(t.Context(), issued, tell); err != nil || p.Restored != 1 || !c.record(key).DeletedAt.IsZero() {
		t.Errorf("%+v, %v: a deleted order did not come back", p, err)
	}
}

// What was ordered here is collected before what was imported, which is collected
// a few at a time; a pass without a screen collects all of it.
func TestOwnOrdersAreCollectedFirst(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	for i := range 20 {
		since := noon.AddDate(0, -1, 0)
		if _, err := w.server.Add(scmserver.Entry{CommonName: fmt.Sprintf("shop%02d.example.com", i), Organization: organization, Profile: quick,
			Term: 199, Requested: since, Since: since, Issued: since, Status: scmserver.StatusIssued}); err != nil {
			t.Fatal(err)
		}
	}
	c := w.start(0)
	if _, err := c.Import(t.Context(), repository.Selection{}, func(repository.Progress) {}); err != nil {
		t.Fatal(err)
	}
	own := c.place(wish("zebra.example.com", quick))
	w.advance(time.Minute)
	collected := func() (n int) {
		records, err := c.store.Records(t.Context(), "sectigo")
		if err != nil {
			t.Fatal(err)
		}
		for i := range records {
			if records[i].Step == model.StepCollected {
				n++
			}
		}
		return n
	}
	f := c.Follower()
	known := c.follow(f)
	if n := collected(); n != 8 || c.record(own.Key).Step != model.StepCollected {
		t.Errorf("%d are collected, the own one is %s", n, c.record(own.Key).Step)
	}
	w.advance(11 * time.Second)
	if _, err := f.Follow(t.Context(), known); err != nil {
		t.Fatal(err)
	}
	if n := collected(); n != 16 {
		t.Errorf("%d are collected after another turn", n)
	}
	if _, err := c.Work(t.Context(), c.Follower(), known); err != nil {
		t.Fatal(err)
	}
	if n := collected(); n != 21 {
		t.Errorf("%d are collected after a pass without a screen", n)
	}
}

func TestSelection(t *testing.T) {
	order := &model.Order{Phase: model.OrderIssued, OrganizationID: 3, Expires: noon}
	for name, tt := range map[string]struct {
		s    repository.Selection
		want bool
	}{
		"all":                {repository.Selection{}, true},
		"phase":              {repository.Selection{Phases: []model.OrderPhase{model.OrderRevoked, model.OrderIssued}}, true},
		"another phase":      {repository.Selection{Phases: []model.OrderPhase{model.OrderRevoked}}, false},
		"organization":       {repository.Selection{Organizations: []int{3}}, true},
		"another":            {repository.Selection{Organizations: []int{4}}, false},
		"from":               {repository.Selection{ExpiresFrom: noon}, true},
		"later":              {repository.Selection{ExpiresFrom: noon.Add(1)}, false},
		"the end is outside": {repository.Selection{ExpiresTo: noon}, false},
		"within":             {repository.Selection{ExpiresFrom: noon.Add(-1), ExpiresTo: noon.Add(1)}, true},
	} {
		if got := tt.s.Takes(order); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if (repository.Selection{ExpiresTo: noon}).Takes(&model.Order{}) {
		t.Error("an order without a certificate has an expiry")
	}
}

func TestRemove(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	placed := c.place(wish("shop.example.com", quick))
	if err := c.Remove(t.Context(), placed.Key, "", false); err != nil {
		t.Fatal(err)
	}
	if it := c.told.Get(placed.Key); it == nil || !it.Hidden() {
		t.Errorf("the screen was told %+v", it)
	}
	h, err := c.store.Holding(t.Context(), "sectigo", placed.Key)
	if err != nil || len(h.Keys) != 1 {
		t.Fatalf("the key went without a word: %+v, %v", h, err)
	}
	if err := c.Restore(t.Context(), placed.Key); err != nil || !c.record(placed.Key).DeletedAt.IsZero() {
		t.Errorf("%v, %+v", err, c.record(placed.Key))
	}
	if err := c.Remove(t.Context(), placed.Key, "", true); err != nil {
		t.Fatal(err)
	}
	if h, err := c.store.Holding(t.Context(), "sectigo", placed.Key); err != nil || len(h.Keys) != 0 || h.Record.KeyHeld {
		t.Errorf("the key is still there: %+v, %v", h, err)
	}

	prepared, err := c.Prepare(t.Context(), wish("api.example.com", quick))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Remove(t.Context(), prepared.Key, "", false); !errors.Is(err, repository.ErrKeyHeld) {
		t.Errorf("a prepared order with a key: %v", err)
	}
	if err := c.Remove(t.Context(), prepared.Key, "", true); err != nil {
		t.Error(err)
	}
	if _, err := c.store.Holding(t.Context(), "sectigo", prepared.Key); !errors.Is(err, backend.ErrNotHeld) {
		t.Errorf("the prepared order is still there: %v", err)
	}

	// Of an order that was never managed here only the mark is kept.
	if err := c.Remove(t.Context(), "4711", "old.example.com", false); err != nil || c.record("4711").DeletedAt.IsZero() {
		t.Errorf("%v, %+v", err, c.record("4711"))
	}

	if err := w.server.Inject(fault.Fault{Kind: fault.ResetBefore, Operation: "Enroll", Times: 1}); err != nil {
		t.Fatal(err)
	}
	lost, err := c.Prepare(t.Context(), wish("lost.example.com", quick))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Place(t.Context(), lost.Key); err == nil {
		t.Fatal("the order was answered")
	}
	if err := c.Remove(t.Context(), lost.Key, "", true); err == nil {
		t.Error("an order that may have been placed was forgotten")
	}
}

// A CSR is ordered for once, unless the person says again.
func TestSameKeyTwice(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	brought := wish("shop.example.com", quick)
	brought.Spec.CSR = csrOf(t)
	first := c.place(brought)
	_, err := c.Prepare(t.Context(), brought)
	var held *repository.HeldError
	if !errors.As(err, &held) || held.Record.Key != first.Key {
		t.Fatalf("the same CSR again gave %v", err)
	}
	brought.Again = true
	second := c.place(brought)
	if second.Attempt != 2 || second.Key == first.Key || second.Reference == first.Reference {
		t.Errorf("again: %+v after %+v", second, first)
	}
}

func TestSyncMarksWhatVanished(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	known := model.Account{
		Organizations: []model.Organization{{ID: organization, Name: "An old name"}, {ID: 99, Name: "Sold"}},
		Profiles:      []model.Profile{{ID: 77, Name: "Withdrawn", GoneSince: noon.AddDate(0, -1, 0)}},
	}
	if err := c.store.SaveAccount(t.Context(), "sectigo", known); err != nil {
		t.Fatal(err)
	}
	if due, err := c.SyncDue(t.Context()); err != nil || !due {
		t.Errorf("never synced, and not due: %v", err)
	}
	got, err := c.Sync(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if o := got.Organization(99); o == nil || !o.GoneSince.Equal(noon) {
		t.Errorf("what vanished is %+v", o)
	}
	if o := got.Organization(organization); o == nil || o.Name != "Acme" || !o.GoneSince.IsZero() || !o.API {
		t.Errorf("what is there is %+v", o)
	}
	if p := got.Profile(77); p == nil || !p.GoneSince.Equal(noon.AddDate(0, -1, 0)) {
		t.Errorf("what vanished earlier is %+v", p)
	}
	if p := got.Profile(quick); p == nil || len(p.Terms) != 1 || p.Terms[0] != 199 {
		t.Errorf("the profile is %+v", p)
	}
	if due, err := c.SyncDue(t.Context()); err != nil || due {
		t.Errorf("synced, and due again: %v", err)
	}
	w.advance(repository.SyncEvery)
	if due, err := c.SyncDue(t.Context()); err != nil || !due {
		t.Errorf("a week later it is not due: %v", err)
	}
	if err := w.server.Inject(fault.Fault{Kind: fault.HTML, Operation: "ListProfiles"}); err != nil {
		t.Fatal(err)
	}
	got, err = c.Sync(t.Context(), nil)
	if backend.KindOf(err) != backend.KindPartial || got.Profile(quick) == nil || !got.Profile(quick).GoneSince.IsZero() {
		t.Errorf("profiles that can't be read: %v, %+v", err, got.Profile(quick))
	}
}
