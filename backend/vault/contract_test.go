package vault_test

import (
	"context"
	"encoding/pem"
	"sync"
	"testing"
	"time"

	"certty/backend/backendtest"
	"certty/backend/sandbox"
	"certty/backend/sandbox/keypool"
	"certty/backend/vault"
	"certty/model"
)

// clock is a server's clock that a test moves.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

func TestContract(t *testing.T) {
	backendtest.Run(t, func(t *testing.T) backendtest.Harness {
		c := &clock{}
		dir := t.TempDir()
		box, err := sandbox.Start(t.Context(), sandbox.Options{Dir: dir, Now: c.now, RSAKeys: keypool.Lend()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := box.Close(); err != nil {
				t.Errorf("close the sandbox: %v", err)
			}
		})
		access := box.Access()
		v, err := vault.New(vault.Options{
			Name: "sandbox", URL: access.VaultURL, Sandbox: true, RootCAs: box.CAPool(), Now: c.now,
			Credential: vault.Credential{
				Kind: vault.CredentialClientSecret, TenantID: access.TenantID, ClientID: access.ClientID,
				Secret:    func(context.Context) (string, error) { return access.ClientSecret, nil },
				Authority: access.Authority,
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		return backendtest.Harness{
			Backend: v,
			Policy:  model.Policy{Key: model.KeyProperties{Type: "EC", Curve: "P-256"}},
			Sign: func(t testing.TB, csr []byte) [][]byte {
				t.Helper()
				chain, err := sandbox.Sign(dir, csr)
				if err != nil {
					t.Fatalf("sign: %v", err)
				}
				var ders [][]byte
				for block, rest := pem.Decode(chain); block != nil; block, rest = pem.Decode(rest) {
					ders = append(ders, block.Bytes)
				}
				return ders
			},
			Changes: func() int {
				n := 0
				for call, times := range box.Vault().Calls() {
					if call.Changes() {
						n += times
					}
				}
				return n
			},
			Advance:     c.advance,
			CancelTakes: time.Minute, LifecycleTakes: time.Minute,
			PageSize: 25,
		}
	})
}
