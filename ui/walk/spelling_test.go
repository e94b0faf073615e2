package walk

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// spellings are the forms in which a secret may stand in a file.
func spellings(secret []byte) (all [][]byte) {
	add := func(text string) { all = append(all, []byte(text)) }
	add(string(secret))
	add(hex.EncodeToString(secret))
	add(strings.ToUpper(hex.EncodeToString(secret)))
	add(strings.Trim(fmt.Sprint(secret), "[]")) // as package fmt has bytes
	for skip := range 3 {                       // where base64's groups may begin in it
		add(base64.RawStdEncoding.EncodeToString(secret[skip : skip+(len(secret)-skip)/3*3]))
		add(base64.RawURLEncoding.EncodeToString(secret[skip : skip+(len(secret)-skip)/3*3]))
	}
	return all
}

// words are the forms in which a stack trace has a secret that was passed by its
// value.
func words(secret []byte) (all [][]byte) {
	for at := range len(secret) - 7 {
		all = append(all, fmt.Appendf(nil, "%#x", binary.LittleEndian.Uint64(secret[at:])))
	}
	return all
}

// TestSpellings: a key is found in whatever it may be written.
func TestSpellings(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	number, err1 := key.Bytes()
	pkcs8, err2 := x509.MarshalPKCS8PrivateKey(key)
	sec1, err3 := x509.MarshalECPrivateKey(key)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"PKCS#8": pkcs8, "SEC 1": sec1, "PEM of PKCS#8": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}),
		"PEM of SEC 1": pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1}), "base64": []byte(base64.StdEncoding.EncodeToString(pkcs8)),
		"hexadecimal": []byte(hex.EncodeToString(sec1)), "package fmt": []byte(fmt.Sprint(pkcs8)),
	} {
		if found := (canaries{"the key": number}).in(data, spellings); len(found) != 1 {
			t.Errorf("not found in %s", name)
		}
	}
	if found := (canaries{"the key": number}).in(fmt.Appendf(nil, "main.f(%#x)", binary.LittleEndian.Uint64(number)), words); len(found) != 1 {
		t.Error("not found among the arguments of a function")
	}
	if found := (canaries{"the key": number}).in([]byte("a log without a key"), spellings); len(found) != 0 {
		t.Error("found where it is not")
	}
}

// canaries are secrets by what they are called.
type canaries map[string][]byte

// in names the secrets that stand in data, in any of the forms. A PEM file has
// line ends in its base64.
func (c canaries) in(data []byte, forms func([]byte) [][]byte) (found []string) {
	if bytes.Contains(data, []byte("-----BEGIN ")) {
		data = slices.Concat(data, bytes.ReplaceAll(data, []byte("\n"), nil))
	}
	for name, secret := range c {
		if slices.ContainsFunc(forms(secret), func(form []byte) bool { return bytes.Contains(data, form) }) {
			found = append(found, name)
		}
	}
	return found
}

// under looks through every file below a folder but those below the folders
// that are left out, and says how many it read.
func (c canaries) under(t *testing.T, root string, but ...string) (found []string, files int) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains(but, path):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(path)
		for _, name := range c.in(data, spellings) {
			found = append(found, name+" in "+path)
		}
		files++
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, files
}
