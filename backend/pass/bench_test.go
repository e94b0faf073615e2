package pass_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/pass"
	"certty/backend/sandbox"
	"certty/backend/sandbox/vaultserver"
	"certty/backend/store"
	"certty/backend/vault"
)

// serveRows, in the environment, makes the test program a sandbox with so many
// certificates that serves until its standard input ends.
const serveRows = "PASS_TEST_SERVE_ROWS"

func TestMain(m *testing.M) {
	if n, err := strconv.Atoi(os.Getenv(serveRows)); err == nil {
		if err := serve(n, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// serve serves a sandbox and tells on out how it is reached.
func serve(n int, in io.Reader, out io.Writer) error {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "pass")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := sandbox.Start(ctx, sandbox.Options{Dir: dir})
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := s.Vault().Fill(ctx, rows(n)); err != nil {
		return err
	}
	if err := json.NewEncoder(out).Encode(s.Access()); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, in)
	return err
}

// rows are n certificates, one in 25 of which is a request that waits, and the
// others have the completed request that they came from.
func rows(n int) []vaultserver.Entry {
	now := time.Now()
	entries := make([]vaultserver.Entry, n)
	for i := range entries {
		e := vaultserver.Entry{Name: fmt.Sprintf("cert-%05d", i), Policy: vaultserver.Policy{
			Key:    &vaultserver.KeyProperties{Kty: "EC", Curve: "P-256"},
			X509:   &vaultserver.X509Properties{Subject: fmt.Sprintf("CN=host-%05d.example.com", i)},
			Issuer: &vaultserver.IssuerParameters{Name: "Self"},
		}}
		if i%25 == 0 {
			e.Policy.Issuer.Name = "Unknown"
			e.Asked = &vaultserver.Asked{At: now.Add(-time.Hour)}
		} else {
			e.Issued = []vaultserver.Issue{{At: now.AddDate(0, -1, 0), Lifetime: 199 * 24 * time.Hour}}
		}
		entries[i] = e
	}
	return entries
}

// elsewhere starts a sandbox of n certificates in a process of its own.
func elsewhere(b *testing.B, n int) sandbox.Access {
	b.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), os.Args[0])
	cmd.Env = append(os.Environ(), serveRows+"="+strconv.Itoa(n))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := in.Close(); err != nil {
			b.Error(err)
		}
		_ = cmd.Wait() // it has nothing more to say
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		b.Fatal(err)
	}
	var access sandbox.Access
	if err := json.Unmarshal(line, &access); err != nil {
		b.Fatal(err)
	}
	return access
}

// BenchmarkDeep looks deeply at 1 000 certificates of a sandbox in another
// process, with everything that a command starts with: its own sign-in, its
// first connection, and the store. "new" has nothing stored, "known" what the
// look before stored.
func BenchmarkDeep(b *testing.B) {
	const n = 1000
	access := elsewhere(b, n)
	for _, known := range []bool{false, true} {
		b.Run(map[bool]string{false: "new", true: "known"}[known], func(b *testing.B) {
			dir := b.TempDir()
			for i := 0; b.Loop(); i++ {
				if !known {
					dir = filepath.Join(b.TempDir(), strconv.Itoa(i))
				}
				st, err := store.Open(b.Context(), store.Options{StateDir: dir, CacheDir: dir})
				if err != nil {
					b.Fatal(err)
				}
				r := pass.Make(b.Context(), []pass.Target{{Backend: reach(b, access, "prod")}}, pass.Options{Keeper: st, Deep: true})[0]
				if r.Err != nil || r.KeeperErr != nil || r.Snapshot.Len() != n || !r.Complete || r.Failed > 0 {
					b.Fatalf("%d rows, complete %v, %d failed: %v, %v", r.Snapshot.Len(), r.Complete, r.Failed, r.Err, r.KeeperErr)
				}
				if err := st.Close(); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(r.Took.Milliseconds()), "ms-look")
			}
		})
	}
}

// BenchmarkFleet looks at twenty vaults, each of whose answers takes 200 ms: a
// sandbox's vault under twenty names, each with its own sign-in and connection.
// "ms-slowest" is the look at the slowest of them.
func BenchmarkFleet(b *testing.B) {
	s, err := sandbox.Start(b.Context(), sandbox.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	if err := s.Seed(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := s.Vault().Inject(vaultserver.Fault{Kind: vaultserver.Slow, Latency: 200 * time.Millisecond}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		targets := make([]pass.Target, 20)
		for i := range targets {
			targets[i].Backend = reach(b, s.Access(), fmt.Sprintf("v%02d", i))
		}
		var slowest, sum time.Duration
		for _, r := range pass.Make(b.Context(), targets, pass.Options{Keeper: newKeeper()}) {
			if r.Err != nil || !r.Complete {
				b.Fatalf("%s: complete %v, %v", r.Info.Name, r.Complete, r.Err)
			}
			slowest, sum = max(slowest, r.Took), sum+r.Took
		}
		b.ReportMetric(float64(slowest.Milliseconds()), "ms-slowest")
		b.ReportMetric(float64(sum.Milliseconds()), "ms-sum")
	}
}

// reach is the vault of a sandbox.
func reach(tb testing.TB, access sandbox.Access, name string) backend.Backend {
	tb.Helper()
	pool, err := pool(access.CAFile)
	if err != nil {
		tb.Fatal(err)
	}
	v, err := vault.New(vault.Options{Name: name, URL: access.VaultURL, Sandbox: true, RootCAs: pool,
		Credential: vault.Credential{Kind: vault.CredentialClientSecret, TenantID: access.TenantID, ClientID: access.ClientID,
			Authority: access.Authority, Secret: func(context.Context) (string, error) { return access.ClientSecret, nil }}})
	if err != nil {
		tb.Fatal(err)
	}
	return v
}
