package scmserver

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// fuzzed is a server that a fuzz target talks to without a network.
func fuzzed(f *testing.F) (*Server, func(method, path, body string) *httptest.ResponseRecorder) {
	f.Helper()
	root, err := authority()
	if err != nil {
		f.Fatal(err)
	}
	s := New(Options{CA: root, Account: NewAccount(noon), Now: func() time.Time { return noon }})
	if _, err := s.Fill(f.Context(), smallScenario()); err != nil {
		f.Fatal(err)
	}
	if _, err := s.Add(Entry{CommonName: "www.example.com", Organization: orgAcme, Profile: quick, Term: 199, Requested: noon, Status: StatusIssued}); err != nil {
		f.Fatal(err)
	}
	a := s.Account()
	return s, func(method, path, body string) *httptest.ResponseRecorder {
		r := &http.Request{Method: method, URL: &url.URL{Path: "/"}, Header: http.Header{}, Host: "127.0.0.1", Body: io.NopCloser(strings.NewReader(body))}
		if u, err := url.ParseRequestURI(path); err == nil {
			r.URL = u
		}
		r.Header.Set("login", a.Login)
		r.Header.Set("password", a.Password)
		r.Header.Set("customerUri", a.CustomerURI)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
}

// FuzzBody sends any body to every call that takes one: the answer is never a
// 500, and an error always has a code and words.
func FuzzBody(f *testing.F) {
	for _, body := range []string{
		`{}`, `null`, `[]`, `{"orgId":10,"certType":101,"term":199,"csr":"abcd","subjAltNames":"a.example.com"}`, `{"reason":"x","reasonCode":2}`, `{"reasonCode":"1"}`,
		`{"sslId":1001,"comments":"x","customFields":[{"name":"Cost centre","value":"1"}]}`, `{"sslId":1001,"autoRenewDetails":{"state":"Scheduled"}}`, `{"message":"x"}`,
		`{"details":{"a":"b"}}`, `{"newPassword":"x"}`, `{"from":"2026-01-01","to":"2026-13-01","organizationIds":["x",{}]}`, `{"domain":"example.com"}`, `{"orgId":1e400}`, `{"orgId":"\ud800"}`, "{\"a\":",
	} {
		f.Add(body, true)
		f.Add(body, false)
	}
	s, send := fuzzed(f)
	var calls [][2]string
	for shape, byVerb := range routes {
		for verb := range byVerb {
			if verb == http.MethodPost || verb == http.MethodPut {
				path := strings.NewReplacer("{v}", "v1", "{id}", "1001", "{sub}", "51", "{word}", "cname").Replace(shape)
				calls = append(calls, [2]string{verb, "/api/" + path})
			}
		}
	}
	f.Fuzz(func(t *testing.T, body string, strict bool) {
		s.SetSettings(Settings{Strict: strict})
		for _, c := range calls {
			if strings.HasSuffix(c[1], "changepassword") && strings.Contains(body, "newPassword") {
				continue // it could lock the next body out
			}
			w := send(c[0], c[1], body)
			var e errorAnswer
			if w.Code >= 400 && (json.Unmarshal(w.Body.Bytes(), &e) != nil || e.Description == "" || w.Code == 500) {
				t.Fatalf("%v: %d %s", c, w.Code, w.Body)
			}
		}
	})
}

// FuzzPath asks for any path and query: whatever it is, it is answered, and a
// list is never longer than was asked for.
func FuzzPath(f *testing.F) {
	for _, path := range []string{
		"/api/ssl/v1", "/api/ssl/v1?size=1&status=Issued", "/api/ssl/v1/1001?dateFormat=ISO", "/api/ssl/v1/collect/1001/x509", "/api/ssl/v1/revoke/serial/A9%3A3E", "/api/ssl/v1/%2f",
		"/private/api/ssl/v2/types?organizationId=10", "/api//", "/api/ssl/v1?position=2147483647", "/api/ssl/v1?serialNumber=%00", "/api/dcv/v2/validation?expiresIn=99999999", "/api/domain/v1/count",
		TokenPath,
	} {
		f.Add(http.MethodGet, path)
		f.Add(http.MethodHead, path)
	}
	_, send := fuzzed(f)
	f.Fuzz(func(t *testing.T, method, path string) {
		w := send(method, path, "")
		if w.Code == 0 || w.Code == 500 || bytes.Contains(w.Body.Bytes(), []byte("null,null")) {
			t.Fatalf("%s %q: %d %s", method, path, w.Code, w.Body)
		}
	})
}

// FuzzCSR reads any text as a CSR: what is taken has a key that the profile
// allows.
func FuzzCSR(f *testing.F) {
	f.Add("abcd")
	f.Add("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n")
	f.Add("MIIBAA==")
	p := smallScenario().Profiles[0]
	f.Fuzz(func(t *testing.T, text string) {
		csr, refused := readCSR(text, &p)
		if (csr == nil) == (refused == nil) {
			t.Fatalf("%q: %v %v", text, csr, refused)
		}
	})
}

// FuzzSchema reads any JSON: what a strict server takes, a tolerant one takes
// too, and reads the same.
func FuzzSchema(f *testing.F) {
	f.Add(`{"orgId":10,"comments":"x","customFields":[{"name":"a","value":"b"}]}`)
	f.Add(`{"orgId":"10"}`)
	f.Add(`{"orgId":null}`)
	f.Fuzz(func(t *testing.T, text string) {
		var strict, tolerant enrollBody
		if enrollSchema.read([]byte(text), true, &strict) != nil {
			return
		}
		if refused := enrollSchema.read([]byte(text), false, &tolerant); refused != nil {
			t.Fatalf("%q: %v", text, refused)
		}
		one, _ := json.Marshal(strict)
		two, _ := json.Marshal(tolerant)
		if !bytes.Equal(one, two) {
			t.Fatalf("%s, tolerant %s", one, two)
		}
	})
}
