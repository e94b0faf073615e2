package command

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/store"
	"certty/config"
	"certty/model"
)

// fake is a target that holds some rows and notes what it is asked.
type fake struct {
	info backend.Info
	has  map[string]*model.Item
	err  error

	mu    sync.Mutex
	asked []string
}

func (f *fake) Info() backend.Info { return f.info }

func (f *fake) Capabilities() backend.Capabilities {
	return backend.Capabilities{Read: f, Sweep: f, SweepDeletedWhy: "it keeps none"}
}

func (f *fake) note(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, what)
}

func (f *fake) Read(_ context.Context, ref model.Ref) (model.Page, error) {
	f.note(ref.Key)
	if f.err != nil {
		return model.Page{}, f.err
	}
	page := model.Page{AsOf: time.Now(), Fields: model.FieldRequest, Items: []model.Item{{Ref: ref.Row()}}}
	it, ok := f.has[ref.Key]
	switch {
	case ok && it.Order != nil:
		page.Fields, page.Items[0].Order = model.FieldOrder, it.Order
	case ref.Kind == model.KindRequest:
	case !ok:
		return model.Page{}, &backend.Error{Kind: backend.KindNotFound, Op: "read", Ref: ref}
	default:
		page.Fields = model.FieldCertificate
	}
	return page, nil
}

func (f *fake) Sweep(context.Context) iter.Seq2[model.Page, error] {
	f.note("list")
	return func(yield func(model.Page, error) bool) { yield(f.listing(), nil) }
}

func (f *fake) listing() model.Page {
	page := model.Page{AsOf: time.Now(), Fields: model.FieldListing, Summary: &model.Summary{Started: time.Now(), Total: -1, Complete: true}}
	for key, it := range f.has {
		item := *it
		item.Ref = model.Ref{Target: f.info.Name, Kind: model.KindCertificate, Key: key}
		page.Items = append(page.Items, item)
	}
	return page
}

// rows are certificates of these names.
func rows(names ...string) map[string]*model.Item {
	out := map[string]*model.Item{}
	for _, n := range names {
		out[n] = &model.Item{}
	}
	return out
}

