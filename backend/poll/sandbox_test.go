package poll

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/sandbox"
	"certty/backend/sandbox/keypool"
	"certty/backend/vault"
	"certty/model"
)

// realVault is a vault of the sandbox, reached over TLS with a token as the
// program reaches it. secret "" is the right one.
func realVault(t testing.TB, secret string) (*vault.Vault, *sandbox.Sandbox) {
	t.Helper()
	return vaultAt(t, secret, time.Now)
}

// vaultAt is realVault with a clock for the sandbox.
func vaultAt(t testing.TB, secret string, now func() time.Time) (*vault.Vault, *sandbox.Sandbox) {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Options{Dir: t.TempDir(), Now: now, RSAKeys: keypool.Lend()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	access := s.Access()
	if secret == "" {
		secret = access.ClientSecret
	}
	v, err := vault.New(vault.Options{Name: "v", URL: access.VaultURL, Sandbox: true, RootCAs: s.CAPool(),
		Credential: vault.Credential{Kind: vault.CredentialClientSecret, TenantID: access.TenantID, ClientID: access.ClientID,
			Authority: access.Authority, Secret: func(context.Context) (string, error) { return secret, nil }}})
	if err != nil {
		t.Fatal(err)
	}
	return v, s
}

// poll runs a poller of b over the wall clock; end stops it.
func poll(t *testing.T, b backend.Backend, k *keeper) (p *Poller, end func()) {
	t.Helper()
	p = New(b, k, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	return p, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// await waits for a state that pleases ok, however long that takes within the
// test's own limit.
func await(t *testing.T, box *Mailbox, what string, ok func(State) bool) State {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	for {
		s, err := box.Wait(ctx)
		if err != nil {
			t.Fatalf("waiting until %s: %v", what, err)
		}
		if ok(s) {
			return s
		}
	}
}

// The whole way over a server that speaks Key Vault's protocol: list, statuses,
// an own request made, cancelled and deleted, and the next start.
func TestRealVault(t *testing.T) {
	v, s := realVault(t, "")
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	k := &keeper{}
	p, end := poll(t, v, k)
	box := p.Subscribe()
	defer box.Close()
	first := await(t, box, "everything was read", func(s State) bool {
		return s.Snapshot.Len() > 0 && allRead(s.Snapshot) && !s.Snapshot.SweptAt().IsZero()
	})
	rows := first.Snapshot.Len()
	for key, want := range map[string]model.State{
		"partner-gateway": model.StateWaitsMerge, "build-agents": model.StateValid, "test-drive": model.StateGone,
		"api-eu": model.StateFailed, "old-blog": model.StateExpired,
	} {
		if got := first.Snapshot.Get(key).Status(time.Now()).State; got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}

	p.Look(model.Ref{Target: "v", Kind: model.KindCertificate, Key: "build-agents"})
	await(t, box, "the certificate was read", func(s State) bool { return s.Snapshot.Get("build-agents").Certificate.DER != nil })

	change, err := v.Capabilities().Create.Create(t.Context(), model.CreateSpec{Name: "mine", Policy: model.Policy{
		Subject: "CN=mine", Issuer: model.Issuer{Name: model.IssuerUnknown}, Key: model.KeyProperties{Type: "EC", Curve: "P-256"}}})
	if err != nil {
		t.Fatal(err)
	}
	p.Acted(change.Page.Items[0].Ref, change.Page)
	made := await(t, box, "the new request was read", func(s State) bool {
		it := s.Snapshot.Get("mine")
		return it != nil && it.RequestReadAt.After(change.Page.AsOf) && len(it.Request.CSR) > 0 && !it.CertificateReadAt.IsZero()
	})
	mine := made.Snapshot.Get("mine")
	if mine.Status(time.Now()).State != model.StateWaitsMerge || mine.Request.ID == "" {
		t.Errorf("the new request: %+v", mine.Request)
	}

	change, err = v.Capabilities().DeleteRequest.DeleteRequest(t.Context(), mine.RequestRef())
	if err != nil {
		t.Fatal(err)
	}
	p.Acted(mine.RequestRef(), change.Page)
	await(t, box, "the request was gone", func(s State) bool { return s.Snapshot.Get("mine").Request.Gone })
	end()

	p, end = poll(t, v, k)
	defer end()
	next := p.Subscribe()
	defer next.Close()
	if s := await(t, next, "the next start", func(State) bool { return true }); s.Snapshot.Len() != rows+1 || s.Snapshot.Get("build-agents").Certificate.DER == nil {
		t.Errorf("the next start shows %d rows at first", s.Snapshot.Len())
	}
}

// Delete, recover and purge over the protocol: the row turns at once, stays so
// while the service's lists lag behind, and what was read of it is kept.
func TestRealVaultDeletion(t *testing.T) {
	var ahead atomic.Int64
	v, s := vaultAt(t, "", func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	k := &keeper{}
	p, end := poll(t, v, k)
	box := p.Subscribe()
	defer box.Close()
	stands := func(want stand) func(State) bool {
		return func(s State) bool {
			it := s.Snapshot.Get("build-agents")
			return it != nil && !it.RequestReadAt.IsZero() && standing(it) == want
		}
	}
	first := await(t, box, "it was listed", stands(live)).Snapshot.Get("build-agents")
	act := func(what string, call func(context.Context, model.Ref) (backend.Change, error)) {
		t.Helper()
		change, err := call(t.Context(), first.Ref)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		p.Acted(first.Ref, change.Page)
		ahead.Add(int64(10 * time.Second)) // the service takes its time with each
	}
	life := v.Capabilities().Lifecycle

	act("delete", life.Delete)
	it := await(t, box, "it was deleted", stands(deleted)).Snapshot.Get("build-agents")
	if st := it.Status(time.Now()); st.State != model.StateDeleted || it.Certificate.Thumbprint != first.Certificate.Thumbprint || it.Deletion.PurgeAt.IsZero() {
		t.Errorf("deleted: %+v, deletion %+v, certificate %+v", st, it.Deletion, it.Certificate)
	}
	act("recover", life.Recover)
	await(t, box, "it was recovered", stands(live))
	act("delete", life.Delete)
	await(t, box, "it was deleted again", stands(deleted))
	act("purge", life.Purge)
	await(t, box, "it was purged", stands(purged))
	end()
	want := []model.EventKind{model.EventDeleted, model.EventRecovered, model.EventDeleted, model.EventPurged}
	got := slices.DeleteFunc(k.kinds("build-agents"), func(kind model.EventKind) bool { return kind == model.EventRequest })
	if !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
}

// A wrong secret is sent once.
func TestRealVaultWithAWrongSecret(t *testing.T) {
	v, sandbox := realVault(t, "not the secret")
	p, end := poll(t, v, &keeper{})
	defer end()
	box := p.Subscribe()
	defer box.Close()
	s := await(t, box, "it was latched", func(s State) bool { return s.Latched })
	if backend.KindOf(s.Err) != backend.KindAuth {
		t.Errorf("error %v", s.Err)
	}
	for call, n := range sandbox.Vault().Calls() {
		if call.Operation == "Token" && n != 1 {
			t.Errorf("%d calls for a token, want one: %+v", n, call)
		}
	}
}
