package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"certty/backend/sandbox/ca"
)

// Sign signs a certificate request (PEM or DER) with the CA in the state folder
// dir and returns the chain as PEM, leaf first. No sandbox has to run; one
// must have run there once, for it makes the CA.
func Sign(dir string, csr []byte) (chain []byte, err error) {
	authority, err := ca.Load(filepath.Join(dir, caFolder), time.Now)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no sandbox in %s yet; start it once: %w", dir, err)
	}
	if err != nil {
		return nil, err
	}
	return sign(authority, csr, ca.LeafFirst)
}

func sign(authority *ca.Authority, data []byte, order ca.Order) ([]byte, error) {
	csr, err := ca.ParseRequest(data)
	if err != nil {
		return nil, err
	}
	chain, err := authority.Sign(csr, ca.Profile{})
	if err != nil {
		return nil, err
	}
	return chain.PEM(order), nil
}
