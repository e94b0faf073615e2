package vaultserver

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"time"

	"certty/backend/sandbox/folder"
)

// Identity is the tenant of a sandbox and the one application that may call
// its vault. All of it is random and made once per state folder.
type Identity struct {
	TenantID     string    `json:"tenant_id"`
	ClientID     string    `json:"client_id"`
	ClientSecret string    `json:"client_secret"`
	TokenKey     []byte    `json:"token_key"`
	Created      time.Time `json:"created"`
}

const identityFile = "identity.json"

// OpenIdentity loads the identity kept in dir, and makes it first where there
// is none. Its file is 0600.
func OpenIdentity(dir string, now time.Time) (Identity, error) {
	path := filepath.Join(dir, identityFile)
	id, err := folder.Open(path, func() Identity { return newIdentity(now) })
	if err != nil {
		return Identity{}, fmt.Errorf("the sandbox's identity: %w", err)
	}
	if id.TenantID == "" || id.ClientID == "" || id.ClientSecret == "" || len(id.TokenKey) == 0 {
		return Identity{}, fmt.Errorf("the sandbox's identity: load %s: it is not complete", path)
	}
	return id, nil
}

func newIdentity(now time.Time) Identity {
	secret, key := make([]byte, 30), make([]byte, 32)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	_, _ = rand.Read(key)
	return Identity{
		TenantID: newUUID(), ClientID: newUUID(), Created: now.UTC().Truncate(time.Second),
		ClientSecret: base64.RawURLEncoding.EncodeToString(secret), TokenKey: key,
	}
}

// newUUID is a random UUID (RFC 9562 §5.4).
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
