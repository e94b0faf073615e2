package scmserver

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// chainOf reads PEM.
func chainOf(t *testing.T, data []byte) []*x509.Certificate {
	t.Helper()
	var chain []*x509.Certificate
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			return chain
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		chain, data = append(chain, cert), rest
	}
}

func TestLifeOfAnOrder(t *testing.T) {
	b := start(t)
	key := newKey(t)
	csr := csrFor(t, key, "www.example.com")
	enrolled := into[struct {
		SSLID   int    `json:"sslId"`
		RenewID string `json:"renewId"`
	}](t, b.expect(http.StatusOK, 0, http.MethodPost, "/api/ssl/v1/enroll", orderBody(t, set("csr", csr))))
	if enrolled.SSLID == 0 || len(enrolled.RenewID) != 20 {
		t.Fatalf("%+v", enrolled)
	}
	path := fmt.Sprintf("/api/ssl/v1/%d", enrolled.SSLID)
	collect := fmt.Sprintf("/api/ssl/v1/collect/%d?format=x509", enrolled.SSLID)

	b.expect(http.StatusBadRequest, -1400, http.MethodGet, collect, nil)
	b.advance(2 * time.Second)
	b.expect(http.StatusBadRequest, 0, http.MethodGet, collect, nil)
	if d := into[detailsAnswer](t, b.send(http.MethodGet, path, nil)); d.Status != StatusApplied || d.BackendCertID == "" || d.Expires != "" {
		t.Fatalf("%+v", d)
	}
	b.advance(8 * time.Second)
	chain := chainOf(t, b.expect(http.StatusOK, 0, http.MethodGet, collect, nil).body)
	if len(chain) != 3 || !chain[0].IsCA || !chain[1].IsCA || chain[2].IsCA {
		t.Fatalf("a chain of %d", len(chain))
	}
	leaf := chain[2]
	if !leaf.PublicKey.(*ecdsa.PublicKey).Equal(key.Public()) {
		t.Error("it is not for the key of the request")
	}
	if got := leaf.Subject.String(); got != "CN=www.example.com,O=Acme,ST=Berlin,C=DE" {
		t.Errorf("subject %s", got)
	}
	if fmt.Sprint(leaf.DNSNames) != "[www.example.com shop.example.com]" {
		t.Errorf("names %v", leaf.DNSNames)
	}
	if got := leaf.NotBefore.Format(time.RFC3339) + " " + leaf.NotAfter.Format(time.RFC3339); got != "2026-11-21T00:00:00Z 2027-06-08T23:59:59Z" {
		t.Errorf("it lives %s", got)
	}
	roots, above := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(chain[0])
	above.AddCert(chain[1])
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: above, DNSName: "shop.example.com", CurrentTime: noon}); err != nil {
		t.Error(err)
	}

	d := into[detailsAnswer](t, b.send(http.MethodGet, path, nil))
	if d.Status != StatusIssued || d.Requested != "11/21/2026" || d.Expires != "06/08/2027" || d.SerialNumber != colons(leaf.SerialNumber) || d.KeyType != "EC - P-256" {
		t.Errorf("%+v", d)
	}
	list := b.expect(http.StatusOK, 0, http.MethodGet, "/api/ssl/v1?size=10&position=0&status=Issued", nil)
	if rows := into[[]identity](t, list); len(rows) != 1 || rows[0].SSLID != enrolled.SSLID || list.header.Get("X-Total-Count") != "1" {
		t.Errorf("%+v", rows)
	}

	b.expect(http.StatusNoContent, 0, http.MethodPost, fmt.Sprintf("/api/ssl/v1/revoke/%d", enrolled.SSLID), members{"reasonCode": 4, "reason": "superseded"})
	b.expect(http.StatusBadRequest, -110, http.MethodGet, collect, nil)
	b.expect(http.StatusBadRequest, -159, http.MethodPost, fmt.Sprintf("/api/ssl/v1/revoke/%d", enrolled.SSLID), members{"reason": "again"})
	if n := b.Enrolls("certty:0123456789abcdef:1"); n != 1 {
		t.Errorf("it was ordered %d times", n)
	}
}

// An order whose names no certificate can hold is rejected, and every list goes on.
func TestNamesThatCannotBeIssued(t *testing.T) {
	b := start(t)
	id, err := b.Add(Entry{
		CommonName: "www.example.com", Names: []string{"moc.elpmaxe.\u202egnp"}, Organization: orgAcme, Profile: quick, Term: 199,
		Requested: noon, Status: StatusRequested,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.expect(http.StatusNoContent, 0, http.MethodPost, fmt.Sprintf("/api/ssl/v1/approve/%d", id), members{"message": "go"})
	b.advance(24 * time.Hour)
	b.expect(http.StatusOK, 0, http.MethodGet, "/api/ssl/v1?size=10&position=0", nil)
	if got := b.status(id); got != StatusRejected {
		t.Errorf("it is %s", got)
	}
}

func TestReplacementComesLater(t *testing.T) {
	b := start(t)
	id := b.issued(set("certType", slow))
	b.advance(7 * time.Hour)
	collect := fmt.Sprintf("/api/ssl/v1/collect/%d/x509CO", id)
	old := b.expect(http.StatusOK, 0, http.MethodGet, collect, nil).body
	key := newKey(t)
	body := members{"csr": csrFor(t, key, "www.example.com"), "reason": "key lost", "commonName": "www.example.com", "subjectAlternativeNames": []string{"new.example.com"}}
	if r := b.expect(http.StatusNoContent, 0, http.MethodPost, fmt.Sprintf("/api/ssl/v1/replace/%d", id), body); len(r.body) != 0 {
		t.Errorf("a body: %s", r.body)
	}
	b.expect(http.StatusBadRequest, -130, http.MethodPost, fmt.Sprintf("/api/ssl/v1/replace/%d", id), body)
	if now := b.expect(http.StatusOK, 0, http.MethodGet, collect, nil).body; !bytes.Equal(now, old) {
		t.Error("it is another certificate already")
	}
	b.advance(7 * time.Hour)
	leaf := chainOf(t, b.expect(http.StatusOK, 0, http.MethodGet, collect, nil).body)[0]
	if before := chainOf(t, old)[0]; leaf.SerialNumber.Cmp(before.SerialNumber) == 0 || !leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool }).Equal(key.Public()) {
		t.Error("it is the old certificate still")
	}
	d := into[detailsAnswer](t, b.send(http.MethodGet, fmt.Sprintf("/api/ssl/v1/%d", id), nil))
	if d.Status != StatusIssued || d.Replaced != "11/22/2026" || fmt.Sprint(d.Names) != "[new.example.com]" {
		t.Errorf("%+v", d)
	}
}
