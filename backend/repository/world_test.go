package repository_test

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/backend/sandbox/ca"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/backend/scm"
	"certty/backend/store"
	"certty/model"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const password = "correct horse 7"

// The ids of the account that the tests play with.
const (
	organization = 10
	quick        = 101
	approval     = 102
)

var authority = sync.OnceValues(func() (*ca.Authority, error) { return ca.New(func() time.Time { return noon }) })

// world is an account, its clock, and the folder of one state that any number
// of consoles share.
type world struct {
	t      *testing.T
	server *scmserver.Server
	http   *httptest.Server
	dir    string

	mu sync.Mutex
	at time.Time
	// skew is by how much the consoles' clock is wrong; full is a disk on which
	// nothing can be written.
	skew time.Duration
	full bool
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

// clock is what the consoles take for the time.
func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at.Add(w.skew)
}

func (w *world) disk(full bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.full = full
}

func (w *world) turn(skew time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.skew = skew
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

func newWorld(t *testing.T, settings scmserver.Settings) *world {
	t.Helper()
	root, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, at: noon, dir: t.TempDir()}
	settings.Strict = true
	w.server = scmserver.New(scmserver.Options{CA: root, Account: scmserver.NewAccount(noon), Now: w.now, Settings: settings})
	until := noon.AddDate(0, 6, 0)
	keys := map[string][]string{"RSA": {"2048"}, "EC": {"P-256"}}
	if _, err := w.server.Fill(t.Context(), scmserver.Scenario{
		Organizations: []scmserver.Organization{{ID: organization, Name: "Acme", City: "Berlin", State: "Berlin", Country: "DE",
			Validations: []scmserver.Validation{{ID: 1, Level: scmserver.LevelOV, Status: scmserver.Validated, Expires: until}}}},
		Profiles: []scmserver.Profile{
			{ID: quick, Name: "Quick", Terms: []int{199}, KeyTypes: keys, Validation: scmserver.OV,
				Behaviour: scmserver.Behaviour{Apply: time.Second, Issue: 5 * time.Second}},
			{ID: approval, Name: "Approval", Terms: []int{199}, KeyTypes: keys, Validation: scmserver.OV,
				Behaviour: scmserver.Behaviour{Approval: true, Apply: time.Second, Issue: 5 * time.Second}},
		},
		Domains: []scmserver.Domain{{ID: 201, Name: "example.com", Status: scmserver.Validated, Validated: noon.AddDate(0, -1, 0), Expires: until,
			Delegations: []scmserver.Delegation{{Organization: organization}}}},
	}); err != nil {
		t.Fatal(err)
	}
	w.http = httptest.NewUnstartedServer(w.server)
	w.http.Config.ConnContext = fault.ConnContext
	w.http.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	w.http.StartTLS()
	t.Cleanup(w.http.Close)
	return w
}

// errKilled is what a console meets that was killed: nothing of it goes on.
var errKilled = errors.New("the console was killed")

// console is one program on the world's state. It can be killed at a step.
type console struct {
	*repository.Manager
	w     *world
	store *store.Store
	shelf *killable
	// told is what was published.
	mu   sync.Mutex
	told *model.Snapshot
}

