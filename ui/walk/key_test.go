package walk

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	java "github.com/pavlo-v-chernykh/keystore-go/v4"

	"certty/backend/sandbox/scmserver"
	"certty/ui/ptytest"
)

// newCSR is a certificate request in PEM, and the key it is for.
func newCSR(t *testing.T, names ...string) (crypto.Signer, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: names[0]}, DNSNames: names}, key)
	if err != nil {
		t.Fatal(err)
	}
	return key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

// issuedFor wants the newest order of a name to be issued, for a key.
func (w *world) issuedFor(name string, key crypto.PublicKey) scmserver.Order {
	w.t.Helper()
	o := w.orderAt(name)
	leaf, err := x509.ParseCertificate(o.Leaf)
	if err != nil {
		w.t.Fatalf("the order for %s is %s: %v", name, o.Status, err)
	}
	if public, ok := key.(interface{ Equal(crypto.PublicKey) bool }); !ok || !public.Equal(leaf.PublicKey) {
		w.t.Errorf("the certificate of %s is for another key", name)
	}
	return o
}

// sendOrder confirms the form of an order that is filled in.
func (w *world) sendOrder(term *ptytest.Terminal, name string, says ...string) {
	w.t.Helper()
	before := len(w.enrolled(name))
	term.Keys("ctrl+s")
	term.WaitText(append([]string{"Order " + name + " (sectigo)", "> [ Back ]"}, says...)...)
	if n := len(w.enrolled(name)); n != before {
		w.t.Fatal("sent before it was confirmed")
	}
	choose(w.t, term, "Order")
	waitUntil(w.t, "the order of "+name, func() bool { return len(w.enrolled(name)) > before })
	// News of an order before this one may still stand there, and the question
	// covers the form's title.
	term.WaitFor("the form to close", func(s ptytest.Screen) bool {
		return s.Contains(name+": ordered") && !s.Contains("New order (sectigo)") && !s.Contains("[ Order ]")
	})
	if n := len(w.enrolled(name)); n != before+1 {
		w.t.Fatalf("%d orders for %s at the account, want %d", n, name, before+1)
	}
}

// chooseTo turns a choice that has the focus until it is the wanted one.
func chooseTo(term *ptytest.Terminal, option string) {
	for range 12 {
		place := chosen(term.WaitFor("a choice", func(s ptytest.Screen) bool { return chosen(s) != "" }))
		if strings.Contains(place, "(*) "+option) || strings.Contains(place, "< "+option+" >") {
			return
		}
		term.Keys("right")
		term.WaitFor("another choice than "+place, func(s ptytest.Screen) bool { now := chosen(s); return now != "" && now != place })
	}
	term.WaitFor("the choice "+option, func(ptytest.Screen) bool { return false })
}

// toOrder is onOrder for a screen that is wide enough for the name: it waits for
// no line that news may cover.
func toOrder(term *ptytest.Terminal, name string) {
	term.Keys("/")
	term.Type("name:" + name)
	term.WaitFor("only "+name, func(s ptytest.Screen) bool {
		i := s.Line("> ")
		return i >= 0 && cursorOn(s, name) && strings.HasPrefix(s.Lines[i+1], "      ") && s.Contains(name+"  sectigo")
	})
	term.Keys("enter")
}

