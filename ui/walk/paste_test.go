package walk

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"certty/ui/ptytest"
)

// TestMergeRootFirst: a request that preserves the chain's order, merged root
// first; what the vault holds is read back and is the leaf.
func TestMergeRootFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("n new")
	term.Keys("n")
	term.WaitText("New request, manual")
	term.Type("CN=ordered.test")
	// Subject, alternative names, name, issuer, key, parts, more.
	term.Keys("tab", "tab", "tab", "tab", "tab", "tab", "enter")
	term.WaitText("- More", "+ Key details")
	// Kept in, exportable, reuse key, content type, preserve order.
	term.Keys("tab", "enter", "tab", "tab", "tab", "tab", "tab", "right")
	term.WaitText("> Preserve order", "the leaf comes first")
	term.Keys("ctrl+s")
	term.WaitText("preserve order    yes", "> [ Back ]")
	choose(t, term, "Create")
	term.WaitFor("the new row", func(s ptytest.Screen) bool { return cursorOn(s, "ordered-test") && s.Contains("waits: merge") })
	if _, pending := w.get("/certificates/ordered-test/pending"); pending["preserveCertOrder"] != true {
		t.Fatalf("the vault holds %v", pending)
	}

	term.Keys("m")
	term.WaitText("Paste the signed certificate")
	term.Paste(string(w.sign("ordered-test")))
	term.WaitText("2 certificates, leaf first", "go on")
	term.Keys("o")
	term.WaitText("2 certificates, root first")
	term.Keys("enter")
	term.WaitText("It becomes the current version at once", "2 certificates, root first")
	choose(t, term, "Merge")
	term.WaitText("ordered-test: merged; read back: leaf and key are right; its chain can't be checked without the secret")
	if _, bundle := w.get("/certificates/ordered-test/"); bundle["preserveCertOrder"] != true || bundle["cer"] == nil {
		t.Errorf("the vault holds %v", bundle)
	}
}

// TestPastedKey: a private key that is pasted by mistake is refused in every
// place that takes a paste, is neither shown nor written anywhere, and nothing
// else that was typed is lost.
func TestPastedKey(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pasted := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	secret := bytes.SplitN(pasted, []byte("\n"), 3)[1]

	w := newWorld(t, true)
	term := w.start()
	term.WaitText("shop-example-com", "n new")
	for _, place := range []struct{ key, title, typed string }{
		{"n", "New request", "CN=kept.test"},
		{"i", "Import a certificate", "kept.pfx"},
	} {
		term.Keys(place.key)
		term.WaitText(place.title)
		term.Type(place.typed)
		term.WaitText(place.typed)
		term.Paste(string(pasted))
		term.WaitText("holds a private key", "Nothing of it was taken or kept", place.typed)
		term.Keys("esc")
		term.WaitGone(place.title)
	}
	on(term, "mail-relay")
	term.Keys("m")
	term.WaitText("Paste the signed certificate")
	term.Paste(string(w.sign("mail-relay")))
	term.WaitText("key matches this request's CSR")
	term.Paste(string(pasted))
	term.WaitText("That holds a private key", "What was there before", "key matches this request's CSR")
	term.Keys("esc")
	term.WaitText("s save CSR")
	term.Keys("s")
	term.WaitText("Save the CSR of mail-relay")
	term.Paste(string(pasted))
	term.WaitText("holds a private key", "mail-relay.csr")
	term.Keys("esc")
	term.WaitGone("Save the CSR of mail-relay")
	term.Keys("q")
	term.Wait()

	if bytes.Contains(term.Output(), secret) {
		t.Error("the key reached the terminal")
	}
	err = filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, secret) {
			t.Errorf("the key was written into %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
