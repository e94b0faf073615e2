package survey

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/store"
	"certty/model"
	"certty/ui/cli/command"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// account is an account without orders.
type account struct {
	name string
	// sweep, password and validations are why they fail; hangs lets a sweep wait
	// for the end of its context.
	sweep, password, validations error
	hangs                        bool
	calls                        []string
}

func (a *account) Info() backend.Info { return backend.Info{Name: a.name, Kind: "scm"} }

func (a *account) Capabilities() backend.Capabilities {
	return backend.Capabilities{Sweep: a, Account: a}
}

func (a *account) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		if a.hangs {
			<-ctx.Done()
			yield(model.Page{}, ctx.Err())
			return
		}
		yield(model.Page{Fields: model.FieldListing, AsOf: noon, Summary: &model.Summary{Started: noon, Complete: true}}, a.sweep)
	}
}

func (a *account) Account(context.Context, func(backend.AccountStep)) (model.Account, error) {
	return model.Account{}, nil
}

func (a *account) Probe(context.Context) []backend.Finding { return nil }

func (a *account) Password(context.Context) (backend.Finding, bool) {
	a.calls = append(a.calls, "password")
	return backend.Finding{What: "password expiry", Until: noon, Err: a.password}, true
}

func (a *account) Validations(context.Context) ([]model.DomainValidation, error) {
	a.calls = append(a.calls, "validations")
	return []model.DomainValidation{{Domain: "example.com"}}, a.validations
}

func fleet(t *testing.T, accounts ...*account) *command.Fleet {
	t.Helper()
	dir := t.TempDir()
	st, err := store.Open(t.Context(), store.Options{StateDir: filepath.Join(dir, "state"), CacheDir: filepath.Join(dir, "cache"), Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &command.Fleet{Store: st}
	for _, a := range accounts {
		f.Targets = append(f.Targets, command.Target{Backend: a})
	}
	return f
}

func options() Options {
	return Options{Timeout: time.Minute, Passwords: true, Domains: true, Now: func() time.Time { return noon }}
}

func TestExpiries(t *testing.T) {
	a := &account{name: "sectigo"}
	l := Make(t.Context(), fleet(t, a), options())[0]
	if l.Trouble() != nil || l.Password == nil || !l.Password.Until.Equal(noon) || len(l.Domains) != 1 || l.DomainsErr != nil {
		t.Errorf("%+v", l)
	}
	o := options()
	o.Passwords, o.Domains, a.calls = false, false, nil
	if l = Make(t.Context(), fleet(t, a), o)[0]; l.Password != nil || l.Domains != nil || len(a.calls) > 0 {
		t.Errorf("%+v after %v", l, a.calls)
	}
}

// TestRefusedLogin: a login that is refused is latched, and nothing more is asked
// with it: repeated tries lock accounts.
func TestRefusedLogin(t *testing.T) {
	refused := &backend.Error{Kind: backend.KindAuth, Op: "read", Message: "Unknown user"}
	for name, tt := range map[string]struct {
		account *account
		calls   int
	}{
		"at once":     {&account{name: "sectigo", sweep: refused}, 0},
		"in between":  {&account{name: "sectigo", password: refused}, 1},
		"at the last": {&account{name: "sectigo", validations: refused}, 2},
	} {
		f := fleet(t, tt.account)
		for range 2 {
			l := Make(t.Context(), f, options())[0]
			if l.Latch == nil || l.Trouble() == nil || len(tt.account.calls) != tt.calls {
				t.Errorf("%s: latch %v, trouble %v after %v", name, l.Latch, l.Trouble(), tt.account.calls)
			}
		}
		if _, latched, err := f.Store.GetLatch(t.Context(), "sectigo"); err != nil || !latched {
			t.Errorf("%s: other programs would try it again: %v", name, err)
		}
	}
}

// TestRefusedCall: a call that is refused for itself costs nothing but its answer.
func TestRefusedCall(t *testing.T) {
	no := &backend.Error{Kind: backend.KindPermission, Op: "read"}
	l := Make(t.Context(), fleet(t, &account{name: "sectigo", password: no, validations: no}), options())[0]
	if l.Latch != nil || l.Trouble() != nil || !errors.Is(l.Password.Err, no) || !errors.Is(l.DomainsErr, no) {
		t.Errorf("%+v", l)
	}
}

// TestHangingTarget is given up, alone, and asked nothing more.
func TestHangingTarget(t *testing.T) {
	hanging, good := &account{name: "hangs", hangs: true}, &account{name: "good"}
	o := options()
	o.Timeout = 2 * time.Second
	looks := Make(t.Context(), fleet(t, hanging, good), o)
	if looks[0].Info.Name != "hangs" || looks[0].Trouble() == nil || len(hanging.calls) > 0 {
		t.Errorf("%+v after %v", looks[0], hanging.calls)
	}
	if looks[1].Info.Name != "good" || looks[1].Trouble() != nil || len(looks[1].Domains) != 1 {
		t.Errorf("%+v", looks[1])
	}
}

// TestPanic: what panics beside the others panics where it can be recovered.
func TestPanic(t *testing.T) {
	for name, b := range map[string]backend.Backend{
		"at once": broken{}, "in the list": brokenList{&account{name: "sectigo"}}, "in a read": brokenRead{&account{name: "sectigo"}},
	} {
		f := fleet(t, &account{name: "good"}, &account{name: "sectigo"})
		f.Targets[1].Backend = b
		func() {
			defer func() {
				if p := fmt.Sprint(recover()); !strings.HasPrefix(p, "look at sectigo: out of range\n") || !strings.Contains(p, "survey_test.go") {
					t.Errorf("%s: recovered %q", name, p)
				}
			}()
			Make(t.Context(), f, options())
			t.Errorf("%s: nothing panicked", name)
		}()
	}
}

type broken struct{}

func (broken) Info() backend.Info { return backend.Info{Name: "sectigo"} }

func (broken) Capabilities() backend.Capabilities { panic("out of range") }

type brokenList struct{ *account }

func (b brokenList) Capabilities() backend.Capabilities { return backend.Capabilities{Sweep: b} }

func (brokenList) Sweep(context.Context) iter.Seq2[model.Page, error] {
	return func(func(model.Page, error) bool) { panic("out of range") }
}

type brokenRead struct{ *account }

func (b brokenRead) Capabilities() backend.Capabilities {
	return backend.Capabilities{Sweep: b, Read: b}
}

func (brokenRead) Sweep(context.Context) iter.Seq2[model.Page, error] {
	pending := model.Item{Ref: model.Ref{Target: "sectigo", Kind: model.KindCertificate, Key: "pending"}, Certificate: model.Certificate{Created: noon}}
	return func(yield func(model.Page, error) bool) {
		yield(model.Page{
			Fields: model.FieldListing, AsOf: noon, Items: []model.Item{pending}, Summary: &model.Summary{Started: noon, Complete: true},
		}, nil)
	}
}

func (brokenRead) Read(context.Context, model.Ref) (model.Page, error) { panic("out of range") }

// TestHiddenRows: an order that was deleted here is nobody's trouble any more.
func TestHiddenRows(t *testing.T) {
	item := func(key string, deleted time.Time) *model.Item {
		return &model.Item{Ref: model.Ref{Target: "sectigo", Key: key}, Record: &model.Record{Key: key, DeletedAt: deleted}}
	}
	got := rows(model.NewSnapshot("sectigo", []*model.Item{item("1", time.Time{}), item("2", noon)}, noon), noon)
	if len(got) != 1 || got[0].Item.Ref.Key != "1" || got[0].Status.State == "" {
		t.Errorf("%+v", got)
	}
}
