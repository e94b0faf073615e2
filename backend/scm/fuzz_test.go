package scm

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// wantClean fails when a text holds what a terminal would obey.
func wantClean(t *testing.T, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if text.Lines(s) != s {
			t.Errorf("%q is not clean", s)
		}
	}
}

func wantCleanOrder(t *testing.T, it model.Item) {
	t.Helper()
	o, c := it.Order, it.Certificate
	if _, err := orderID(opRead, it.Ref); err != nil || o.ID != it.Ref.Key {
		t.Errorf("the row is %v, the order %q", it.Ref, o.ID)
	}
	wantClean(t, o.Status, o.CommonName, o.Organization, o.Profile, o.Comments, o.Requester, o.ExternalRequester, o.RequestedVia, o.BackendID, o.RevokedFor)
	wantClean(t, o.SANs...)
	wantClean(t, c.SANs.All()...)
	wantClean(t, c.Issuer, c.Subject, c.Thumbprint, c.KeyType)
	for _, f := range o.CustomFields {
		wantClean(t, f.Name, f.Value)
	}
	for _, at := range []time.Time{o.Requested, o.Approved, o.Issued, o.Expires, o.Replaced, o.Revoked, o.Declined, o.RenewedAt} {
		if !at.IsZero() && (at.Year() < 1950 || at.Year() > 9999 || at.Location() != time.UTC) {
			t.Errorf("a date of %v", at)
		}
	}
	if hex, bad := parseSerial(c.Serial); bad || hex != c.Serial {
		t.Errorf("serial number %q", c.Serial)
	}
}

func FuzzDetails(f *testing.F) {
	f.Add([]byte(`{"id":7,"commonName":"shop","status":"Issued","requested":"05/21/2025","serialNumber":"00:0a","certType":{"id":1,"terms":[1]},"customFields":[{"name":"a","value":"b"}]}`))
	f.Add([]byte(`{"sslId":"7","subjectAlternativeNames":"a, b","certificateDetails":{"subjectAltNames":"dNSName=a"}}`))
	f.Add([]byte(`[]`))
	b := client(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		if it, err := b.detailed(body); err == nil {
			wantCleanOrder(t, it)
		}
		if it, err := b.reported(body); err == nil {
			wantCleanOrder(t, it)
		}
	})
}

func FuzzList(f *testing.F) {
	f.Add([]byte(`[{"sslId":58,"commonName":"ccmqa.com"},{"sslId":"59","serialNumber":"aa"},7,null]`))
	f.Add([]byte(`[{"sslId":58666666666666666}]`))
	f.Add([]byte(`{"code":-16}`))
	b := client(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		rows, err := list(body)
		if err != nil {
			return
		}
		for _, raw := range rows {
			it, err := b.listed(raw)
			if (err == nil) != (orderKey(raw) != "") {
				t.Errorf("%s has key %q and %v", raw, orderKey(raw), err)
			}
			if err == nil {
				wantCleanOrder(t, it)
			}
			_ = domainKey(raw)
		}
	})
}

// FuzzAccount feeds every answer of an account at once.
func FuzzAccount(f *testing.F) {
	f.Add([]byte(`[{"id":1,"name":"Acme","departments":[{"id":2,"name":"Web"}],"terms":[1],"keyTypes":{"RSA":["1"]},"mandatory":true,"domain":"a","dcvStatus":"x","expirationDate":"2026-01-01"}]`))
	f.Add([]byte(`{"id":1,"sslCertsApiEnabled":true,"delegations":[{"orgId":1,"certTypes":["SSL"],"status":"ACTIVE"}],"status":"VALIDATED"}`))
	f.Add([]byte(`{"dcvLog":{"log":[{"domainName":"a","lastCheck":"2025-05-21 12:24:26"}]},"instructions":[{"domainName":"a","host":"b"}]}`))
	base := client(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		b := *base
		b.client = &http.Client{Transport: always(body)}
		// One call after the other: with several at once the coverage differs from
		// run to run, and the fuzzer goes in circles.
		r := accountReading{backend: &b}
		_ = r.profiles(t.Context())
		_ = r.customFields(t.Context())
		account := r.account
		account.Organizations, _ = b.listOrganizations(t.Context())
		validations, _ := b.domainValidations(t.Context())
		for name, v := range validations {
			wantClean(t, name, string(v.Status), string(v.Method))
		}
		if d, err := b.domain(t.Context(), model.Domain{ID: 1, Name: "a"}); err == nil {
			account.Domains = append(account.Domains, d)
		}
		if o, err := b.organization(t.Context(), model.Organization{ID: 1, Name: "a"}); err == nil {
			account.Organizations = append(account.Organizations, o)
		}
		for _, o := range account.Organizations {
			wantClean(t, o.Name)
			for _, v := range o.Validations {
				wantClean(t, v.Level, v.Status)
			}
		}
		for _, p := range account.Profiles {
			wantClean(t, p.Name, p.Description)
			for _, term := range p.Terms {
				if term <= 0 {
					t.Errorf("a term of %d", term)
				}
			}
		}
		for _, d := range account.Domains {
			wantClean(t, d.Name, d.State, d.Validation, d.Method)
		}
		for _, field := range account.CustomFields {
			wantClean(t, field.Name, field.Type)
			wantClean(t, field.Options...)
		}
		finding, _ := b.Password(t.Context())
		wantClean(t, finding.Text, finding.Fix)
		v, _ := b.Validation(t.Context(), row(7))
		for _, d := range v.Domains {
			wantClean(t, d.Domain, d.Status, d.Method, d.Host, d.Point, d.URL, d.Content, d.Email)
		}
		d, _ := b.DomainValidation(t.Context(), "a.example")
		wantClean(t, d.Status, d.Method, d.Host, d.Point, d.URL, d.Content, d.Email)
	})
}

