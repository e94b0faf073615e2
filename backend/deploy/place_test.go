package deploy_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certty/backend/deploy"
)

// A program that died before it moved the files finds the old ones as its own.
func TestDiedBefore(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	deployer := deploy.New(quiet)
	if err := deployer.Deliver(t.Context(), s.delivery(t, dir, "shop.example.com")); err != nil {
		t.Fatal(err)
	}
	before := read(t, dir, "shop.example.com.p12")
	d := s.delivery(t, dir, "shop.example.com")
	note := d.Note
	d.Note = func(w map[string][]string) error {
		for _, name := range names(t, dir) {
			if strings.HasPrefix(name, ".certty-") {
				if err := os.Remove(filepath.Join(dir, name)); err != nil {
					t.Error(err)
				}
			}
		}
		return note(w)
	}
	if err := deployer.Deliver(t.Context(), d); err == nil || !bytes.Equal(read(t, dir, "shop.example.com.p12"), before) {
		t.Fatalf("it was to end before the first file: %v", err)
	}
	last := s.delivery(t, dir, "shop.example.com")
	if err := deployer.Deliver(t.Context(), last); err != nil || !bytes.Equal(read(t, dir, "shop.example.com.p12"), last.Keystore) {
		t.Errorf("after it died: %v", err)
	}
}

// A file that comes into its place while the others are written is not replaced.
func TestSomebodyWasFaster(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	path := filepath.Join(dir, "shop.example.com.p12")
	d := s.delivery(t, dir, "shop.example.com")
	note := d.Note
	d.Note = func(w map[string][]string) error {
		return errors.Join(os.WriteFile(path, []byte("theirs"), 0o600), note(w))
	}
	if err := deploy.New(quiet).Deliver(t.Context(), d); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v, want that it is there", err)
	}
	if got := read(t, path); string(got) != "theirs" {
		t.Errorf("it holds %q", got)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"shop.example.com.p12"}) {
		t.Errorf("left are %v", got)
	}
}

// A file that holds what would be written is left as it is; the others are not.
func TestLeftAsItIs(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	d := s.delivery(t, dir, "shop.example.com")
	stat := func(name string) fs.FileInfo {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	if err := deploy.New(quiet).Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	certificate, key := stat("shop.example.com.pem"), stat("shop.example.com.p12")
	d.Keystore = []byte("a keystore with another salt")
	d.Written = s.written
	if err := deploy.New(quiet).Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(certificate, stat("shop.example.com.pem")) {
		t.Error("the certificate was written again")
	}
	if os.SameFile(key, stat("shop.example.com.p12")) || !bytes.Equal(read(t, dir, "shop.example.com.p12"), d.Keystore) {
		t.Error("the keystore was not replaced")
	}
}

// TestChains: what there is is written, a certificate that signs itself too, and
// where nothing is there nothing is.
func TestChains(t *testing.T) {
	whole := chainOf(t, "shop.example.com")
	for name, tt := range map[string]struct {
		chain []*x509.Certificate
		want  int
	}{
		"alone":        {whole[:1], 1},
		"signs itself": {whole[len(whole)-1:], 1},
		"without root": {whole[:len(whole)-1], len(whole) - 1},
		"whole":        {whole, len(whole) - 1},
		"none":         {nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir, s := t.TempDir(), &shelf{}
			d := s.delivery(t, dir, "shop.example.com")
			d.Chain, d.Keystore = tt.chain, nil
			err := deploy.New(quiet).Deliver(t.Context(), d)
			if tt.want == 0 {
				if err == nil || len(names(t, dir)) != 0 {
					t.Errorf("%v, and %v were written", err, names(t, dir))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := bytes.Count(read(t, dir, "shop.example.com-chain.pem"), []byte("BEGIN CERTIFICATE")); got != tt.want {
				t.Errorf("%d certificates, want %d", got, tt.want)
			}
		})
	}
}
