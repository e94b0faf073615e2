package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The files of an authority's folder.
const (
	rootFile            = "root.pem"
	rootKeyFile         = "root.key"
	intermediateFile    = "intermediate.pem"
	intermediateKeyFile = "intermediate.key"
)

// RootFile is the path of the root certificate (PEM) of the authority in dir.
func RootFile(dir string) string { return filepath.Join(dir, rootFile) }

// Open loads the authority kept in dir, and makes it first where there is
// none. now is the clock that certificates are dated by. The folder is 0700,
// its files are 0600. Several processes may open one folder at once.
func Open(dir string, now func() time.Time) (*Authority, error) {
	a, err := Load(dir, now)
	if !errors.Is(err, fs.ErrNotExist) {
		return a, err
	}
	if err := create(dir, now()); err != nil {
		return nil, fmt.Errorf("make the sandbox's CA in %s: %w", dir, err)
	}
	return Load(dir, now)
}

// Load loads the authority kept in dir. Where there is none the error is an
// fs.ErrNotExist.
func Load(dir string, now func() time.Time) (*Authority, error) {
	root, err := readCertificate(RootFile(dir))
	if err != nil {
		return nil, fmt.Errorf("load the sandbox's CA: %w", err)
	}
	intermediate, err := readCertificate(filepath.Join(dir, intermediateFile))
	if err != nil {
		return nil, fmt.Errorf("load the sandbox's CA: %w", err)
	}
	key, err := readKey(filepath.Join(dir, intermediateKeyFile))
	if err != nil {
		return nil, fmt.Errorf("load the sandbox's CA: %w", err)
	}
	a, err := assemble(root, intermediate, key, now)
	if err != nil {
		return nil, fmt.Errorf("load the sandbox's CA from %s: %w", dir, err)
	}
	return a, nil
}

// create writes a whole authority beside dir and renames it into place, so
// that nobody ever sees half of one. Who comes second keeps the first's.
func create(dir string, now time.Time) (err error) {
	root, intermediate, rootKey, key, err := generate(now)
	if err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(parent, filepath.Base(dir)+".new-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }() // nothing is left there after the rename
	if err := errors.Join(
		writeCertificate(filepath.Join(fresh, rootFile), root),
		writeCertificate(filepath.Join(fresh, intermediateFile), intermediate),
		writeKey(filepath.Join(fresh, rootKeyFile), rootKey),
		writeKey(filepath.Join(fresh, intermediateKeyFile), key),
	); err != nil {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

func writeCertificate(path string, cert *x509.Certificate) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}), 0o600)
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}

func readPEM(path, kind string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("%s: no PEM block %q", path, kind)
	}
	return block.Bytes, nil
}

func readCertificate(path string) (*x509.Certificate, error) {
	der, err := readPEM(path, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return cert, nil
}

func readKey(path string) (crypto.Signer, error) {
	der, err := readPEM(path, "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%s: a key that can't sign", path)
	}
	return signer, nil
}
