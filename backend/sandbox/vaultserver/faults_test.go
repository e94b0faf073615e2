package vaultserver

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend/sandbox/fault"
)

func TestFaultAnswers(t *testing.T) {
	tests := []struct {
		name   string
		fault  Fault
		status int
		header map[string]string
		code   string
		text   string
	}{
		{"429 with Retry-After", Fault{Kind: Refuse, Status: 429, RetryAfter: "7"}, 429, map[string]string{"Retry-After": "7"}, "Throttled", "VaultRequestTypeLimitReached"},
		{"429 without", Fault{Kind: Refuse, Status: 429}, 429, map[string]string{"Retry-After": ""}, "Throttled", ""},
		{"500", Fault{Kind: Refuse, Status: 500}, 500, nil, "InternalServerError", ""},
		{"nothing said", Fault{Kind: Refuse}, 503, nil, "ServiceUnavailable", ""},
		{"504", Fault{Kind: Refuse, Status: 504}, 504, nil, "GatewayTimeout", "Gateway Timeout"},
		{"403", Fault{Kind: Refuse, Status: 403}, 403, nil, "Forbidden", `"innererror":{"code":"ForbiddenByRbac"}`},
		{"own words", Fault{Kind: Refuse, Status: 409, Code: "Conflict", Message: "There was a conflict.", InnerCode: "Race"}, 409, nil, "Conflict", `"message":"There was a conflict.","innererror":{"code":"Race"}`},
		{"304", Fault{Kind: Refuse, Status: 304}, 304, nil, "", ""},
		{"HTML", Fault{Kind: HTML}, 502, map[string]string{"Content-Type": "text/html; charset=utf-8", "x-ms-request-id": "", "x-ms-keyvault-service-version": ""}, "", "<h1>Access blocked</h1>"},
		{"HTML that says OK", Fault{Kind: HTML, Status: 200}, 200, nil, "", "<html>"},
		{"401", Fault{Kind: Unauthorized}, 401, map[string]string{"WWW-Authenticate": "Bearer authorization="}, "Unauthorized", "TokenExpired"},
		{"redirect", Fault{Kind: Redirect}, 307, map[string]string{"Location": "https://elsewhere.example.com/certificates/shop?api-version=7.4"}, "", ""},
		{"redirect to", Fault{Kind: Redirect, Status: 302, Host: "portal.example.net"}, 302, map[string]string{"Location": "https://portal.example.net/certificates/shop?api-version=7.4"}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.create("shop", "Unknown")
			tt.fault.Times = 1
			if err := b.Inject(tt.fault); err != nil {
				t.Fatal(err)
			}
			got := b.request(http.MethodGet, "/certificates/shop"+version74, "")
			if code, _ := got.at("error", "code").(string); got.status != tt.status || code != tt.code || !strings.Contains(got.text, tt.text) {
				t.Errorf("%d %s", got.status, got.text)
			}
			for name, want := range tt.header {
				if value := got.header.Get(name); !strings.HasPrefix(value, want) || want == "" && value != "" {
					t.Errorf("%s is %q, want %q", name, value, want)
				}
			}
			b.get("/certificates/shop").want(http.StatusOK) // it has ended by itself
			if call := (Call{http.MethodGet, "GetCertificate", tt.status}); b.Calls()[call] == 0 {
				t.Errorf("not counted: %v", b.Calls())
			}
		})
	}
}

func TestTruncatedJSON(t *testing.T) {
	b := newBench(t)
	whole := b.create("shop", "Unknown")
	if err := b.Inject(Fault{Kind: TruncatedJSON, Operation: "DeleteCertificateOperation"}); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodDelete, "https://"+host+"/certificates/shop/pending"+version74, nil)
	r.Header.Set("Authorization", "Bearer "+b.Token(time.Hour))
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	if w.Code != http.StatusOK || !strings.HasPrefix(whole.text, w.Body.String()) || w.Body.Len() != len(whole.text)/2 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	b.get("/certificates/shop/pending").want(http.StatusNotFound) // it was done
}

func TestForeignNextLink(t *testing.T) {
	b := newBench(t)
	b.fillWith(20)
	if err := b.Inject(Fault{Kind: ForeignNextLink, Host: "evil.example.net:8443"}); err != nil {
		t.Fatal(err)
	}
	b.get("/certificates/c001-live").want(http.StatusOK) // no list
	for path, want := range map[string]string{
		"/certificates":                    "https://evil.example.net:8443/certificates?api-version=7.4&$skiptoken=",
		"/certificates/c001-live/versions": "https://evil.example.net:8443/certificates?", // there is none in truth
		"/deletedcertificates":             "https://evil.example.net:8443/certificates?",
	} {
		got := b.get(path).want(http.StatusOK)
		if next := got.string("nextLink"); !strings.HasPrefix(next, want) {
			t.Errorf("%s: next link %s", path, next)
		}
		if got.at("value") == nil {
			t.Errorf("%s lost its items", path)
		}
	}
}

