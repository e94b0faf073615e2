package walk

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend/sandbox"
	"certty/backend/sandbox/vaultserver"
	"certty/ui/ptytest"
)

// BenchmarkStatusDeep is the whole command "certty status --deep" on 1 000
// certificates of a sandbox in another process, which shares the processor: from
// the start of the process to its end. "new" has nothing stored, "known" what the
// run before stored. Beside the time are that of the processor, and the shortest
// of all runs, which says most on a machine that does other work.
func BenchmarkStatusDeep(b *testing.B) {
	const n = 1000
	path := ptytest.Build(b, "certty")
	access, pid := sandboxOf(b, path, n)
	for _, stored := range []string{"new", "known"} {
		b.Run(stored, func(b *testing.B) {
			home := b.TempDir()
			config := writeAccess(b, home, access)
			run := func(state string) *exec.Cmd {
				cmd := exec.CommandContext(b.Context(), path, "status", "--config", config, "--deep", "-o", "json")
				cmd.Env = append(os.Environ(), "HOME="+home, "XDG_STATE_HOME="+state, "XDG_CACHE_HOME="+state)
				var said bytes.Buffer
				cmd.Stderr = &said
				out, err := cmd.Output()
				if err != nil {
					b.Fatalf("%v: %s", err, said.Bytes())
				}
				if rows := bytes.Count(out, []byte(`"cert-`)); rows < n {
					b.Fatalf("%d rows of %d", rows, n)
				}
				return cmd
			}
			run(home)
			served := ticks(b, pid)
			var used time.Duration
			shortest := time.Hour
			for i := 0; b.Loop(); i++ {
				state := home
				if stored == "new" {
					state = filepath.Join(home, fmt.Sprint(i))
				}
				start := time.Now()
				cmd := run(state)
				shortest = min(shortest, time.Since(start))
				used += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			}
			b.ReportMetric(float64(shortest.Milliseconds()), "ms-shortest")
			b.ReportMetric(float64(used.Milliseconds())/float64(b.N), "ms-processor")
			b.ReportMetric(float64(ticks(b, pid)-served)*10/float64(b.N), "ms-processor-sandbox") // a tick is 10 ms
		})
	}
}

// sandboxOf serves a sandbox of n certificates in a process of its own. One in 25
// is a request that waits, the others have the completed request that they came
// from.
func sandboxOf(b *testing.B, path string, n int) (access sandbox.Access, pid int) {
	b.Helper()
	dir := b.TempDir()
	s, err := sandbox.Start(b.Context(), sandbox.Options{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
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
	if _, err := s.Vault().Fill(b.Context(), entries); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), path, "sandbox", "--state", dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			b.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		b.Fatal(err)
	}
	if err := json.Unmarshal(line, &access); err != nil {
		b.Fatal(err)
	}
	return access, cmd.Process.Pid
}

// writeAccess configures a sandbox's vault, and gives the configuration's path.
func writeAccess(b *testing.B, home string, access sandbox.Access) string {
	b.Helper()
	secret, path := filepath.Join(home, "secret"), filepath.Join(home, "config.yaml")
	if err := writeFile(secret, access.ClientSecret); err != nil {
		b.Fatal(err)
	}
	lines := []string{"targets:", "  - name: prod", "    kind: vault", "    url: " + access.VaultURL, "    ca_file: " + access.CAFile,
		"    authority: " + access.Authority, "    credential:", "      kind: client-secret", "      tenant: " + access.TenantID,
		"      client_id: " + access.ClientID, "      secret:", "        file: " + secret, ""}
	if err := writeFile(path, strings.Join(lines, "\n")); err != nil {
		b.Fatal(err)
	}
	return path
}
