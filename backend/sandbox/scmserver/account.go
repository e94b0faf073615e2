package scmserver

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"time"

	"certty/backend/sandbox/folder"
)

// Account is the one administrator's account of a sandbox: how it signs in with
// a password and, as an API key, with OAuth2 client credentials. The password
// and the secret are random and made once per state folder.
type Account struct {
	Login string `json:"login"`
	// Password is the current one, Changed is when it was set.
	Password string    `json:"password"`
	Changed  time.Time `json:"changed"`
	// CustomerURI names the tenant: the last part of its login URL.
	CustomerURI  string `json:"customer_uri"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
}

const accountFile = "account.json"

// The parts of the account that are no secrets.
const (
	login       = "api-admin"
	customerURI = "certty-sandbox"
)

// NewAccount makes an account with secrets of its own, as of now.
func NewAccount(now time.Time) Account {
	return Account{
		Login: login, Password: "Sx1-" + random(18), Changed: now.UTC().Truncate(time.Second), CustomerURI: customerURI,
		ClientID: "certty-" + hexadecimal(8), ClientSecret: random(30),
	}
}

// OpenAccount loads the account kept in dir, and makes it first where there is
// none. Its file is 0600.
func OpenAccount(dir string, now time.Time) (Account, error) {
	path := filepath.Join(dir, accountFile)
	a, err := folder.Open(path, func() Account { return NewAccount(now) })
	if err != nil {
		return Account{}, fmt.Errorf("the sandbox's SCM account: %w", err)
	}
	if a.Login == "" || a.Password == "" || a.CustomerURI == "" || a.ClientID == "" || a.ClientSecret == "" {
		return Account{}, fmt.Errorf("the sandbox's SCM account: load %s: it is not complete", path)
	}
	return a, nil
}

// random is n random bytes as text that any header takes.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

func hexadecimal(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