// TestKeysOfOrders orders for a CSR that is pasted, orders again like that with
// a CSR from a file, and orders with a key that is made here, whose keystore is
// made in Java's form. The account's certificates are for these keys.
func TestKeysOfOrders(t *testing.T) {
	t.Parallel()
	const name, other, javaName = "pasted.example.com", "www.pasted.example.com", "java.example.com"
	w := newWorld(t, true)
	w.withAccount()
	pasted, csr := newCSR(t, name, other)
	filed, file := newCSR(t, name, other)
	w.write(filepath.Join(w.dir, "again.csr"), file)
	term := w.startWith(ptytest.Options{Cols: 160, Rows: 50})
	term.WaitText("● sectigo", "● prod")

	term.Keys("b")
	term.WaitText("New order (sectigo)", "Example Inc (1697)", "ctrl+r syncs it")
	term.Paste("Hello,\n" + csr + "\nbest regards")
	term.WaitText("pasted CSR", "for "+name+", EC P-256; names "+other)
	tabTo(term, "Cost centre")
	term.Type("4711")
	tabTo(term, "Description")
	term.Type("brought by a walk")
	w.sendOrder(term, name, "EC P-256, of the CSR, which stays where it is", other)
	w.moveClock(time.Minute)
	first := w.issuedFor(name, pasted.Public())

	toOrder(term, name)
	term.WaitText("t order again")
	term.Keys("t")
	term.WaitText("New order (sectigo)", name, other, "4711", "brought by a walk")
	tabTo(term, "Key")
	chooseTo(term, "CSR file")
	tabTo(term, "CSR file")
	term.Type("again.csr")
	w.sendOrder(term, name, "EC P-256, of the CSR, which stays where it is", other, "brought by a walk")
	w.moveClock(time.Minute)
	second := w.issuedFor(name, filed.Public())
	if words := strings.Fields(second.Comments); first.ID == second.ID || first.Profile != second.Profile || first.Term != second.Term ||
		!strings.HasSuffix(second.Comments, " brought by a walk") || strings.HasPrefix(first.Comments, words[0]) {
		t.Errorf("ordered like %+v was %+v", first, second)
	}

	term.Keys("esc", "b")
	term.WaitFor("the form", func(s ptytest.Screen) bool {
		return s.Contains("New order (sectigo)", "ctrl+r syncs it") && focus(s) == "Common name"
	})
	term.Type(javaName)
	tabTo(term, "Key algorithm")
	chooseTo(term, "EC")
	tabTo(term, "Keystore")
	chooseTo(term, "JKS")
	tabTo(term, "Password")
	term.Type(keystorePassword)
	tabTo(term, "Password again")
	term.Type(keystorePassword)
	tabTo(term, "Cost centre")
	term.Type("4711")
	w.sendOrder(term, javaName, "EC P-256, made here", "JKS")
	w.moveClock(time.Minute)
	toOrder(term, javaName)
	term.Keys("c")
	term.WaitText("make keystore", "K keystore")
	term.Keys("K")
	term.WaitText("Keystore of "+javaName, "JKS protects the key weakly")
	tabTo(term, "Password")
	term.Type(keystorePassword)
	term.Keys("ctrl+s")
	term.WaitText("keystore saved")
	w.issuedFor(javaName, openJKS(t, w.read(javaName+".jks")).Public())
	w.keytool(javaName + ".jks")
	quit(t, term)
	w.secretless(string(term.Output()))
}

// openJKS gives the key of a keystore in Java's form.
func openJKS(t *testing.T, data []byte) crypto.Signer {
	t.Helper()
	store := java.New()
	if err := store.Load(bytes.NewReader(data), []byte(keystorePassword)); err != nil {
		t.Fatal(err)
	}
	entry, err := store.GetPrivateKeyEntry(store.Aliases()[0], []byte(keystorePassword))
	if err != nil || len(entry.CertificateChain) < 2 {
		t.Fatalf("%d certificates, %v", len(entry.CertificateChain), err)
	}
	key, err := x509.ParsePKCS8PrivateKey(entry.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return key.(crypto.Signer)
}

// keytool has Java list a keystore, where Java is.
func (w *world) keytool(file string) {
	w.t.Helper()
	path, err := exec.LookPath("keytool")
	if err != nil {
		w.t.Log("keytool is not here; its verdict is not asked")
		return
	}
	w.write(filepath.Join(w.dir, "keystore"), keystorePassword)
	out, err := exec.CommandContext(w.t.Context(), path, "-list", "-keystore", filepath.Join(w.dir, file), "-storepass:file", filepath.Join(w.dir, "keystore")).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("PrivateKeyEntry")) {
		w.t.Errorf("keytool: %v\n%s", err, out)
	}
}