func TestFaultsChooseTheirRequests(t *testing.T) {
	b := newBench(t)
	for _, f := range []Fault{
		{Kind: Refuse, Status: 500, Operation: "GetCertificate", Name: "SHOP", Times: 2},
		{Kind: Refuse, Status: 429, Operation: "GetCertificate"},
	} {
		if err := b.Inject(f); err != nil {
			t.Fatal(err)
		}
	}
	b.create("shop", "Unknown") // another operation
	b.get("/certificates/blog").want(429)
	b.get("/certificates/shop").want(500)
	if left := b.Faults(); len(left) != 2 || left[0].Times != 1 || left[1].Times != 0 {
		t.Errorf("left: %+v", left)
	}
	b.get("/certificates/shop").want(500)
	b.get("/certificates/shop").want(429)
	b.ClearFaults()
	b.get("/certificates/shop").want(http.StatusOK)

	// Without a token nothing is hit: the challenge would use a fault up.
	if err := b.Inject(Fault{Kind: Refuse, Times: 1}); err != nil {
		t.Fatal(err)
	}
	b.request(http.MethodGet, "/certificates"+version74, "", "Authorization", "").want(http.StatusUnauthorized)
	b.tokenRequest(b.identity.TenantID, nil) // the token service must be named
	if len(b.Faults()) != 1 {
		t.Error("the fault hit somebody without a token")
	}
	b.get("/certificates").want(http.StatusServiceUnavailable)
	if err := b.Inject(Fault{Kind: Refuse, Operation: "Token", Status: 500, Times: 1}); err != nil {
		t.Fatal(err)
	}
	if got := b.tokenRequest(b.identity.TenantID, nil); got.status != 500 {
		t.Errorf("the token service answers %d", got.status)
	}
}

func TestInjectRefuses(t *testing.T) {
	b := newBench(t)
	for name, f := range map[string]Fault{
		"no kind": {}, "unknown kind": {Kind: "flood"}, "operation": {Kind: Slow, Operation: "getcertificate"}, "times": {Kind: Slow, Times: -1},
		"latency": {Kind: Slow, Latency: -1}, "status of none": {Kind: Slow, Status: 500}, "status": {Kind: Refuse, Status: 100}, "large status": {Kind: HTML, Status: 1000},
	} {
		if err := b.Inject(f); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if got := b.Faults(); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
}

func TestLatencyAndHanging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for _, f := range []Fault{{Kind: Slow, Latency: time.Minute, Times: 1}, {Kind: Refuse, Latency: time.Second, Times: 1}, {Kind: Hang, Times: 1}} {
			if err := b.Inject(f); err != nil {
				t.Fatal(err)
			}
		}
		start := time.Now()
		b.get("/certificates").want(http.StatusOK)
		if waited := time.Since(start); waited != time.Minute {
			t.Errorf("answered after %s", waited)
		}
		start = time.Now()
		b.get("/certificates").want(http.StatusServiceUnavailable)
		if waited := time.Since(start); waited != time.Second {
			t.Errorf("refused after %s", waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, "https://"+host+"/certificates"+version74, nil)
		r.Header.Set("Authorization", "Bearer "+b.Token(time.Hour))
		w := httptest.NewRecorder()
		start = time.Now()
		defer func() {
			ended, _ := recover().(error)
			if waited := time.Since(start); !errors.Is(ended, http.ErrAbortHandler) || waited != time.Hour || w.Body.Len() != 0 {
				t.Errorf("after %s: %s, %v", waited, w.Body, ended)
			}
		}()
		b.ServeHTTP(w, r)
	})
}

// TestResets cuts real connections, of both versions of HTTP.
func TestResets(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		b := newBench(t)
		b.create("shop", "Unknown")
		ts := httptest.NewUnstartedServer(b)
		ts.EnableHTTP2 = http2
		ts.Config.ConnContext = fault.ConnContext
		ts.Config.ErrorLog = nil
		ts.StartTLS()
		t.Cleanup(ts.Close)
		// A fresh connection each time: net/http sends a read once more by itself
		// when one that it has used before is cut.
		remove := func() (*http.Response, error) {
			client := ts.Client()
			client.CloseIdleConnections()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, ts.URL+"/certificates/shop/pending"+version74, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer "+b.Token(time.Hour))
			res, err := client.Do(req)
			if err == nil {
				_, err = io.Copy(io.Discard, res.Body)
				err = errors.Join(err, res.Body.Close())
			}
			return res, err
		}
		for _, kind := range []FaultKind{ResetBefore, ResetAfter} {
			if err := b.Inject(Fault{Kind: kind, Times: 1}); err != nil {
				t.Fatal(err)
			}
			// HTTP/2's client calls it the end of the file at times.
			if _, err := remove(); !errors.Is(err, syscall.ECONNRESET) && !(http2 && errors.Is(err, io.ErrUnexpectedEOF)) {
				t.Errorf("HTTP/2 %v, %s: %v", http2, kind, err)
			}
			status := b.get("/certificates/shop/pending").status
			if kind == ResetBefore && status != http.StatusOK || kind == ResetAfter && status != http.StatusNotFound {
				t.Errorf("HTTP/2 %v, %s: the request is then answered with %d", http2, kind, status)
			}
		}
		calls := b.Calls()
		if calls[Call{http.MethodDelete, "DeleteCertificateOperation", 0}] != 1 || calls[Call{http.MethodDelete, "DeleteCertificateOperation", http.StatusOK}] != 1 {
			t.Errorf("counted %v", calls)
		}
		if !(Call{http.MethodDelete, "DeleteCertificateOperation", 0}).Changes() {
			t.Error("a change that was cut off is none")
		}
		if res, err := remove(); err != nil || res.StatusCode != http.StatusNotFound {
			t.Errorf("after the faults: %v, %v", res, err)
		}
	}
}

// TestEveryOperationCanBeDisturbed: a fault can name each of them.
func TestEveryOperationCanBeDisturbed(t *testing.T) {
	b := newBench(t)
	var names []string
	for _, byVerb := range routes {
		for _, h := range byVerb {
			names = append(names, h.operation)
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) != 27 {
		t.Errorf("%d operations, Key Vault documents 27: %v", len(names), names)
	}
	for _, name := range names {
		if err := b.Inject(Fault{Kind: Refuse, Operation: name}); err != nil {
			t.Error(err)
		}
	}
}
