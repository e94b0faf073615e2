package scmserver

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
)

// kindsOf names the certificates of an export: l, i, r.
func kindsOf(t *testing.T, certs []*x509.Certificate) string {
	t.Helper()
	var kinds strings.Builder
	for _, cert := range certs {
		switch {
		case !cert.IsCA:
			kinds.WriteByte('l')
		case cert.Subject.String() == cert.Issuer.String():
			kinds.WriteByte('r')
		default:
			kinds.WriteByte('i')
		}
	}
	return kinds.String()
}

func TestCollectFormats(t *testing.T) {
	b := start(t)
	id := b.issued()
	for format, want := range map[string]string{
		"x509": "ril", "pem": "ril", "x509R": "lir", "x509CO": "l", "pemco": "l", "x509IO": "ri", "x509IOR": "ir", "pemia": "li",
	} {
		for _, path := range []string{fmt.Sprintf("/api/ssl/v1/collect/%d?format=%s", id, format), fmt.Sprintf("/api/ssl/v1/collect/%d/%s", id, format)} {
			r := b.expect(http.StatusOK, 0, http.MethodGet, path, nil)
			if got := kindsOf(t, chainOf(t, r.body)); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
			if r.header.Get("Content-Type") != "application/octet-stream;charset=UTF-8" || r.header.Get("Content-Disposition") != `attachment; filename="www.example.com.cert"` {
				t.Errorf("%v", r.header)
			}
		}
	}
	for format, path := range map[string]string{"base64": "", "bin": "?format=bin"} {
		data := b.expect(http.StatusOK, 0, http.MethodGet, "/api/ssl/v1/collect/"+itoa(id)+path, nil).body
		if format == "base64" {
			block, rest := pem.Decode(data)
			if block == nil || block.Type != "PKCS7" || len(rest) != 0 {
				t.Fatalf("%s", data)
			}
			data = block.Bytes
		}
		bundle, err := pkcs7.Parse(data)
		if err != nil || len(bundle.Certificates) != 3 {
			t.Errorf("%s: %v", format, err)
		}
	}
	b.expect(http.StatusBadRequest, -126, http.MethodGet, "/api/ssl/v1/collect/"+itoa(id)+"/p12", nil)
	b.expect(http.StatusNotFound, -5101, http.MethodGet, "/api/ssl/v1/collect/4711", nil)
}

// What is answered while there is nothing to collect, by the status.
func TestNothingToCollect(t *testing.T) {
	b := start(t)
	for status, code := range map[Status]int{
		StatusInit: -23, StatusRequested: -23, StatusApproved: -1400, StatusSAApproved: -1400, StatusApplied: 0,
		StatusDeclined: -169, StatusRejected: -169, StatusInvalid: -169, StatusRevoked: -110,
	} {
		id, err := b.Add(Entry{CommonName: "www.example.com", Organization: orgAcme, Profile: slow, Term: 199, Requested: noon, Since: noon, Status: status})
		if err != nil {
			t.Fatal(err)
		}
		b.expect(http.StatusBadRequest, code, http.MethodGet, "/api/ssl/v1/collect/"+itoa(id), nil)
		if got := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(id), nil)).Status; got != status {
			t.Errorf("%s is shown as %s", status, got)
		}
	}
	id, err := b.Add(Entry{CommonName: "www.example.com", Organization: orgAcme, Profile: slow, Term: 199, Requested: noon.AddDate(-1, 0, 0), Status: StatusExpired})
	if err != nil {
		t.Fatal(err)
	}
	b.expect(http.StatusOK, 0, http.MethodGet, "/api/ssl/v1/collect/"+itoa(id), nil)
	if _, err := b.Add(Entry{CommonName: "x", Status: "Asleep"}); err == nil {
		t.Error("a status that there is not was taken")
	}
	if _, err := b.Add(Entry{Status: StatusIssued}); err == nil {
		t.Error("an order without a name was taken")
	}
}

func TestOtherEnds(t *testing.T) {
	b := start(t)
	rejected := b.issued(set("certType", rejecting))
	invalidOrder := b.issued(set("certType", invalid))
	b.SetSettings(Settings{ReplaceStaysIssued: true})
	replaced := b.issued(set("certType", slow))
	b.advance(7 * time.Hour)
	b.expect(http.StatusNoContent, 0, http.MethodPost, "/api/ssl/v1/replace/"+itoa(replaced), members{"csr": csrFor(t, newKey(t), "www.example.com"), "reason": "x"})
	for id, want := range map[int]Status{rejected: StatusRejected, invalidOrder: StatusInvalid, replaced: StatusIssued} {
		if got := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(id), nil)).Status; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