// start starts a console that is killed at its kill-th step on the state; 0
// lets it live. change may put something around what it works with.
func (w *world) start(kill int, change ...func(*repository.Options)) *console {
	w.t.Helper()
	st, err := store.Open(w.t.Context(), store.Options{StateDir: filepath.Join(w.dir, "state"), CacheDir: filepath.Join(w.dir, "cache"), Now: w.clock})
	if err != nil {
		w.t.Fatal(err)
	}
	c := &console{w: w, store: st, shelf: &killable{w: w, Shelf: st, journal: st, left: kill}, told: model.NewSnapshot("sectigo", nil, time.Time{})}
	w.t.Cleanup(func() { st.Close() })
	account := w.server.Account()
	roots := x509.NewCertPool()
	roots.AddCert(w.http.Certificate())
	log := slog.New(slog.DiscardHandler)
	b, err := scm.New(scm.Options{
		Name: "sectigo", URL: w.http.URL + "/api", CustomerURI: account.CustomerURI, RootCAs: roots, Now: w.clock, Log: log,
		Credential: scm.Credential{Kind: scm.CredentialPassword, Login: account.Login,
			Secret: func(context.Context) (string, error) { return account.Password, nil }},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	guarded := guard.Wrap(b, guard.Options{Actor: "ops@ada", Journal: c.shelf, Now: w.clock, OnJournalTrouble: func(error) {}})
	o := repository.Options{
		Target: "sectigo", Capabilities: guarded.Capabilities(), Shelf: c.shelf, Now: w.clock, Log: log,
		Keys:    keystore.Maker{Iterations: 1000},
		Publish: c.publish,
	}
	for _, f := range change {
		f(&o)
	}
	c.Manager = repository.New(o)
	return c
}

func (c *console) publish(p model.Page) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.told = c.told.Merge(p)
}

// killable is a state whose console dies at a step: before the write, or right
// after it, which are different ends.
type killable struct {
	w *world
	backend.Shelf
	journal backend.Journal
	mu      sync.Mutex
	left    int
	dead    bool
	// meanwhile is what happens right before a write; nil is nothing.
	meanwhile func()
	// lost is told the keys that a write takes away; nil tells nobody.
	lost func([]backend.HeldKey)
}

var errFull = errors.New("no space left on device")

// step runs a write unless the console is dead or dies before it.
func (k *killable) step(write func() error) error {
	if k.meanwhile != nil {
		k.meanwhile()
	}
	k.w.mu.Lock()
	full := k.w.full
	k.w.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dead {
		return errKilled
	}
	if k.left > 0 {
		k.left--
		if k.left == 0 {
			k.dead = true
			return errKilled
		}
	}
	if full {
		return errFull
	}
	if err := write(); err != nil {
		return err
	}
	if k.left > 0 {
		k.left--
		if k.left == 0 {
			k.dead = true
			return errKilled
		}
	}
	return nil
}

func (k *killable) Add(ctx context.Context, h ...backend.Holding) error {
	return k.step(func() error { return k.Shelf.Add(ctx, h...) })
}

func (k *killable) Change(ctx context.Context, target, key string, change func(*backend.Holding) error) error {
	return k.step(func() error {
		var before, after []backend.HeldKey
		err := k.Shelf.Change(ctx, target, key, func(h *backend.Holding) error {
			before = slices.Clone(h.Keys)
			err := change(h)
			after = h.Keys
			return err
		})
		if err == nil {
			k.miss(before, after)
		}
		return err
	})
}

func (k *killable) AddUnless(ctx context.Context, h backend.Holding, check func([]model.Record) error) error {
	return k.step(func() error { return k.Shelf.AddUnless(ctx, h, check) })
}

func (k *killable) Join(ctx context.Context, target, key, to string, join func(h, there *backend.Holding) error) error {
	return k.step(func() error {
		var before, after []backend.HeldKey
		err := k.Shelf.Join(ctx, target, key, to, func(h, there *backend.Holding) error {
			before = slices.Clone(h.Keys)
			if there != nil {
				before = append(before, there.Keys...)
			}
			err := join(h, there)
			after = h.Keys
			return err
		})
		if err == nil {
			k.miss(before, after)
		}
		return err
	})
}

func (k *killable) Drop(ctx context.Context, target, key string, check func(*backend.Holding) error) error {
	return k.step(func() error {
		var before []backend.HeldKey
		err := k.Shelf.Drop(ctx, target, key, func(h *backend.Holding) error {
			before = h.Keys
			return check(h)
		})
		if err == nil {
			k.miss(before, nil)
		}
		return err
	})
}

// miss tells which keys are gone.
func (k *killable) miss(before, after []backend.HeldKey) {
	gone := slices.DeleteFunc(slices.Clone(before), func(b backend.HeldKey) bool {
		return slices.ContainsFunc(after, func(a backend.HeldKey) bool { return a.PublicKey == b.PublicKey })
	})
	if len(gone) > 0 && k.lost != nil {
		k.lost(gone)
	}
}

func (k *killable) Begin(ctx context.Context, intent backend.Intent) (id int64, err error) {
	err = k.step(func() error { id, err = k.journal.Begin(ctx, intent); return err })
	return id, err
}

func (k *killable) Finish(ctx context.Context, id int64, o backend.Outcome) error {
	return k.step(func() error { return k.journal.Finish(ctx, id, o) })
}

// wish is an order for a name with a key that is made here.
func wish(name string, profile int) repository.Wish {
	return repository.Wish{
		Spec: model.OrderSpec{CommonName: name, SANs: []string{"www." + name}, OrganizationID: organization, ProfileID: profile, Term: 199,
			Description: "for the tests"},
		Key: keystore.KeyKind{Algorithm: "EC", Size: "P-256"}, Password: []byte(password), Keystore: keystore.PKCS12,
	}
}

// record reads a console's record.
func (c *console) record(key string) model.Record {
	c.w.t.Helper()
	records, err := c.store.Records(c.w.t.Context(), "sectigo")
	if err != nil {
		c.w.t.Fatal(err)
	}
	for _, r := range records {
		if r.Key == key || r.Reference == key {
			return r
		}
	}
	c.w.t.Fatalf("there is no record %s among %d", key, len(records))
	return model.Record{}
}
