package scmserver

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"certty/backend/sandbox/calls"
	"certty/backend/sandbox/fault"
)

func TestEveryFault(t *testing.T) {
	b := start(t)
	const path = "/api/ssl/v1/types"
	inject := func(f fault.Fault) {
		t.Helper()
		f.Times, f.Operation = 1, "ListProfiles"
		if err := b.Inject(f); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		fault fault.Fault
		check func(t *testing.T, r reply)
	}{
		"429": {fault.Fault{Kind: fault.Refuse, Status: 429, RetryAfter: "7"}, func(t *testing.T, r reply) {
			if r.status != 429 || r.header.Get("Retry-After") != "7" || r.code() != -14 {
				t.Errorf("%d %v %s", r.status, r.header, r.body)
			}
		}},
		"500": {fault.Fault{Kind: fault.Refuse, Status: 500}, func(t *testing.T, r reply) {
			if r.status != 500 || r.code() != -2 {
				t.Errorf("%d %s", r.status, r.body)
			}
		}},
		"a code of the service": {fault.Fault{Kind: fault.Refuse, Status: 400, Code: "-195", Message: "CA is not available now. Please try again later."}, func(t *testing.T, r reply) {
			if string(r.body) != `{"code":-195,"description":"CA is not available now. Please try again later."}` {
				t.Errorf("%s", r.body)
			}
		}},
		"304": {fault.Fault{Kind: fault.Refuse, Status: 304}, func(t *testing.T, r reply) {
			if r.status != 304 || len(r.body) != 0 {
				t.Errorf("%d %s", r.status, r.body)
			}
		}},
		"a page": {fault.Fault{Kind: fault.HTML}, func(t *testing.T, r reply) {
			if r.status != 502 || !strings.HasPrefix(string(r.body), "<!DOCTYPE") {
				t.Errorf("%d %s", r.status, r.body)
			}
		}},
		"a page with 200": {fault.Fault{Kind: fault.HTML, Status: 200}, func(t *testing.T, r reply) {
			if r.status != 200 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
				t.Errorf("%d %v", r.status, r.header)
			}
		}},
		"half a body": {fault.Fault{Kind: fault.TruncatedJSON}, func(t *testing.T, r reply) {
			if r.status != 200 || !strings.HasPrefix(string(r.body), `[{"id":101`) || strings.HasSuffix(string(r.body), "]") {
				t.Errorf("%d %s", r.status, r.body)
			}
		}},
		"nothing": {fault.Fault{Kind: fault.Empty}, func(t *testing.T, r reply) {
			if r.status != 200 || len(r.body) != 0 {
				t.Errorf("%d %s", r.status, r.body)
			}
		}},
		"401": {fault.Fault{Kind: fault.Unauthorized}, func(t *testing.T, r reply) {
			if r.status != 401 || r.code() != -16 || r.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%d %s", r.status, r.body)
			}
		}},
		"away": {fault.Fault{Kind: fault.Redirect, Status: 302}, func(t *testing.T, r reply) {
			if r.status != 302 || r.header.Get("Location") != "https://elsewhere.example.com"+path {
				t.Errorf("%d %v", r.status, r.header)
			}
		}},
		"late": {fault.Fault{Kind: fault.Slow, Latency: time.Millisecond}, func(t *testing.T, r reply) {
			if r.status != 200 {
				t.Errorf("%d", r.status)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			inject(c.fault)
			c.check(t, b.send(http.MethodGet, path, nil))
			b.expect(http.StatusOK, 0, http.MethodGet, path, nil)
		})
	}
	for _, f := range []fault.Fault{{Kind: fault.ForeignNextLink}, {Kind: "x"}, {Kind: fault.Slow, Operation: "x"}, {Kind: fault.Slow, Status: 500}, {Kind: fault.HTML, Status: 99}, {Kind: fault.Slow, Times: -1}} {
		if err := b.Inject(f); err == nil {
			t.Errorf("%+v was taken", f)
		}
	}
}

// TestCutOff cuts an enroll before and after it was handled: the client sees
// the same, the account does not.
func TestCutOff(t *testing.T) {
	b := start(t)
	for kind, want := range map[fault.Kind]int{fault.ResetBefore: 0, fault.ResetAfter: 1} {
		reference := "certty:" + string(kind)
		if err := b.Inject(fault.Fault{Kind: kind, Operation: "Enroll", Times: 1}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.try(http.MethodPost, enrollPath, orderBody(t, set("comments", "the shop "+reference+" x"))); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", kind, err)
		}
		if got := b.Enrolls(reference); got != want {
			t.Errorf("%s: %d orders", kind, got)
		}
	}
	if n := b.Calls()[calls.Call{Method: http.MethodPost, Operation: "Enroll", Status: 0}]; n != 1 {
		t.Errorf("%v", b.Calls())
	}
	if n := len(b.Enrolled()); n != 1 {
		t.Errorf("%v", b.Enrolled())
	}
}

func TestFaultOnOneOrder(t *testing.T) {
	b := start(t)
	id, other := b.issued(), b.issued()
	if err := b.Inject(fault.Fault{Kind: fault.Refuse, Status: 503, Name: itoa(id)}); err != nil {
		t.Fatal(err)
	}
	b.expect(503, -2, http.MethodGet, "/api/ssl/v1/"+itoa(id), nil)
	b.expect(200, 0, http.MethodGet, "/api/ssl/v1/"+itoa(other), nil)
	if status, _ := b.askToken(nil); status != 400 {
		t.Errorf("the token service was hit: %d", status)
	}
	if n := len(b.Faults()); n != 1 {
		t.Error(n)
	}
	b.ClearFaults()
	b.expect(200, 0, http.MethodGet, "/api/ssl/v1/"+itoa(id), nil)
}

func TestHangUntilTheClientGivesUp(t *testing.T) {
	b := start(t)
	if err := b.Inject(fault.Fault{Kind: fault.Hang, Operation: opToken}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.http.URL+TokenPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := b.http.Client().Do(req); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
