package repository_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// renewing answers for an account, and counts what is sent.
type renewing struct {
	found   *model.Order
	findErr error
	errs    []error
	sent    int
}

func (r *renewing) FindRenewal(context.Context, model.Ref) (*model.Order, error) {
	return r.found, r.findErr
}

func (r *renewing) Renew(context.Context, model.Ref, model.RenewSpec) (backend.Change, error) {
	r.sent++
	if r.sent <= len(r.errs) {
		return backend.Change{}, r.errs[r.sent-1]
	}
	return backend.Change{Page: model.Page{Items: []model.Item{{Order: &model.Order{ID: "9"}}}}}, nil
}

func (c *console) records() []model.Record {
	c.w.t.Helper()
	records, err := c.store.Records(c.w.t.Context(), "sectigo")
	if err != nil {
		c.w.t.Fatal(err)
	}
	return records
}

// TestRenewalIsSentOnce: not where the account has one, not where nobody knows
// whether it has, and once more only after a refusal.
func TestRenewalIsSentOnce(t *testing.T) {
	refusal := &backend.Error{Kind: backend.KindInvalid, Message: "the term is not offered"}
	offline := &backend.Error{Kind: backend.KindNetwork, Message: "no route to host"}
	unsure := &backend.Error{Kind: backend.KindUncertain, Message: "no answer came"}
	for name, tt := range map[string]struct {
		account *renewing
		// says is in the error of each call; "" is none.
		says []string
		sent int
		keys []string
	}{
		"renewed elsewhere":   {&renewing{found: &model.Order{ID: "8"}}, []string{"renewed already, by order 8"}, 0, nil},
		"not known":           {&renewing{findErr: offline}, []string{"nothing was sent"}, 0, nil},
		"once":                {&renewing{}, []string{"", "ordered for already"}, 1, []string{"9"}},
		"no answer":           {&renewing{errs: []error{unsure}}, []string{"no answer", "ordered for already"}, 1, []string{"renew:7:1"}},
		"refused, then again": {&renewing{errs: []error{refusal}}, []string{"the term", ""}, 2, []string{"9", "renew:7:1"}},
		"refused twice":       {&renewing{errs: []error{refusal, refusal}}, []string{"the term", "the term"}, 2, []string{"renew:7:1", "renew:7:2"}},
		"unsent, then again":  {&renewing{errs: []error{offline}}, []string{"no route", ""}, 2, []string{"9"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newWorld(t, scmserver.Settings{}).start(0, func(o *repository.Options) { o.Capabilities.Renew = tt.account })
			for i, says := range tt.says {
				_, err := c.Renew(t.Context(), "7", successor())
				if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
					t.Errorf("call %d: %v, want %q", i+1, err, says)
				}
			}
			var keys []string
			for _, r := range c.records() {
				keys = append(keys, r.Key)
			}
			if slices.Sort(keys); tt.account.sent != tt.sent || !slices.Equal(keys, tt.keys) {
				t.Errorf("sent %d times, kept are %v; want %d and %v", tt.account.sent, keys, tt.sent, tt.keys)
			}
		})
	}
}

// TestNoKeyWithoutAPassword: no key that is made here lies on the disk in the
// clear, and nothing is ordered for one that can't be kept.
func TestNoKeyWithoutAPassword(t *testing.T) {
	account := &renewing{}
	c := newWorld(t, scmserver.Settings{}).start(0, func(o *repository.Options) { o.Capabilities.Renew = account })
	for name, tt := range map[string]struct {
		form     keystore.Type
		password string
		says     string
	}{
		"none":                      {"", "", "needs a password"},
		"none for a keystore":       {keystore.PKCS12, "", "a password is needed"},
		"too short for a keystore":  {keystore.PKCS12, "short", "8 characters"},
		"too foreign for the older": {keystore.JKS, "pässwörter", "ASCII"},
	} {
		t.Run(name, func(t *testing.T) {
			wanted := wish("shop.example.com", quick)
			wanted.Password, wanted.Keystore = []byte(tt.password), tt.form
			if _, err := c.Prepare(t.Context(), wanted); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("an order: %v, want %q", err, tt.says)
			}
			next := successor()
			next.Password, next.Keystore = []byte(tt.password), tt.form
			if _, err := c.Renew(t.Context(), "7", next); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("a renewal: %v, want %q", err, tt.says)
			}
			ref := model.Ref{Target: "sectigo", Kind: model.KindCertificate, Key: "7"}
			if _, err := c.Replace(t.Context(), ref, next); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("a replacement: %v, want %q", err, tt.says)
			}
		})
	}
	if kept := c.records(); len(kept) != 0 || account.sent != 0 {
		t.Errorf("kept are %+v, sent %d", kept, account.sent)
	}
}

