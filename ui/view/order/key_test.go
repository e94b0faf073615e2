package order_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certty/model"
	"certty/model/x5c"
	"certty/ui/view/order"
	"certty/ui/view/viewtest"
)

// request makes a CSR, DER.
func request(t testing.TB, curve elliptic.Curve, cn string, names ...string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: cn}, DNSNames: names}, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func armor(der []byte) string { return string(x5c.EncodeCSR(der)) }

func TestPastedCSR(t *testing.T) {
	d := newDesk(t)
	d.Open(order.New(d.Session, viewtest.AccountName))
	csr := request(t, elliptic.P256(), "api.example.com", "api.example.com", "www.example.com")
	// Wherever the focus is: nothing else looks like this.
	d.paste("Hello,\r\n" + strings.ReplaceAll(armor(csr), "\n", "\r") + "\rbest regards")
	d.Sees("Common name api.example.com", "Other names www.example.com", "< pasted CSR >", "for api.example.com, EC P-256; names www.example.com")
	d.fill("Cost centre", "4711")
	d.Press("ctrl+s")
	d.Sees("EC P-256, of the CSR, which stays where it is")
	d.Press("tab", "enter")
	d.sent("order api.example.com")
	if h := d.held(); string(h.Spec.CSR) != string(csr) || len(h.Keys) != 0 || !slices.Equal(h.Spec.SANs, []string{"www.example.com"}) {
		t.Errorf("%+v", h)
	}
}

func TestCSRThatCantBeUsed(t *testing.T) {
	good := armor(request(t, elliptic.P256(), "api.example.com"))
	certificate := viewtest.NewAuthority(t).Root
	for name, tt := range map[string]struct{ paste, says string }{
		"another name":  {armor(request(t, elliptic.P256(), "other.example.com")), "the CSR is for other.example.com, and the name is taken from there"},
		"another key":   {armor(request(t, elliptic.P521(), "api.example.com")), "the profile takes no EC P-521 key; it takes EC P-256"},
		"cut off":       {good[:len(good)/2], "no certificate request is in it"},
		"damaged":       {strings.Replace(good, "MI", "AA", 1), "cut off or damaged"},
		"a certificate": {string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})), "this is a certificate"},
		"two":           {good + armor(request(t, elliptic.P256(), "api.example.com")), "more than one"},
		"prose":         {"see attachment", "no certificate request is in it"},
		"nothing":       {"", "a certificate request is needed"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.Open(order.New(d.Session, viewtest.AccountName))
			d.Press("api.example.com")
			d.fill("Cost centre", "1")
			d.choose("Key ", "pasted CSR")
			d.to("CSR ")
			d.paste(tt.paste)
			d.Press("ctrl+s")
			d.Sees("New order (sectigo)", tt.says)
			d.sent()
		})
	}
}

