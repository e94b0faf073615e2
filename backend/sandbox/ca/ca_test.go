package ca

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

func open(t testing.TB) *Authority {
	t.Helper()
	a, err := Open(filepath.Join(t.TempDir(), "ca"), at(noon))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func request(t testing.TB, key crypto.Signer, template *x509.CertificateRequest) *x509.CertificateRequest {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	return csr
}

func ecKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestSignVerifies(t *testing.T) {
	a := open(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		key      crypto.Signer
		template x509.CertificateRequest
		host     string
		usage    x509.KeyUsage
	}{
		{"EC with SANs", ecKey(t), x509.CertificateRequest{Subject: pkix.Name{CommonName: "shop"}, DNSNames: []string{"shop.example.com", "www.example.com"}}, "www.example.com", x509.KeyUsageDigitalSignature},
		{"RSA, common name only", rsaKey, x509.CertificateRequest{Subject: pkix.Name{CommonName: "api.example.com"}}, "api.example.com", x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment},
		{"address", ecKey(t), x509.CertificateRequest{IPAddresses: []net.IP{net.IPv4(192, 0, 2, 1)}}, "192.0.2.1", x509.KeyUsageDigitalSignature},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			csr := request(t, tt.key, &tt.template)
			chain, err := a.Sign(csr, Profile{})
			if err != nil {
				t.Fatal(err)
			}
			between := x509.NewCertPool()
			between.AddCert(chain.Intermediate)
			if _, err := chain.Leaf.Verify(x509.VerifyOptions{
				DNSName: tt.host, Roots: a.Pool(), Intermediates: between, CurrentTime: noon,
				KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
			}); err != nil {
				t.Error(err)
			}
			if !bytes.Equal(chain.Leaf.RawSubject, csr.RawSubject) {
				t.Errorf("subject is %s, not the request's %s", chain.Leaf.Subject, csr.Subject)
			}
			if got := chain.Leaf.NotAfter.Sub(chain.Leaf.NotBefore) + time.Second; got != DefaultLifetime {
				t.Errorf("lives %s, want %s", got, DefaultLifetime)
			}
			if chain.Leaf.KeyUsage != tt.usage {
				t.Errorf("key usage %b, want %b", chain.Leaf.KeyUsage, tt.usage)
			}
			if !bytes.Equal(chain.Leaf.AuthorityKeyId, chain.Intermediate.SubjectKeyId) || len(chain.Leaf.SubjectKeyId) == 0 {
				t.Error("key identifiers don't link leaf and intermediate")
			}
			if chain.Leaf.IsCA || !chain.Leaf.BasicConstraintsValid {
				t.Error("the leaf does not say that it is no CA")
			}
		})
	}
}

func TestSignTakesOverUnknownAlternativeNames(t *testing.T) {
	// A UPN is an otherName, which crypto/x509 drops.
	value, err := asn1.Marshal([]asn1.RawValue{{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true,
		Bytes: []byte{0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x14, 0x02, 0x03, 0xa0, 0x05, 0x0c, 0x03, 'a', '@', 'b'}}})
	if err != nil {
		t.Fatal(err)
	}
	csr := request(t, ecKey(t), &x509.CertificateRequest{ExtraExtensions: []pkix.Extension{{Id: oidSAN, Value: value}}})
	chain, err := open(t).Sign(csr, Profile{})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(chain.Leaf.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidSAN) })
	if i < 0 || !bytes.Equal(chain.Leaf.Extensions[i].Value, value) {
		t.Error("the alternative names are not the request's")
	}
}

func TestSignFollowsProfile(t *testing.T) {
	client := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}
	chain, err := open(t).Sign(request(t, ecKey(t), &x509.CertificateRequest{}), Profile{
		NotBefore: noon.AddDate(0, -1, 0), Lifetime: 47 * 24 * time.Hour,
		ExtKeyUsage: []asn1.ObjectIdentifier{client}, KeyUsage: x509.KeyUsageContentCommitment,
	})
	if err != nil {
		t.Fatal(err)
	}
	leaf := chain.Leaf
	if !leaf.NotBefore.Equal(noon.AddDate(0, -1, 0)) || !leaf.NotAfter.Equal(noon.AddDate(0, -1, 47).Add(-time.Second)) {
		t.Errorf("valid %s … %s", leaf.NotBefore, leaf.NotAfter)
	}
	if !slices.Equal(leaf.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}) || leaf.KeyUsage != x509.KeyUsageContentCommitment {
		t.Errorf("usages %v %v", leaf.ExtKeyUsage, leaf.KeyUsage)
	}
}

