package vaultserver

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func TestRequestKeys(t *testing.T) {
	b := newBench(t)
	tests := []struct{ name, props, kind string }{
		{"default", `{}`, "RSA 2048"},
		{"rsa-3072", `{"kty":"RSA-HSM","key_size":3072}`, "RSA 3072"},
		{"p-256", `{"kty":"EC"}`, "EC P-256"},
		{"p-384", `{"kty":"EC","crv":"P-384"}`, "EC P-384"},
		{"p-521", `{"kty":"EC-HSM","crv":"P-521"}`, "EC P-521"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := b.send(http.MethodPost, "/certificates/"+tt.name+"/create", `{"policy":{"key_props":`+tt.props+`,"x509_props":{"subject":"CN=a"}}}`).want(http.StatusAccepted)
			csr, err := x509.ParseCertificateRequest(res.csr())
			if err != nil {
				t.Fatal(err)
			}
			if err := csr.CheckSignature(); err != nil {
				t.Error(err)
			}
			if got := kindOf(csr.PublicKey); got != tt.kind {
				t.Errorf("key %s, want %s", got, tt.kind)
			}
		})
	}
}

// Making an RSA 4096 key takes too long for a test; that it would be made is
// seen from the completed policy.
func TestLargestKeyIsAccepted(t *testing.T) {
	p, f := complete(&Policy{Key: &KeyProperties{Kty: "RSA", Size: 4096}, X509: &X509Properties{Subject: "CN=a"}})
	if f != nil || wantedKind(p.Key) != "RSA 4096" {
		t.Errorf("%v, %v", p.Key, f)
	}
}

const fullPolicy = `{"policy":{"key_props":{"kty":"EC"},"x509_props":{
	"subject":"C=US, O=\"Example, Inc.\", CN=shop.example.com",
	"sans":{"dns_names":["shop.example.com"],"emails":["a@example.com"],"upns":["ada@example.com"],"uris":["https://example.com/a"],"ipAddresses":["192.0.2.1","2001:db8::1"]},
	"ekus":["1.3.6.1.5.5.7.3.1"],"key_usage":["digitalSignature","decipherOnly"]}}}`

func TestRequestContent(t *testing.T) {
	res := newBench(t).send(http.MethodPost, "/certificates/shop/create", fullPolicy).want(http.StatusAccepted)
	csr, err := x509.ParseCertificateRequest(res.csr())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := csr.Subject.ToRDNSequence().String(), `C=US,O=Example\, Inc.,CN=shop.example.com`; !sameSubject(t, csr.RawSubject, want) {
		t.Errorf("subject %s, want %s", got, want)
	}
	if !slices.Equal(csr.DNSNames, []string{"shop.example.com"}) || !slices.Equal(csr.EmailAddresses, []string{"a@example.com"}) ||
		len(csr.URIs) != 1 || len(csr.IPAddresses) != 2 || csr.IPAddresses[1].String() != "2001:db8::1" {
		t.Errorf("names %v %v %v %v", csr.DNSNames, csr.EmailAddresses, csr.URIs, csr.IPAddresses)
	}
	var order []string
	for _, e := range csr.Extensions {
		order = append(order, e.Id.String())
		if e.Id.Equal(oidKeyUsage) && (!e.Critical || hex.EncodeToString(e.Value) != "0303078080") {
			t.Errorf("key usage %x, critical %v", e.Value, e.Critical)
		}
		if e.Id.Equal(oidSAN) && !bytes.Contains(e.Value, []byte("\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03\xa0\x11\x0c\x0fada@example.com")) {
			t.Errorf("no UPN in %x", e.Value)
		}
	}
	if want := []string{"2.5.29.15", "2.5.29.37", "2.5.29.17", "2.5.29.19"}; !slices.Equal(order, want) {
		t.Errorf("extensions %v, want %v as recorded", order, want)
	}
}

func sameSubject(t *testing.T, der []byte, want string) bool {
	t.Helper()
	var seq pkix.RDNSequence
	if _, err := asn1.Unmarshal(der, &seq); err != nil {
		t.Fatal(err)
	}
	return seq.String() == want
}

func TestOpenSSLTakesTheRequest(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed here")
	}
	res := newBench(t).send(http.MethodPost, "/certificates/shop/create", fullPolicy).want(http.StatusAccepted)
	cmd := exec.CommandContext(t.Context(), openssl, "req", "-verify", "-noout", "-text")
	cmd.Stdin = bytes.NewReader(pemRequest(res.csr()))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []string{"Digital Signature, Decipher Only", "DNS:shop.example.com", "TLS Web Server Authentication"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("openssl does not see %q in:\n%s", want, out)
		}
	}
}