// TestReplaceWantsAKey: a replacement is for another key, and one that can't be
// read is not sent.
func TestReplaceWantsAKey(t *testing.T) {
	c := newWorld(t, scmserver.Settings{}).start(0)
	ref := model.Ref{Target: "sectigo", Kind: model.KindCertificate, Key: "7", Revision: "a1"}
	old, broken := successor(), successor()
	old.OldKey = true
	broken.CSR = []byte("no CSR")
	for says, s := range map[string]repository.Successor{"needs a new certificate request": old, "nothing was sent": broken} {
		if _, err := c.Replace(t.Context(), ref, s); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
	if kept := c.records(); len(kept) != 0 {
		t.Errorf("kept are %+v", kept)
	}
}

// collecting answers with what it is given.
type collecting struct {
	backend.Collector
	answer [][]byte
}

func (c *collecting) Collect(ctx context.Context, ref model.Ref) ([][]byte, error) {
	if c.answer != nil {
		return c.answer, nil
	}
	return c.Collector.Collect(ctx, ref)
}

// TestOnlyTheOrdersCertificateIsKept: neither another one nor the old one takes
// its place, whatever the service sends.
func TestOnlyTheOrdersCertificateIsKept(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	service := &collecting{}
	c := w.start(0, func(o *repository.Options) {
		service.Collector = o.Capabilities.Collect
		o.Capabilities.Collect = service
	})
	first := c.place(wish("shop.example.com", quick))
	stranger := c.place(wish("api.example.com", quick))
	w.advance(time.Minute)
	c.follow(c.Follower())
	before := c.record(first.Key)
	chain, err := c.Chain(t.Context(), first.Key)
	if err != nil || before.Step != model.StepCollected {
		t.Fatalf("%+v, %v", before, err)
	}
	other, err := c.Chain(t.Context(), stranger.Key)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		answer [][]byte
		serial string
		state  bool
		says   string
	}{
		"the old one still":   {chain, "abcdef", true, "still gives the certificate"},
		"nothing newer":       {chain, "", true, "still gives the certificate"},
		"somebody else's":     {other, "abcdef", false, "none of the certificates"},
		"two, of none we ask": {append(slices.Clone(other), chain...), "abcdef", false, "none of the certificates"},
		"authorities only":    {chain[1:], "", false, "none of the certificates"},
		"nothing":             {[][]byte{}, "", false, "none of the certificates"},
		"no certificate":      {[][]byte{[]byte("sorry")}, "", false, "read a certificate"},
	} {
		t.Run(name, func(t *testing.T) {
			service.answer = tt.answer
			_, err := c.Collect(t.Context(), first.Key, tt.serial)
			if err == nil || !strings.Contains(err.Error(), tt.says) || (backend.KindOf(err) == backend.KindState) != tt.state {
				t.Errorf("%v, want %q", err, tt.says)
			}
			if got := c.record(first.Key); got.ChainSerial != before.ChainSerial {
				t.Errorf("kept is now %s", got.ChainSerial)
			}
		})
	}
	// The same one again, where it is the one that is asked for.
	service.answer = chain
	if _, err := c.Collect(t.Context(), first.Key, before.ChainSerial); err != nil {
		t.Error(err)
	}
	if _, err := c.Collect(t.Context(), "4711", ""); !errors.Is(err, backend.ErrNotHeld) {
		t.Errorf("an order that is not held: %v", err)
	}
}

// offering answers for the parts of an account.
type offering struct {
	backend.AccountReader
	account model.Account
	err     error
}

func (o *offering) Account(context.Context, func(backend.AccountStep)) (model.Account, error) {
	return o.account, o.err
}

// TestSyncInPart: what was read is kept, what was not stays as it was known, and
// nothing at all is kept of an answer that failed.
func TestSyncInPart(t *testing.T) {
	account := &offering{account: model.Account{
		Profiles: []model.Profile{{ID: 1, Name: "one"}, {ID: 2, Name: "two"}}, Domains: []model.Domain{{ID: 5, Name: "example.com"}},
	}}
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0, func(o *repository.Options) { o.Capabilities.Account = account })
	if got, err := c.Sync(t.Context(), nil); err != nil || !got.ReadAt.Equal(noon) {
		t.Fatalf("%+v, %v", got, err)
	}
	if due, err := c.SyncDue(t.Context()); err != nil || due {
		t.Errorf("due at once: %v, %v", due, err)
	}
	w.advance(time.Hour)
	account.account = model.Account{Profiles: []model.Profile{{ID: 1, Name: "first"}}}
	account.err = &backend.Error{Kind: backend.KindPartial, Message: "the domains could not be read"}
	got, err := c.Sync(t.Context(), nil)
	if backend.KindOf(err) != backend.KindPartial || len(got.Profiles) != 2 || got.Profiles[0].Name != "first" || got.Profiles[1].GoneSince.IsZero() || len(got.Domains) != 1 {
		t.Errorf("in part: %+v, %v", got, err)
	}
	if kept, err := c.Account(t.Context()); err != nil || len(kept.Profiles) != 2 || kept.Profiles[0].Name != "first" || !kept.ReadAt.Equal(noon) {
		t.Errorf("kept in part: %+v, %v", kept, err)
	}
	account.account, account.err = model.Account{Profiles: []model.Profile{{ID: 1, Name: "wrong"}}}, &backend.Error{Kind: backend.KindAuth, Message: "the password has expired"}
	if got, err := c.Sync(t.Context(), nil); backend.KindOf(err) != backend.KindAuth || got.Profiles[0].Name != "first" {
		t.Errorf("failed: %+v, %v", got, err)
	}
	if kept, err := c.Account(t.Context()); err != nil || kept.Profiles[0].Name != "first" {
		t.Errorf("kept of what failed: %+v, %v", kept, err)
	}
}

