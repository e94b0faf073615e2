package walk

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/ui/ptytest"
)

// create fills the form of a new request in, a subject and an issuer, and sends
// it.
func create(t *testing.T, term *ptytest.Terminal, subject, issuer string) {
	t.Helper()
	term.WaitText("n new")
	term.Keys("n")
	term.WaitText("New request, manual")
	term.Type(subject)
	// Subject, alternative names, name, issuer.
	term.Keys("tab", "tab", "tab")
	// The vault's issuers are there a moment after the form.
	term.WaitCard("New request, ", "> Issuer", "The others are set up in the vault.")
	chooseTo(term, issuer)
	term.WaitText("New request, " + issuer)
	term.Keys("ctrl+s")
	term.WaitText("> [ Back ]", "/create")
	choose(t, term, "Create")
}

func stands(name, state string) func(ptytest.Screen) bool {
	return func(s ptytest.Screen) bool {
		i := s.Line("> ")
		return i >= 0 && cursorOn(s, name) && strings.Contains(s.Lines[i], state)
	}
}

// TestIssuers: a request with Self and one with a CA complete by themselves
// while somebody watches; a strict CA's refusal is shown in its own words.
func TestIssuers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("shop-example-com", "n new")
	create(t, term, "CN=self.test", "Self")
	term.WaitFor("the row that signs itself", func(s ptytest.Screen) bool { return cursorOn(s, "self-test") })
	w.moveClock(time.Minute)
	term.WaitFor("Self completed", stands("self-test", "completed"))

	create(t, term, "CN=ordered.test", "contoso-ca")
	term.WaitFor("the ordered row", func(s ptytest.Screen) bool { return cursorOn(s, "ordered-test") })
	w.moveClock(time.Minute)
	term.WaitFor("contoso-ca completed", stands("ordered-test", "completed"))

	create(t, term, "CN=refused.test", "strict-ca")
	term.WaitFor("the row that is refused", func(s ptytest.Screen) bool { return cursorOn(s, "refused-test") })
	w.moveClock(time.Minute)
	term.WaitFor("strict-ca failed", stands("refused-test", "failed"))
	_, pending := w.get("/certificates/refused-test/pending")
	message := pending["error"].(map[string]any)["message"].(string)
	term.Keys("enter")
	term.WaitText(strings.Join(strings.Fields(message)[:3], " "))
	term.Keys("esc")
	for _, name := range []string{"self-test", "ordered-test"} {
		if status, bundle := w.get("/certificates/" + name + "/"); status != 200 || bundle["cer"] == nil {
			t.Errorf("%s: the vault holds %d %v", name, status, bundle)
		}
	}
}

// TestRenewal: the policy is changed as a difference, and the next version is
// asked for from what is stored then.
func TestRenewal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("n new")
	create(t, term, "CN=renewed.test", "Self")
	term.WaitFor("the row", func(s ptytest.Screen) bool { return cursorOn(s, "renewed-test") })
	w.moveClock(time.Minute)
	term.WaitFor("completed", stands("renewed-test", "completed"))

	term.Keys("p")
	term.WaitText("Policy of renewed-test", "CN=renewed.test")
	// Subject, alternative names, issuer, key, parts, more.
	term.Keys("tab", "tab", "tab", "tab", "tab", "enter")
	term.WaitText("- More", "+ Validity and renewal")
	term.Keys("tab", "tab", "tab", "enter", "tab")
	term.WaitText("> Validity in months  12")
	term.Keys("backspace", "backspace")
	term.Type("24")
	term.Keys("ctrl+s")
	term.WaitText("- was  12 months", "+ now  24 months", "PATCH /certificates/renewed-test/policy", "> [ Back ]")
	choose(t, term, "Change")
	term.WaitText("renewed-test: policy changed")
	_, policy := w.get("/certificates/renewed-test/policy")
	if months := policy["x509_props"].(map[string]any)["validity_months"]; months != 24.0 {
		t.Errorf("the vault holds a policy of %v months", months)
	}

	_, before := w.get("/certificates/renewed-test/")
	term.Keys("v")
	term.WaitText("New version of renewed-test", "24 months", "> [ Back ]")
	choose(t, term, "Ask for it")
	term.WaitText("renewed-test: new version asked")
	w.moveClock(time.Minute)
	waitUntil(t, "the new version", func() bool {
		_, after := w.get("/certificates/renewed-test/")
		return after["x5t"] != before["x5t"]
	})
	if _, pending := w.get("/certificates/renewed-test/pending"); pending["status"] != "completed" {
		t.Errorf("the request is %v", pending["status"])
	}
}

// TestImport: a PEM file goes into the vault, and no byte of its key reaches the
// screen.
func TestImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	bundle := newBundle(t, "imported.test")
	w.write(filepath.Join(w.dir, "bundle.pem"), bundle)
	term := w.start()
	term.WaitText("i import")
	term.Keys("i")
	term.WaitText("Import a certificate with its key")
	term.Type("bundle.pem")
	term.Keys("tab")
	term.WaitText("a private key (EC P-256", "CN=imported.test", "imported-test")
	term.Keys("ctrl+s")
	term.WaitText("/certificates/imported-test/import", "> [ Back ]")
	choose(t, term, "Import")
	term.WaitFor("the imported row", stands("imported-test", "valid"))
	if status, held := w.get("/certificates/imported-test/"); status != 200 || held["cer"] == nil {
		t.Errorf("the vault holds %d %v", status, held)
	}
	for line := range strings.Lines(bundle) {
		if line = strings.TrimSpace(line); len(line) > 20 && strings.Contains(string(term.Output()), line) {
			t.Errorf("the screen showed %q", line)
		}
	}
}

// newPair is a key and its certificate, DER.
func newPair(t *testing.T, name string) (key *ecdsa.PrivateKey, der []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(0, 6, 0)}
	if der, err = x509.CreateCertificate(rand.Reader, template, template, key.Public(), key); err != nil {
		t.Fatal(err)
	}
	return key, der
}

// newBundle is a PEM file of a key and its certificate.
func newBundle(t *testing.T, name string) string {
	t.Helper()
	key, cert := newPair(t, name)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})) +
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
}
