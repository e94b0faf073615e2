package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"certty/backend/sandbox/ca"
)

// SignOptions say what a signed certificate shall be.
type SignOptions struct {
	// Order is the order of the chain; "" is leaf first.
	Order ca.Order
	// Lifetime is how long the certificate lives; 0 is ca.DefaultLifetime.
	Lifetime time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Sign signs a certificate request (PEM or DER) with the CA in the state folder
// dir and returns the chain as PEM. No sandbox has to run; one must have run
// there once, for it makes the CA.
func Sign(dir string, csr []byte, o SignOptions) ([]byte, error) {
	now := o.Now
	if now == nil {
		now = time.Now
	}
	authority, err := ca.Load(filepath.Join(dir, caFolder), now)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no sandbox in %s yet; start it once: %w", dir, err)
	}
	if err != nil {
		return nil, err
	}
	return sign(authority, csr, o)
}

func sign(authority *ca.Authority, data []byte, o SignOptions) ([]byte, error) {
	csr, err := ca.ParseRequest(data)
	if err != nil {
		return nil, err
	}
	chain, err := authority.Sign(csr, ca.Profile{Lifetime: o.Lifetime})
	if err != nil {
		return nil, err
	}
	return chain.PEM(o.Order), nil
}