// fleetOf opens a store for targets; of those in stored the list is in it.
func fleetOf(t *testing.T, targets []*fake, stored ...*fake) *Fleet {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	s, err := store.Open(t.Context(), store.Options{StateDir: dir, CacheDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &Fleet{Store: s}
	for _, target := range targets {
		f.Targets = append(f.Targets, Target{Backend: target})
	}
	for _, target := range stored {
		if _, err := f.Keep(t.Context(), target.info.Name, target.listing()); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func vaultOf(name string, has ...string) *fake {
	return &fake{info: backend.Info{Name: name, Kind: string(config.KindVault)}, has: rows(has...)}
}

// TestFind: who is asked for a name, and what is found.
func TestFind(t *testing.T) {
	order := func(name string) *model.Item {
		return &model.Item{Order: &model.Order{ID: "7", CommonName: name, Status: "Issued", Phase: model.OrderIssued}}
	}
	account := func() *fake {
		return &fake{info: backend.Info{Name: "sectigo", Kind: string(config.KindSCM)}, has: map[string]*model.Item{
			"7": order("pay.example.com"), "8": order("shop.example.com"), "9": order("shop.example.com"),
		}}
	}
	for _, tt := range []struct {
		name, arg string
		kind      config.TargetKind
		stored    string // the targets whose list is stored
		want      string
		code      int
		says      string
		asked     string // who was asked, and for what beside the name
	}{
		{"named", "two/shop", "", "", "two/shop", ExitDone, "", "two"},
		{"named, and not there", "two/web", "", "one two", "", ExitNotFound, `"two/web"`, "two"},
		{"stored in one", "web", config.KindVault, "one two", "one/web", ExitDone, "", "one"},
		{"stored in one, the other was never listed", "web", config.KindVault, "one", "one/web", ExitDone, "", "one two"},
		{"nothing is stored", "web", config.KindVault, "", "one/web", ExitDone, "", "one two"},
		{"stored nowhere", "new", config.KindVault, "one two", "", ExitNotFound, "in one, two", "one two"},
		{"in both", "shop", config.KindVault, "one two", "", ExitUsage, "one/shop, two/shop", "one two"},
		{"no such target", "three/web", "", "", "", ExitNotFound, `no target "three" here`, ""},
		{"a target of another kind", "sectigo/web", config.KindVault, "", "", ExitNotFound, "there are: one, two", ""},
		{"no name", "one/", "", "", "", ExitUsage, "a name is needed", ""},
		{"an order by its id", "7", config.KindSCM, "", "sectigo/7", ExitDone, "", "sectigo"},
		{"an order by its name", "PAY.example.com", config.KindSCM, "sectigo", "sectigo/7", ExitDone, "", "sectigo"},
		{"an order by a name that is not stored", "pay.example.com", config.KindSCM, "", "sectigo/7", ExitDone, "", "sectigo sectigo:list"},
		{"orders of one name", "shop.example.com", config.KindSCM, "sectigo", "", ExitUsage, "sectigo/8 (shop.example.com, Issued), sectigo/9", "sectigo"},
		{"an order that is not there", "99", config.KindSCM, "", "", ExitNotFound, `"99"`, "sectigo"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all := []*fake{vaultOf("one", "web", "shop"), vaultOf("two", "shop"), account()}
			var stored []*fake
			for _, f := range all {
				if slices.Contains(strings.Fields(tt.stored), f.info.Name) {
					stored = append(stored, f)
				}
			}
			row, err := fleetOf(t, all, stored...).Find(t.Context(), tt.arg, tt.kind)
			got := ""
			if row != nil {
				got = row.Name()
				if row.Item.RequestReadAt.IsZero() && row.Item.CertificateReadAt.IsZero() {
					t.Error("it was not read")
				}
			}
			if code := ExitCode(err); got != tt.want || code != tt.code || err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("found %q, exit code %d: %v", got, code, err)
			}
			var asked []string
			for _, f := range all {
				if len(f.asked) > 0 {
					asked = append(asked, f.info.Name)
				}
				if slices.Contains(f.asked, "list") {
					asked = append(asked, f.info.Name+":list")
				}
			}
			if strings.Join(asked, " ") != tt.asked {
				t.Errorf("asked were %q, want %q", asked, tt.asked)
			}
		})
	}
}

// lively is an account that tells what changed since it was listed.
type lively struct{ *fake }

func (l lively) Capabilities() backend.Capabilities {
	c := l.fake.Capabilities()
	c.Changes = l
	return c
}

func (l lively) Changes(context.Context, *model.Snapshot) iter.Seq2[model.Page, error] {
	l.note("changes")
	return func(yield func(model.Page, error) bool) {
		page := l.listing()
		page.Summary = nil
		yield(page, nil)
	}
}

// TestFindExact: what is changed is meant by its name alone, whatever was stored
// before another client made something of the same name.
func TestFindExact(t *testing.T) {
	one, two := vaultOf("one", "web"), vaultOf("two")
	f := fleetOf(t, []*fake{one, two}, one, two)
	two.has["web"] = &model.Item{}
	if row, err := f.Find(t.Context(), "web", config.KindVault); err != nil || row.Name() != "one/web" {
		t.Fatalf("for a read the store counts: %v", err)
	}
	f.Exact = true
	if _, err := f.Find(t.Context(), "web", config.KindVault); ExitCode(err) != ExitUsage || !strings.Contains(err.Error(), "one/web, two/web") {
		t.Errorf("another row of that name was overlooked: %v", err)
	}
	two.err = &backend.Error{Kind: backend.KindNetwork, Op: "read"}
	if _, err := f.Find(t.Context(), "web", config.KindVault); ExitCode(err) != ExitFailed || !strings.Contains(err.Error(), "TARGET/NAME") {
		t.Errorf("a vault that does not answer may have that name: %v", err)
	}

	account := &fake{info: backend.Info{Name: "sectigo", Kind: string(config.KindSCM)}, has: map[string]*model.Item{}}
	order := func(id string) {
		account.has[id] = &model.Item{Order: &model.Order{ID: id, CommonName: "pay.example.com", Status: "Issued", Phase: model.OrderIssued}}
	}
	order("7")
	f = fleetOf(t, []*fake{account}, account)
	f.Exact = true
	f.Targets[0].Backend = lively{account}
	if row, err := f.Find(t.Context(), "pay.example.com", config.KindSCM); err != nil || row.Name() != "sectigo/7" || slices.Contains(account.asked, "list") {
		t.Fatalf("found %v, %v; asked %q", row, err, account.asked)
	}
	order("8")
	if _, err := f.Find(t.Context(), "pay.example.com", config.KindSCM); ExitCode(err) != ExitUsage || !strings.Contains(err.Error(), "sectigo/8") {
		t.Errorf("a younger order of that name was overlooked: %v", err)
	}

	// A list that showed none is not believed: what changed tells of no older one.
	late := &fake{info: backend.Info{Name: "late", Kind: string(config.KindSCM)}, has: map[string]*model.Item{}}
	f = fleetOf(t, []*fake{late}, late)
	f.Exact = true
	f.Targets[0].Backend = lively{late}
	late.has["7"] = account.has["7"]
	if row, err := f.Find(t.Context(), "pay.example.com", config.KindSCM); err != nil || row.Name() != "late/7" || !slices.Contains(late.asked, "list") {
		t.Errorf("found %v, %v; asked %q", row, err, late.asked)
	}
}

// TestRefusedLogin: it is written down, and nothing is called any more.
func TestRefusedLogin(t *testing.T) {
	one := vaultOf("one")
	one.err = &backend.Error{Kind: backend.KindAuth, Op: "read", Status: 401, Message: "no"}
	f := fleetOf(t, []*fake{one})
	for range 2 {
		if _, err := f.Find(t.Context(), "web", ""); ExitCode(err) != ExitSignIn {
			t.Errorf("the error is %v", err)
		}
	}
	if len(one.asked) != 2 { // its certificate and its request, at once
		t.Errorf("it was asked %q", one.asked)
	}
	if _, err := f.Standing(t.Context(), &f.Targets[0], "web"); ExitCode(err) != ExitSignIn || len(one.asked) != 2 {
		t.Errorf("asked %q: %v", one.asked, err)
	}
}

// TestKeep: news go into what is stored, and tell of themselves.
func TestKeep(t *testing.T) {
	one := vaultOf("one", "web")
	f := fleetOf(t, []*fake{one}, one)
	ref := model.Ref{Target: "one", Kind: model.KindCertificate, Key: "web"}
	page := model.Page{Own: true, AsOf: time.Now(), Fields: model.FieldRequest, Items: []model.Item{{Ref: ref, Request: &model.Request{ID: "r1", Status: "inProgress", Phase: model.PhaseInProgress}}}}
	if _, err := f.Keep(t.Context(), "one", page); err != nil {
		t.Fatal(err)
	}
	stored, err := f.Store.LoadSnapshot(t.Context(), "one")
	if err != nil || stored.Get("web").Request == nil {
		t.Errorf("stored: %v", err)
	}
	events, err := f.Store.Timeline(t.Context(), ref, 0)
	if err != nil || !slices.ContainsFunc(events, func(ev model.Event) bool { return ev.Kind == model.EventRequest }) {
		t.Errorf("events %+v: %v", events, err)
	}
}

// TestFindDeleted where the target tells of none.
func TestFindDeleted(t *testing.T) {
	f := fleetOf(t, []*fake{vaultOf("one")})
	if _, err := f.FindDeleted(t.Context(), "web"); err == nil || !strings.Contains(err.Error(), "it keeps none") {
		t.Errorf("the error is %v", err)
	}
	if _, _, err := f.New("two/web", config.KindVault); ExitCode(err) != ExitNotFound {
		t.Errorf("made elsewhere: %v", err)
	}
	if _, err := f.One("", config.KindSCM); ExitCode(err) != ExitUsage || errors.Is(err, errNothing) {
		t.Errorf("no account: %v", err)
	}
}