// always answers every call with the same body.
type always []byte

func (a always) RoundTrip(req *http.Request) (*http.Response, error) {
	return answerOf(req, http.StatusOK, "application/json", a), nil
}

func FuzzDay(f *testing.F) {
	for _, shape := range shapes {
		f.Add(noon.Format(shape))
	}
	f.Add("02/30/2026")
	f.Fuzz(func(t *testing.T, written string) {
		at, bad := parseDay(written)
		if bad && !at.IsZero() || !bad && at.IsZero() != (strings.TrimSpace(written) == "") {
			t.Errorf("%q is %v, %v", written, at, bad)
		}
		if !at.IsZero() && (at.Year() < 1950 || at.Year() > 9999) {
			t.Errorf("%q is %v", written, at)
		}
	})
}

func FuzzNames(f *testing.F) {
	f.Add(`["a","b"]`)
	f.Add(`"dNSName=a, dNSName=b"`)
	f.Add(`"a; b"`)
	f.Fuzz(func(t *testing.T, written string) {
		var n names
		if err := n.UnmarshalJSON([]byte(written)); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, name := range n {
			if name == "" || seen[strings.ToLower(name)] {
				t.Errorf("%q: %q", written, n)
			}
			seen[strings.ToLower(name)] = true
		}
		wantClean(t, n...)
	})
}

func FuzzCollect(f *testing.F) {
	root, leaf := chainOf(f)
	f.Add(pemOf("CERTIFICATE", root, leaf))
	f.Add(pemOf("PKCS7", leaf))
	f.Add(leaf)
	f.Add([]byte(`{"code":0,"description":"Being processed by Sectigo"}`))
	f.Add([]byte("<html></html>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		chain, _, err := readChain(body)
		if (err == nil) != (len(chain) > 0) {
			t.Errorf("%d certificates and %v", len(chain), err)
		}
		for _, der := range chain {
			if len(der) == 0 {
				t.Error("an empty certificate")
			}
		}
	})
}

// FuzzErrorPage: whatever answers, the error is short, clean and without the
// password.
func FuzzErrorPage(f *testing.F) {
	f.Add(400, "application/json", []byte(`{"code":-14,"description":"Unknown error."}`))
	f.Add(401, "text/html", []byte(`<html><title>Sign in</title></html>`))
	f.Add(302, "", []byte(nil))
	f.Add(200, "application/json", []byte(`{"sslId":`))
	f.Add(502, "text/html", []byte("<title>"+password+"</title>"))
	f.Add(400, strings.Repeat("\xba", 340), []byte(strings.Repeat("p", 600)))
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		if status < 200 || status > 599 {
			return
		}
		b := client(t)
		b.client = &http.Client{Transport: answerer(func(req *http.Request) *http.Response { return answerOf(req, status, kind, body) })}
		_, readErr := b.Read(t.Context(), row(7))
		_, orderErr := b.Order(t.Context(), fuzzOrder)
		_, collectErr := b.Collect(t.Context(), row(7))
		for _, err := range []error{readErr, orderErr, collectErr} {
			if err == nil {
				continue
			}
			e, ok := errors.AsType[*backend.Error](err)
			if !ok {
				t.Fatalf("%T: %v", err, err)
			}
			wantClean(t, e.Message, e.Code)
			if len([]rune(e.Message)) > 700 || strings.Contains(e.Error(), password) || e.Message == "" {
				t.Errorf("%d characters: %q", len(e.Message), e.Message)
			}
		}
		if status == 200 && orderErr == nil {
			var made struct {
				ID json.RawMessage `json:"sslId"`
			}
			if json.Unmarshal(body, &made) == nil && len(made.ID) == 0 {
				t.Errorf("an order without an id: %s", body)
			}
		}
	})
}

// fuzzOrder is an order that is sent.
var fuzzOrder = model.OrderSpec{OrganizationID: 1, ProfileID: 1, Term: 1, CSR: []byte{1}, Reference: "certty:0:1"}

type answerer func(*http.Request) *http.Response

func (a answerer) RoundTrip(req *http.Request) (*http.Response, error) { return a(req), nil }

func answerOf(req *http.Request, status int, kind string, body []byte) *http.Response {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Request: req,
		Body: noClose{bytes.NewReader(body)}, ContentLength: int64(len(body)),
	}
}

type noClose struct{ *bytes.Reader }

func (noClose) Close() error { return nil }
