package console

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/backend/sandbox"
	"certty/backend/sandbox/fault"
	"certty/backend/store"
	"certty/backend/vault"
	"certty/config"
	"certty/model"
)

// TestLostAnswers makes each call that a vault's row can be asked for, loses its
// answer in every way that there is, and holds what is found out against what the
// sandbox has done. Nothing may be taken for done, or for not done, that is not.
func TestLostAnswers(t *testing.T) {
	w := newLostWorld(t)
	ways := map[string]struct {
		dies dies
		cut  fault.Kind
		// arrives is true where the service does it.
		arrives bool
	}{
		"the program ends before it sends":  {dies: inBegin},
		"cut before the service has it":     {cut: fault.ResetBefore},
		"cut after the service did it":      {cut: fault.ResetAfter, arrives: true},
		"the program ends before it writes": {dies: inFinish, arrives: true},
	}
	want := model.Policy{Subject: "CN=shop.example.com", Key: model.KeyProperties{Type: "EC", Curve: "P-256"}}
	for op, tc := range map[string]struct {
		operation string
		// there is true for a call on a certificate that exists.
		there bool
		call  func(ctx context.Context, c backend.Capabilities, ref model.Ref) error
		// soon and later are what is found out right after a call that was done,
		// and half an hour later; tagged is the latter with the setting.
		soon, later, tagged backend.Result
		says                string
	}{
		"create": {"CreateCertificate", false, func(ctx context.Context, c backend.Capabilities, ref model.Ref) error {
			_, err := c.Create.Create(ctx, model.CreateSpec{Name: ref.Key, Policy: want})
			return err
		}, backend.ResultUncertain, backend.ResultUncertain, backend.ResultDone, "probably ours: request "},
		"new version": {"CreateCertificate", true, func(ctx context.Context, c backend.Capabilities, ref model.Ref) error {
			_, err := c.NewVersion.NewVersion(ctx, ref)
			return err
		}, backend.ResultUncertain, backend.ResultUncertain, backend.ResultDone, "probably done: version "},
		"import": {"ImportCertificate", false, func(ctx context.Context, c backend.Capabilities, ref model.Ref) error {
			_, err := c.Import.Import(ctx, model.ImportSpec{Name: ref.Key, Format: model.ImportPEM, Data: pemBundle(t)})
			return err
		}, backend.ResultDone, backend.ResultDone, backend.ResultDone, ""},
		"update": {"UpdateCertificate", true, func(ctx context.Context, c backend.Capabilities, ref model.Ref) error {
			was := w.row(t, ref).Certificate.Tags
			_, err := c.Lifecycle.Update(ctx, ref, model.Update{Tags: &map[string]string{"owner": "shop"}, TagsWere: &was})
			return err
		}, backend.ResultDone, backend.ResultDone, backend.ResultDone, ""},
		"disable": {"UpdateCertificate", true, func(ctx context.Context, c backend.Capabilities, ref model.Ref) error {
			_, err := c.Lifecycle.Update(ctx, ref, model.Update{Enabled: new(false)})
			return err
		}, backend.ResultDone, backend.ResultDone, backend.ResultDone, ""},
		"update policy": {"UpdateCertificatePolicy", true, func(ctx context.Context, c backend.Capabilities, ref model.Ref) error {
			was := *w.row(t, ref).Policy
			is := was
			is.ValidityMonths++
			_, err := c.Lifecycle.UpdatePolicy(ctx, ref, was, is)
			return err
		}, backend.ResultDone, backend.ResultDone, backend.ResultDone, ""},
	} {
		for way, how := range ways {
			for _, tag := range []bool{false, true} {
				name := strings.ReplaceAll(op+" "+way, " ", "-")
				if tag {
					name += "-tagged"
				}
				t.Run(name, func(t *testing.T) {
					ref := model.Ref{Target: "prod", Kind: model.KindCertificate, Key: name}
					if tc.there {
						w.issued(t, ref, want)
					}
					if how.cut != "" {
						w.inject(t, fault.Fault{Kind: how.cut, Operation: tc.operation, Name: name, Times: 1})
					}
					if err := tc.call(t.Context(), w.guarded(how.dies, tag), ref); (err == nil) != (how.dies == inFinish) {
						t.Fatalf("the call: %v", err)
					}
					w.read(t, ref)
					soon, later, says := tc.soon, tc.later, tc.says
					if tag {
						later, says = tc.tagged, ""
						if op == "create" {
							soon = tc.tagged // the object carries the tag before anything is issued
						}
					}
					if !how.arrives {
						soon, later, says = backend.ResultUncertain, backend.ResultRefused, notDone
					}
					if how.dies == alive { // else another program may still be at it
						w.ends(t, ref, soon, "")
					}
					w.box.Clock().Advance(30 * time.Minute)
					w.read(t, ref)
					w.ends(t, ref, later, says)
				})
			}
		}
	}
	if err := w.store.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestAnotherClientsRequestIsNotOurs: between a call that did not arrive and the look
// at the row another client made a request, or imported, under the name.
func TestAnotherClientsRequestIsNotOurs(t *testing.T) {
	w := newLostWorld(t)
	spec := func(ref model.Ref) model.CreateSpec {
		return model.CreateSpec{Name: ref.Key, Policy: model.Policy{Subject: "CN=shop.example.com", Key: model.KeyProperties{Type: "EC", Curve: "P-256"}}}
	}
	for name, tc := range map[string]struct {
		tag   bool
		other func(ctx context.Context, ref model.Ref) error
		says  string
	}{
		"create-untagged": {false, func(ctx context.Context, ref model.Ref) error {
			_, err := w.vault.Create(ctx, spec(ref))
			return err
		}, "probably ours: request "},
		"create-tagged": {true, func(ctx context.Context, ref model.Ref) error {
			_, err := w.vault.Create(ctx, spec(ref))
			return err
		}, "it does not carry the tag of this operation"},
		"create-of-another-certty": {true, func(ctx context.Context, ref model.Ref) error {
			_, err := w.vault.Create(backend.WithOperation(ctx, "THEIRS"), spec(ref))
			return err
		}, "somebody else's: request "},
		"import": {true, func(ctx context.Context, ref model.Ref) error {
			_, err := w.vault.Import(ctx, model.ImportSpec{Name: ref.Key, Format: model.ImportPEM, Data: pemBundle(t)})
			return err
		}, "probably done: version "},
	} {
		t.Run(name, func(t *testing.T) {
			ref := model.Ref{Target: "prod", Kind: model.KindCertificate, Key: name}
			w.inject(t, fault.Fault{Kind: fault.ResetBefore, Operation: "CreateCertificate", Name: name, Times: 1})
			if _, err := w.guarded(alive, tc.tag).Create.Create(t.Context(), spec(ref)); backend.KindOf(err) != backend.KindUncertain {
				t.Fatalf("the call: %v", err)
			}
			if err := tc.other(t.Context(), ref); err != nil {
				t.Fatal(err)
			}
			w.read(t, ref)
			w.ends(t, ref, backend.ResultUncertain, "")
			w.box.Clock().Advance(30 * time.Minute)
			w.read(t, ref)
			w.ends(t, ref, backend.ResultUncertain, tc.says)
			doubts := w.journal().doubts(t.Context())
			if len(doubts) == 0 || doubts[len(doubts)-1].Ref != ref || !strings.Contains(doubts[len(doubts)-1].Why, tc.says) {
				t.Errorf("the row is in doubt as %+v", doubts)
			}
			events, err := w.journal().timeline(t.Context(), ref, 0)
			if err != nil || len(events) == 0 || !strings.Contains(events[0].Text, tc.says) {
				t.Errorf("the timeline tells %+v, %v", events, err)
			}
		})
	}
}

// dies says when the program ends.
type dies uint8

const (
	alive dies = iota
	inBegin
	inFinish
)

// dying is a journal of a program that ends: nothing comes after that.
type dying struct {
	*store.Store
	when dies
}

var errEnded = errors.New("the program ended")

func (d dying) Begin(ctx context.Context, i backend.Intent) (int64, error) {
	id, err := d.Store.Begin(ctx, i)
	if d.when == inBegin {
		err = errors.Join(err, errEnded)
	}
	return id, err
}

func (d dying) Finish(ctx context.Context, id int64, o backend.Outcome) error {
	if d.when == inFinish {
		return errEnded
	}
	return d.Store.Finish(ctx, id, o)
}

// lostWorld is a vault of the sandbox and a state that is its clock's.
type lostWorld struct {
	box   *sandbox.Sandbox
	vault *vault.Vault
	store *store.Store
	kit   *kit
}

func newLostWorld(t *testing.T) *lostWorld {
	t.Helper()
	dir, ctx := t.TempDir(), t.Context()
	box, err := sandbox.Start(ctx, sandbox.Options{Dir: filepath.Join(dir, "sandbox")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	st, err := store.Open(ctx, store.Options{StateDir: filepath.Join(dir, "state"), CacheDir: filepath.Join(dir, "cache")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	k := &kit{cfg: &config.Config{}, store: st, log: slog.New(slog.DiscardHandler), now: box.Clock().Now}
	o := k.sandboxVaultOptions(box)
	o.Name, o.Now = "prod", k.now
	v, err := vault.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &lostWorld{box: box, vault: v, store: st, kit: k}
}

func (w *lostWorld) journal() journal {
	return journal{store: w.store, now: w.kit.now, log: w.kit.log}
}

func (w *lostWorld) guarded(when dies, tag bool) backend.Capabilities {
	o := w.kit.guardOptions(config.Target{OperationTag: tag})
	o.Journal, o.Now, o.OnJournalTrouble = dying{w.store, when}, w.kit.now, func(error) {}
	return guard.Wrap(w.vault, o).Capabilities()
}

func (w *lostWorld) inject(t *testing.T, f fault.Fault) {
	t.Helper()
	if err := w.box.Vault().Inject(f); err != nil {
		t.Fatal(err)
	}
}

// issued makes a certificate and reads it.
func (w *lostWorld) issued(t *testing.T, ref model.Ref, p model.Policy) {
	t.Helper()
	p.Issuer.Name = model.IssuerSelf
	if _, err := w.vault.Create(t.Context(), model.CreateSpec{Name: ref.Key, Policy: p, Tags: map[string]string{"env": "prod"}}); err != nil {
		t.Fatal(err)
	}
	w.box.Clock().Advance(30 * time.Minute)
	w.read(t, ref)
	w.box.Clock().Advance(10 * time.Minute) // more than clocks may differ by
}

// read lists the vault and reads a row, and stores that as a console does.
func (w *lostWorld) read(t *testing.T, ref model.Ref) {
	t.Helper()
	ctx := t.Context()
	snapshot, err := w.store.LoadSnapshot(ctx, ref.Target)
	if err != nil {
		t.Fatal(err)
	}
	if snapshot == nil {
		snapshot = model.NewSnapshot(ref.Target, nil, time.Time{})
	}
	for page, err := range w.vault.Sweep(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		snapshot = snapshot.Merge(page)
	}
	for _, kind := range []model.Kind{model.KindCertificate, model.KindRequest} {
		page, err := w.vault.Read(ctx, model.Ref{Target: ref.Target, Kind: kind, Key: ref.Key})
		switch {
		case backend.KindOf(err) == backend.KindNotFound:
		case err != nil:
			t.Fatal(err)
		case snapshot.Get(ref.Key) != nil:
			snapshot = snapshot.Merge(page)
		}
	}
	if err := w.store.SaveSnapshot(ctx, snapshot); err != nil {
		t.Fatal(err)
	}
}

func (w *lostWorld) row(t *testing.T, ref model.Ref) *model.Item {
	t.Helper()
	it, err := w.store.Row(t.Context(), ref)
	if err != nil || it == nil {
		t.Fatalf("the row of %s: %v", ref, err)
	}
	return it
}

// ends checks how the newest change of a row stands in the journal.
func (w *lostWorld) ends(t *testing.T, ref model.Ref, want backend.Result, says string) {
	t.Helper()
	if _, err := w.journal().entries(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	entries, err := w.store.EntriesOf(t.Context(), ref)
	if err != nil || len(entries) == 0 {
		t.Fatalf("%v, %v", entries, err)
	}
	is, said := backend.ResultUncertain, "" // without an outcome
	if o := entries[len(entries)-1].Outcome; o != nil {
		is, said = o.Result, o.Error
		if (o.Result == backend.ResultDone) != (o.Evidence != "") {
			t.Errorf("%s with the evidence %q", o.Result, o.Evidence)
		}
	}
	if is != want || !strings.Contains(said, says) {
		t.Errorf("it is %s, %q; want %s, %q", is, said, want, says)
	}
}

// pemBundle is a new key with its certificate.
func pemBundle(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "pay.example.com"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(100 * 24 * time.Hour)}
	leaf, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf})...)
}