// TestWorkEndsWithARefusedCredential: each further call would bring the account
// nearer to being locked.
func TestWorkEndsWithARefusedCredential(t *testing.T) {
	for kind, goesOn := range map[backend.ErrorKind]bool{backend.KindAuth: false, backend.KindPermission: true} {
		t.Run(kind.String(), func(t *testing.T) {
			looked := false
			account := &offering{err: &backend.Error{Kind: kind, Message: "no"}}
			c := newWorld(t, scmserver.Settings{}).start(0, func(o *repository.Options) {
				o.Capabilities.Account = account
				sweep := o.Capabilities.Sweep
				o.Capabilities.Sweep = watched{sweep, func() { looked = true }}
			})
			_, err := c.Work(t.Context(), c.Follower(), model.NewSnapshot("sectigo", nil, time.Time{}))
			if !errors.Is(err, account.err) || looked != goesOn {
				t.Errorf("the orders were looked at: %v; %v", looked, err)
			}
		})
	}
}

// watched tells when a list is asked for.
type watched struct {
	backend.Sweeper
	told func()
}

func (w watched) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	w.told()
	return w.Sweeper.Sweep(ctx)
}

// ordering answers for what is ordered.
type ordering struct {
	backend.Orderer
	change  backend.Change
	findErr map[string]error // by reference
	sent    int
}

func (o *ordering) FindOrders(_ context.Context, trace model.OrderTrace) (backend.FoundOrders, error) {
	return backend.FoundOrders{}, o.findErr[trace.Reference]
}

func (o *ordering) Order(context.Context, model.OrderSpec) (backend.Change, error) {
	o.sent++
	return o.change, nil
}

// TestTakenWithoutAnID: an order whose answer names none is looked for, and never
// sent again.
func TestTakenWithoutAnID(t *testing.T) {
	account := &ordering{}
	c := newWorld(t, scmserver.Settings{}).start(0, func(o *repository.Options) { o.Capabilities.Order = account })
	record := c.place(wish("shop.example.com", quick))
	if record.Step != model.StepSending || record.SentAt.IsZero() || record.Key == "" {
		t.Errorf("it stands as %+v", record)
	}
	if _, err := c.Place(t.Context(), record.Key); err == nil || account.sent != 1 {
		t.Errorf("again: %v, sent %d times", err, account.sent)
	}
}

// TestEarlierAttemptsAreLookedForFirst: a further order for a key waits until the
// account tells what became of the one that a person gave up.
func TestEarlierAttemptsAreLookedForFirst(t *testing.T) {
	account := &ordering{findErr: map[string]error{}}
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0, func(o *repository.Options) { o.Capabilities.Order = account })
	brought := wish("shop.example.com", quick)
	brought.Spec.CSR = csrOf(t)
	lost := c.place(brought)
	if err := giveUp(w, c, lost.Key); err != nil {
		t.Fatal(err)
	}
	again, err := c.Prepare(t.Context(), brought)
	if err != nil || again.Attempt != 2 {
		t.Fatalf("again: %+v, %v", again, err)
	}
	account.findErr[lost.Reference] = &backend.Error{Kind: backend.KindUnavailable, Message: "the report can't be made"}
	if _, err := c.Place(t.Context(), again.Key); !errors.Is(err, account.findErr[lost.Reference]) || account.sent != 1 {
		t.Errorf("not known: %v, sent %d times", err, account.sent)
	}
	if r := c.record(again.Key); r.Step != model.StepPrepared {
		t.Errorf("it stands as %+v", r)
	}
	delete(account.findErr, lost.Reference)
	account.change.Page.Items = []model.Item{{Order: &model.Order{ID: "9"}}}
	if r, err := c.Place(t.Context(), again.Key); err != nil || r.Key != "9" || account.sent != 2 {
		t.Errorf("known not to be there: %+v, %v, sent %d times", r, err, account.sent)
	}
}
