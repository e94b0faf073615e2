package poll

import (
	"fmt"
	"testing"
	"time"

	"certty/backend/sandbox/vaultserver"
)

// BenchmarkFirstBoardRealVault is BenchmarkFirstBoard over TLS, with tokens and
// JSON, from a sandbox that answers 20 ms late and shares the processor.
func BenchmarkFirstBoardRealVault(b *testing.B) {
	v, s := realVault(b, "")
	var entries []vaultserver.Entry
	now := time.Now()
	for i := range 5000 {
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
		entries = append(entries, e)
	}
	if _, err := s.Vault().Fill(b.Context(), entries); err != nil {
		b.Fatal(err)
	}
	if err := s.Vault().Inject(vaultserver.Fault{Kind: vaultserver.Slow, Latency: 20 * time.Millisecond}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m, err := measureFirstBoard(b.Context(), v, len(entries))
		if err != nil {
			b.Fatal(err)
		}
		report(b, m)
	}
}