// A private key is taken neither by a paste nor by typing, and is not shown.
func TestPrivateKeyIsRefused(t *testing.T) {
	der, err := x509.MarshalPKCS8PrivateKey(viewtest.Key(t))
	if err != nil {
		t.Fatal(err)
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	d := newDesk(t)
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.choose("Key ", "pasted CSR")
	d.to("CSR ")
	d.paste(key)
	d.Sees("That paste holds a private key. Nothing of it was taken")
	d.paste(key + armor(request(t, elliptic.P256(), "a.example.com")))
	d.Sees("That paste holds a private key.")
	d.Press(strings.ReplaceAll(key, "\n", " "))
	d.Press("ctrl+s")
	for part := range strings.FieldsSeq(key) {
		if len(part) > 20 && strings.Contains(d.Frame(), part[:20]) {
			t.Fatalf("a part of it is shown:\n%s", d.Frame())
		}
	}
}

func TestCSRFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.csr")
	if err := os.WriteFile(path, request(t, elliptic.P256(), "api.example.com", "static.example.com"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.fill("Cost centre", "4711")
	d.choose("Key ", "CSR file")
	d.fill("CSR file", filepath.Join(dir, "none.csr"), "ctrl+s")
	d.Sees("not read:", "there is no file")
	d.fill("CSR file", strings.Split(strings.Repeat("backspace ", len("none.csr")), " ")[:len("none.csr")]...)
	// What is in the file is all that is missing: the question follows it.
	d.Press("a.csr", "ctrl+s")
	d.Sees("Order api.example.com (sectigo)", "other names static.example.com")
	d.Press("tab", "enter")
	d.sent("order api.example.com")
}

// The key that orders, pressed at a vault's request that waits for a merge, takes its
// CSR; at any other row the form is empty.
func TestOrderAtARequest(t *testing.T) {
	d := newDesk(t)
	d.Put(viewtest.Item("prod", "shop-example-com", func(it *model.Item) {
		viewtest.Pending(it, model.Request{ID: "1", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: model.IssuerUnknown}, CSR: request(t, elliptic.P256(), "shop.example.com")})
		viewtest.Unissued(it)
	}), viewtest.Item("test", "www", nil))
	d.Open(order.NewAt(d.Session, []string{viewtest.AccountName}, d.Row("prod", "shop-example-com")))
	d.Sees("Common name shop.example.com", "< vault request >")
	d.fill("Cost centre", "4711")
	d.Press("ctrl+s")
	d.Sees("of the vault's request shop-example-com (prod), which stays in the vault")
	d.Press("tab", "enter")
	d.sent("order shop.example.com")

	d.Open(order.NewAt(d.Session, []string{viewtest.AccountName}, d.Row("test", "www")))
	d.Sees("Key < made here >")
}

func TestVaultRequest(t *testing.T) {
	waits := func(csr []byte) *model.Item {
		return viewtest.Item("prod", "shop-example-com", func(it *model.Item) {
			viewtest.Pending(it, model.Request{ID: "1", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: model.IssuerUnknown}, CSR: csr})
			viewtest.Unissued(it)
		})
	}
	open := func() *desk {
		d := newDesk(t)
		d.Put(waits(request(t, elliptic.P256(), "shop.example.com")), viewtest.Item("test", "www", nil))
		d.Open(order.New(d.Session, viewtest.AccountName))
		d.fill("Cost centre", "4711")
		d.choose("Key ", "vault request")
		return d
	}
	d := open()
	d.Sees("(*) shop-example-com (prod)", "for shop.example.com, EC P-256", "Common name shop.example.com")
	d.Press("ctrl+s")
	d.Sees("of the vault's request shop-example-com (prod), which stays in the vault")
	d.Press("tab", "enter")
	d.sent("order shop.example.com")

	// It is merged meanwhile: no other one takes its place.
	d = open()
	d.Put(viewtest.Item("prod", "shop-example-com", nil), viewtest.Item("test", "api", func(it *model.Item) {
		viewtest.Pending(it, model.Request{ID: "2", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: model.IssuerUnknown}, CSR: request(t, elliptic.P256(), "api.example.com")})
	}))
	d.Press("ctrl+s")
	d.Sees("this request does not wait for a merge any more")

	d = newDesk(t)
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.choose("Key ", "vault request")
	d.Press("ctrl+s")
	d.to("Vault request")
	d.Sees("no vault has a request that waits for a merge")
	d.sent()
}

// A key that was ordered for is not ordered for again, unless somebody says so.
func TestHeldKey(t *testing.T) {
	csr := request(t, elliptic.P256(), "api.example.com")
	reference, err := model.OrderReference(csr, 1)
	if err != nil {
		t.Fatal(err)
	}
	for step, again := range map[model.RecordStep]bool{
		model.StepPlaced: true, model.StepCollected: true, model.StepPrepared: false, model.StepSending: false, model.StepUndecided: false,
	} {
		// The row may be on the screen before anything is asked, or be found by
		// the call.
		for _, shown := range []bool{true, false} {
			d := newDesk(t)
			it := d.Unplaced(reference, "api.example.com", step)
			if shown {
				d.Put(it)
			}
			d.Open(order.New(d.Session, viewtest.AccountName))
			d.paste(armor(csr))
			d.fill("Cost centre", "1")
			d.Press("ctrl+s")
			if !shown {
				d.Press("tab", "enter")
			}
			d.Sees("This key was ordered for already", "The order for api.example.com has this key.", "Nothing was sent.", "g go to that order")
			if got := strings.Contains(d.Frame(), "order for this key once more"); got != again {
				t.Errorf("%s: ordering again is offered: %t\n%s", step, got, d.Frame())
			}
			d.sent()
			if !again {
				continue
			}
			d.Press("a")
			d.Sees("This key was ordered for already. This is another order, and costs another certificate.", "> [ Back ]")
			d.Press("tab", "enter")
			d.sent("order api.example.com")
			if len(d.Shelf.Holdings) != 2 {
				t.Errorf("%d holdings", len(d.Shelf.Holdings))
			}
		}
	}
}

// A challenge password in a CSR is a secret that everybody reads who gets the CSR:
// that is said before it is sent, and the password itself nowhere.
func TestChallengePassword(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "challenge.pem"))
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.paste(string(data))
	d.fill("Cost centre", "4711")
	d.Sees("a challenge password stands in the CSR (RFC 2985): it goes to SCM in clear text with it, and stays readable in the local state here")
	d.Press("ctrl+s")
	d.Sees("careful a challenge password stands in the CSR", "> [ Back ]")
	if strings.Contains(d.Frame(), "open-sesame") {
		t.Errorf("it is shown:\n%s", d.Frame())
	}
	d.Press("enter")
	d.paste(armor(request(t, elliptic.P256(), "shop.example.com")))
	if strings.Contains(d.Frame(), "challenge password") {
		t.Errorf("of another CSR:\n%s", d.Frame())
	}
}