func TestSignRefusesForeignSignature(t *testing.T) {
	csr := request(t, ecKey(t), &x509.CertificateRequest{Subject: pkix.Name{CommonName: "a.example.com"}})
	csr.PublicKey = ecKey(t).Public()
	if _, err := open(t).Sign(csr, Profile{}); err == nil {
		t.Error("signed a request that does not prove its key")
	}
}

func TestServerCertificate(t *testing.T) {
	a := open(t)
	cert, err := a.ServerCertificate()
	if err != nil {
		t.Fatal(err)
	}
	between := x509.NewCertPool()
	between.AddCert(a.intermediate)
	for _, name := range []string{"127.0.0.1", "::1", "localhost"} {
		if _, err := cert.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: a.Pool(), Intermediates: between, CurrentTime: noon.AddDate(3, 0, 0)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenKeepsOneAuthority(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state", "ca")
	const openers = 8
	roots := make([][]byte, openers)
	var wg sync.WaitGroup
	for i := range openers {
		wg.Go(func() {
			a, err := Open(dir, at(noon))
			if err != nil {
				t.Error(err)
				return
			}
			roots[i] = a.RootPEM()
		})
	}
	wg.Wait()
	for _, root := range roots[1:] {
		if !bytes.Equal(root, roots[0]) {
			t.Fatal("two authorities in one folder")
		}
	}
	assertModes(t, dir)
	if left, _ := filepath.Glob(dir + ".new-*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func assertModes(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s is %o, want %o", path, got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLoadErrors(t *testing.T) {
	if _, err := Load(t.TempDir(), at(noon)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: %v, want fs.ErrNotExist", err)
	}
	dir := filepath.Join(t.TempDir(), "ca")
	if _, err := Open(dir, at(noon)); err != nil {
		t.Fatal(err)
	}
	other, err := x509.MarshalPKCS8PrivateKey(ecKey(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"not PEM":   []byte("hello"),
		"other key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: other}),
	} {
		if err := os.WriteFile(filepath.Join(dir, intermediateKeyFile), content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, at(noon)); err == nil {
			t.Errorf("%s: a broken folder was opened", name)
		}
	}
}

func TestChainPEM(t *testing.T) {
	chain, err := open(t).Sign(request(t, ecKey(t), &x509.CertificateRequest{}), Profile{})
	if err != nil {
		t.Fatal(err)
	}
	l, i, r := chain.Leaf.Raw, chain.Intermediate.Raw, chain.Root.Raw
	for order, want := range map[Order][][]byte{LeafFirst: {l, i, r}, RootFirst: {r, i, l}, Shuffled: {i, l, r}} {
		rest := chain.PEM(order)
		for n, der := range want {
			var block *pem.Block
			if block, rest = pem.Decode(rest); block == nil || !bytes.Equal(block.Bytes, der) {
				t.Errorf("%s: item %d is another certificate", order, n)
			}
		}
	}
	if _, err := ParseOrder("backwards"); err == nil {
		t.Error("ParseOrder took an order that there is not")
	}
	if o, err := ParseOrder(""); o != LeafFirst || err != nil {
		t.Errorf("ParseOrder of nothing: %q, %v", o, err)
	}
}

func FuzzParseRequest(f *testing.F) {
	key := ecKey(f)
	csr := request(f, key, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "a.example.com"}, DNSNames: []string{"a.example.com"}})
	f.Add(csr.Raw)
	f.Add(append([]byte("From the vault:\r\n"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: csr.Raw})...))
	f.Add([]byte("-----BEGIN CERTIFICATE REQUEST-----\n-----END CERTIFICATE REQUEST-----\n"))
	a := open(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		csr, err := ParseRequest(data)
		if err != nil {
			return
		}
		// Whatever passes as a request can be signed, or is refused with an error.
		chain, err := a.Sign(csr, Profile{})
		if err != nil {
			return
		}
		if err := chain.Leaf.CheckSignatureFrom(chain.Intermediate); err != nil {
			t.Error(err)
		}
	})
}
