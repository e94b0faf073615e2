package pass_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/backend/pass"
	"certty/backend/poll"
	"certty/backend/sandbox"
	"certty/backend/sandbox/keypool"
	"certty/backend/sandbox/vaultserver"
	"certty/backend/scm"
	"certty/backend/vault"
	"certty/model"
)

// box is a sandbox with the scenario, and both its targets, read-only.
func box(t *testing.T) (s *sandbox.Sandbox, v, account backend.Backend) {
	t.Helper()
	s, err := sandbox.Start(t.Context(), sandbox.Options{Dir: t.TempDir(), RSAKeys: keypool.Lend()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	access := s.Access()
	onlyReads := func(reads func(*http.Request) bool) func(http.RoundTripper) http.RoundTripper {
		return func(next http.RoundTripper) http.RoundTripper { return guard.ReadOnlyTransport(next, reads) }
	}
	v, err = vault.New(vault.Options{Name: "v", URL: access.VaultURL, Sandbox: true, RootCAs: s.CAPool(), ReadOnly: true,
		Wrap: onlyReads(guard.IsTokenCall),
		Credential: vault.Credential{Kind: vault.CredentialClientSecret, TenantID: access.TenantID, ClientID: access.ClientID,
			Authority: access.Authority, Secret: func(context.Context) (string, error) { return access.ClientSecret, nil }}})
	if err != nil {
		t.Fatal(err)
	}
	account, err = scm.New(scm.Options{Name: "a", URL: access.SCM.URL, CustomerURI: access.SCM.CustomerURI, Sandbox: true, RootCAs: s.CAPool(),
		ReadOnly: true, Wrap: onlyReads(scm.OnlyReads),
		Credential: scm.Credential{Kind: scm.CredentialPassword, Login: access.SCM.Login,
			Secret: func(context.Context) (string, error) { return access.SCM.Password, nil }}})
	if err != nil {
		t.Fatal(err)
	}
	return s, v, account
}

// polled is what a poller knows once it has nothing more to read.
func polled(t *testing.T, b backend.Backend) *model.Snapshot {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	p := poll.New(b, newKeeper(), poll.Options{})
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(running) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	mail := p.Subscribe()
	defer mail.Close()
	for {
		s, err := mail.Wait(ctx)
		if err != nil {
			t.Fatal(err)
		}
		deleted, unread := 0, 0
		var seen []model.Ref
		for _, it := range s.Snapshot.Items() {
			switch {
			case it.Deletion != nil:
				deleted++
			case poll.Unexplained(it, time.Now(), time.Hour):
				// What nobody sees is explained one by one, a minute apart.
				seen = append(seen, it.Ref)
				unread++
			case it.RequestReadAt.IsZero():
				unread++
			}
		}
		p.Watch(seen)
		if !s.Snapshot.SweptAt().IsZero() && unread == 0 && !s.Loading && (deleted > 0 || b.Capabilities().SweepDeleted == nil) {
			return s.Snapshot
		}
	}
}

// A look finds the rows that a poller finds, and says the same of each.
func TestLikeAPoller(t *testing.T) {
	s, v, account := box(t)
	want := map[string]*model.Snapshot{"v": polled(t, v), "a": polled(t, account)}
	before, wasAsked := s.Vault().Calls(), s.SCM().Calls()
	k := newKeeper()
	results := pass.Make(t.Context(), []pass.Target{{Backend: v}, {Backend: account}}, pass.Options{Keeper: k, Deep: true, Timeout: 5 * time.Minute})
	now := time.Now()
	for _, r := range results {
		want := want[r.Info.Name]
		if r.Err != nil || r.KeeperErr != nil || !r.Complete || r.Failed > 0 || r.Snapshot.Len() != want.Len() {
			t.Errorf("%s: %d rows, a poller has %d; complete %v, %d failed: %v", r.Info.Name, r.Snapshot.Len(), want.Len(), r.Complete, r.Failed, r.Err)
		}
		for _, it := range want.Items() {
			got := r.Snapshot.Get(it.Ref.Key)
			if got == nil {
				t.Errorf("%s is missing", it.Ref)
				continue
			}
			if is, was := got.Status(now), it.Status(now); is.State != was.State || is.Severity != was.Severity || is.Next != was.Next ||
				is.RenewalUnknown != was.RenewalUnknown || is.LifeLeft != was.LifeLeft {
				t.Errorf("%s: %+v\na poller says %+v", it.Ref, is, was)
			}
		}
		if k.snapshots[r.Info.Name] != r.Snapshot {
			t.Errorf("%s: what was read is not stored", r.Info.Name)
		}
	}

	// Each row is read once, and nothing else is called.
	live, deleted, ended := 0, 0, 0
	for _, it := range results[0].Snapshot.Items() {
		switch {
		case it.Deletion != nil:
			deleted++
		default:
			live++
			if r := it.Request; r != nil && r.Phase == model.PhaseCompleted && !it.CertificateReadAt.IsZero() {
				ended++
			}
		}
	}
	calls := vaultCalls(s, before)
	wantCalls := map[string]int{"GetCertificates": pages(live + deleted), "GetDeletedCertificates": pages(deleted), "GetCertificateOperation": live, "GetCertificate": ended}
	maps.DeleteFunc(wantCalls, func(_ string, n int) bool { return n == 0 })
	if !maps.Equal(calls, wantCalls) {
		t.Errorf("called %v, want %v", calls, wantCalls)
	}
	accountCalls := len(results[1].Snapshot.Items())/200 + 1
	listed := 0
	for call, n := range s.SCM().Calls() {
		if n -= wasAsked[call]; n > 0 && strings.Contains(call.Operation, "List") {
			listed += n
		}
	}
	if listed > accountCalls+3 {
		t.Errorf("%d lists of the account, %d pages of orders", listed, accountCalls)
	}

	// A second look, not deep: the lists, and what is in progress or has nothing
	// issued; at the account what changed.
	open := 0
	for _, it := range results[0].Snapshot.Items() {
		if it.Deletion == nil && (it.Request.Open() || !it.Certificate.Issued) {
			open++
		}
	}
	before, wasAsked = s.Vault().Calls(), s.SCM().Calls()
	for _, r := range pass.Make(t.Context(), []pass.Target{{Backend: v}, {Backend: account}}, pass.Options{Keeper: k}) {
		if r.Err != nil || !r.Complete {
			t.Errorf("%s again: complete %v, %v", r.Info.Name, r.Complete, r.Err)
		}
	}
	wantCalls = map[string]int{"GetCertificates": pages(live + deleted), "GetDeletedCertificates": pages(deleted), "GetCertificateOperation": open}
	if calls := vaultCalls(s, before); !maps.Equal(calls, wantCalls) {
		t.Errorf("the second look called %v, want %v", calls, wantCalls)
	}
	changed := 0
	for call, n := range s.SCM().Calls() {
		changed += n - wasAsked[call]
	}
	if changed < 6 || changed > 6+5 {
		t.Errorf("%d calls for what changed at the account, want 6 and a few orders", changed)
	}
	for call := range s.Vault().Calls() {
		if call.Changes() {
			t.Errorf("a changing call: %+v", call)
		}
	}
}

// pages is how many answers a list of n takes: after a full page another one
// follows.
func pages(n int) int { return n/25 + 1 }

// vaultCalls are the calls since before but for those of signing in.
func vaultCalls(s *sandbox.Sandbox, before map[vaultserver.Call]int) map[string]int {
	calls := map[string]int{}
	for call, n := range s.Vault().Calls() {
		if n -= before[call]; n > 0 && strings.HasPrefix(call.Operation, "Get") && call.Status != http.StatusUnauthorized {
			calls[call.Operation] += n
		}
	}
	return calls
}

// What goes wrong on the line leaves what is known, and says what is missing.
func TestFaults(t *testing.T) {
	s, v, _ := box(t)
	k := newKeeper()
	full := look(t, v, pass.Options{Keeper: k, Deep: true, Timeout: 5 * time.Minute})
	if full.Err != nil {
		t.Fatal(full.Err)
	}
	for name, c := range map[string]struct {
		fault    vaultserver.Fault
		kind     backend.ErrorKind
		complete bool
		failed   bool // some
		timeout  time.Duration
	}{
		"a list that hangs":         {vaultserver.Fault{Kind: vaultserver.Hang, Operation: "GetCertificates"}, backend.KindNetwork, false, false, 300 * time.Millisecond},
		"a read that hangs":         {vaultserver.Fault{Kind: vaultserver.Hang, Operation: "GetCertificateOperation", Name: "api-eu"}, backend.KindNetwork, true, true, 2 * time.Second},
		"reads that are refused":    {vaultserver.Fault{Kind: vaultserver.Refuse, Operation: "GetCertificateOperation", Status: http.StatusForbidden}, backend.KindPermission, true, true, 0},
		"throttled for an hour":     {vaultserver.Fault{Kind: vaultserver.Refuse, Operation: "GetCertificateOperation", Status: http.StatusTooManyRequests, RetryAfter: "3600"}, backend.KindThrottled, true, true, 0},
		"half a list":               {vaultserver.Fault{Kind: vaultserver.TruncatedJSON, Operation: "GetCertificates"}, backend.KindOther, false, false, 0},
		"half an answer":            {vaultserver.Fault{Kind: vaultserver.TruncatedJSON, Operation: "GetCertificateOperation", Name: "api-eu"}, backend.KindOther, true, true, 0},
		"a page of elsewhere":       {vaultserver.Fault{Kind: vaultserver.ForeignNextLink, Operation: "GetCertificates"}, backend.KindOther, false, false, 0},
		"a proxy's page":            {vaultserver.Fault{Kind: vaultserver.HTML, Operation: "GetCertificates", Status: http.StatusForbidden}, backend.KindOther, false, false, 0},
		"the deleted, half of them": {vaultserver.Fault{Kind: vaultserver.TruncatedJSON, Operation: "GetDeletedCertificates"}, backend.KindOther, true, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if err := s.Vault().Inject(c.fault); err != nil {
				t.Fatal(err)
			}
			defer s.Vault().ClearFaults()
			r := look(t, v, pass.Options{Keeper: k, Deep: true, Timeout: c.timeout})
			// A busy machine needs more time for all that doesn't hang.
			for timeout := 8 * c.timeout; c.complete && !r.Complete && 0 < timeout && timeout < 5*time.Minute; timeout *= 8 {
				r = look(t, v, pass.Options{Keeper: k, Deep: true, Timeout: timeout})
			}
			// What the service has too much of ends the look wherever it stands.
			complete := r.Complete == c.complete || c.kind == backend.KindThrottled
			if backend.KindOf(r.Err) != c.kind || !complete || (r.Failed > 0) != c.failed {
				t.Errorf("complete %v, %d failed, kind %v: %v", r.Complete, r.Failed, backend.KindOf(r.Err), r.Err)
			}
			if r.Snapshot.Len() != full.Snapshot.Len() || r.Latch != nil {
				t.Errorf("%d rows of %d, latch %v", r.Snapshot.Len(), full.Snapshot.Len(), r.Latch)
			}
		})
	}

	if err := s.Vault().Inject(vaultserver.Fault{Kind: vaultserver.Unauthorized}); err != nil {
		t.Fatal(err)
	}
	defer s.Vault().ClearFaults()
	if r := look(t, v, pass.Options{Keeper: k, Deep: true, Timeout: 5 * time.Minute}); !backend.RefusesLogin(r.Err) || r.Latch == nil || k.latches["v"] != *r.Latch {
		t.Errorf("401: latch %v, %v", r.Latch, r.Err)
	}
	before := s.Vault().Calls()
	r := look(t, v, pass.Options{Keeper: k, Deep: true, Timeout: 5 * time.Minute})
	if !maps.Equal(s.Vault().Calls(), before) || r.Latch == nil || r.Err == nil || errors.Is(r.Err, context.DeadlineExceeded) {
		t.Errorf("latched: %v", r.Err)
	}
}
