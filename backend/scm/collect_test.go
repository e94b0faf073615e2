package scm

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"

	"certty/backend"
)

// chainOf makes a root and a leaf, DER.
func chainOf(t testing.TB) (root, leaf []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root"}, NotBefore: noon, NotAfter: noon.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	if root, err = x509.CreateCertificate(rand.Reader, authority, authority, key.Public(), key); err != nil {
		t.Fatal(err)
	}
	server := &x509.Certificate{SerialNumber: big.NewInt(0xa3e), Subject: pkix.Name{CommonName: "shop"}, NotBefore: noon, NotAfter: noon.Add(time.Hour)}
	if leaf, err = x509.CreateCertificate(rand.Reader, server, authority, key.Public(), key); err != nil {
		t.Fatal(err)
	}
	return root, leaf
}

func pemOf(label string, ders ...[]byte) []byte {
	var out bytes.Buffer
	for _, der := range ders {
		_ = pem.Encode(&out, &pem.Block{Type: label, Bytes: der})
	}
	return out.Bytes()
}

func TestCollectReadsEveryForm(t *testing.T) {
	root, leaf := chainOf(t)
	bundle, err := pkcs7.DegenerateCertificate(slices.Concat(root, leaf))
	if err != nil {
		t.Fatal(err)
	}
	file := func(body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/octet-stream;charset=UTF-8")
			_, _ = w.Write(body)
		}
	}
	for name, test := range map[string]struct {
		x509, base64 http.HandlerFunc
		calls        int
	}{
		"PEM, root first":                 {file(pemOf("CERTIFICATE", root, leaf)), nil, 1},
		"PEM, leaf first":                 {file(pemOf("CERTIFICATE", leaf, root)), nil, 1},
		"CRLF":                            {file(bytes.ReplaceAll(pemOf("CERTIFICATE", leaf, root), []byte("\n"), []byte("\r\n"))), nil, 1},
		"PKCS#7 though PEM was asked for": {file(pemOf("PKCS7", bundle)), nil, 1},
		"PKCS#7, DER":                     {file(bundle), nil, 1},
		"the format is unknown":           {answering(400, `{"code":-1450,"description":"Unsupported certificate format specified: x509"}`), file(pemOf("PKCS7", bundle)), 2},
		"the format is not heeded":        {file([]byte("nothing of use")), file(pemOf("PKCS7", bundle)), 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.on("GET /api/ssl/v1/collect/7", func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("format") == "x509" {
					test.x509(w, r)
					return
				}
				test.base64(w, r)
			})
			ref := row(7)
			ref.Revision = "0A:3E"
			chain, err := s.client(t).Collect(t.Context(), ref)
			if err != nil || len(chain) != 2 || !slices.ContainsFunc(chain, func(der []byte) bool { return bytes.Equal(der, leaf) }) {
				t.Errorf("%d certificates, %v", len(chain), err)
			}
			if len(s.requests()) != test.calls {
				t.Errorf("called %v", s.requests())
			}
		})
	}
}

// TestCollectThatIsNoCertificate tells "not yet" from everything that looks like
// it: a client that takes any error for it polls for ever.
func TestCollectThatIsNoCertificate(t *testing.T) {
	_, leaf := chainOf(t)
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		kind   backend.ErrorKind
		state  backend.StateError
	}{
		"being processed":      {answering(400, `{"code":0,"description":"Being processed by Sectigo"}`), backend.KindState, backend.StateNotIssued},
		"before the rename":    {answering(400, `{"code":0,"description":"Being processed by Comodo"}`), backend.KindState, backend.StateNotIssued},
		"not approved":         {answering(400, `{"code":-23,"description":"The certificate hasn't been approved yet!"}`), backend.KindState, backend.StateNotIssued},
		"an empty success":     {answering(200, " \n"), backend.KindState, backend.StateNotIssued},
		"revoked":              {answering(400, `{"code":-110,"description":"Certificate has been revoked and cannot be downloaded."}`), backend.KindState, backend.StateOther},
		"unknown":              {answering(400, `{"code":-124,"description":"Wrong SSL certificate id 7."}`), backend.KindNotFound, 0},
		"not signed in":        {answering(401, `<html><title>Sign in</title></html>`), backend.KindAuth, 0},
		"forbidden by a proxy": {answering(403, `<html><title>Blocked</title></html>`), backend.KindOther, 0},
		"a page as a success":  {answering(200, `<html><title>Sign in</title><pre>`+string(pemOf("CERTIFICATE", leaf))+`</pre></html>`), backend.KindOther, 0},
		"JSON as a success":    {answering(200, `{"code":0,"description":"Being processed by Sectigo"}`), backend.KindOther, 0},
		"half a certificate":   {answering(200, string(pemOf("CERTIFICATE", leaf)[:200])), backend.KindOther, 0},
		"a key":                {answering(200, string(pemOf("PRIVATE KEY", leaf))), backend.KindOther, 0},
		"a gateway":            {answering(502, `<html></html>`), backend.KindUnavailable, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.on("GET /api/ssl/v1/collect/7", test.answer)
			chain, err := s.client(t).Collect(t.Context(), row(7))
			e := wantKind(t, err, test.kind)
			if e.State != test.state || chain != nil {
				t.Errorf("%v with %d certificates", e, len(chain))
			}
		})
	}
}

func TestCollectAfterAReplacement(t *testing.T) {
	root, leaf := chainOf(t)
	s := serve(t)
	s.on("GET /api/ssl/v1/collect/7", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "30")
		_, _ = io.Copy(w, bytes.NewReader(pemOf("CERTIFICATE", root, leaf)))
	})
	ref := row(7)
	ref.Revision = "b00"
	e := wantState(t, errorOf(s.client(t).Collect(t.Context(), ref)), backend.StateNotIssued)
	if e.RetryAfter != 30*time.Second {
		t.Errorf("%v: wait %v", e, e.RetryAfter)
	}
}
