package guard_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"certty/backend/guard"
)

type sent func(*http.Request) (*http.Response, error)

func (f sent) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestRehearsal: reads go on, and whatever else there is goes nowhere and is
// written down whole.
func TestRehearsal(t *testing.T) {
	for name, tt := range map[string]struct {
		method, body, override string
		passes                 bool
	}{
		"read":               {http.MethodGet, "", "", true},
		"report":             {http.MethodPost, "report", "", true},
		"create":             {http.MethodPost, "create", "", false},
		"change":             {http.MethodPatch, `{"attributes":{}}`, "", false},
		"delete":             {http.MethodDelete, "", "", false},
		"delete in disguise": {http.MethodPost, "report", http.MethodDelete, false},
	} {
		t.Run(name, func(t *testing.T) {
			var r guard.Rehearsal
			reached := 0
			transport := r.Transport(sent(func(*http.Request) (*http.Response, error) {
				reached++
				return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
			}), func(*http.Request) bool { return tt.body == "report" })
			var body io.Reader
			if tt.body != "" {
				body = strings.NewReader(tt.body)
			}
			req, err := http.NewRequestWithContext(t.Context(), tt.method, "https://vault.invalid/certificates/shop", body)
			if err != nil {
				t.Fatal(err)
			}
			if tt.override != "" {
				req.Header.Set("X-HTTP-METHOD", tt.override)
			}
			resp, err := transport.RoundTrip(req)
			if resp != nil {
				_ = resp.Body.Close()
			}
			calls := r.Calls()
			if tt.passes {
				if err != nil || reached != 1 || len(calls) != 0 {
					t.Errorf("%v, reached %d times, written down %d", err, reached, len(calls))
				}
				return
			}
			if !errors.Is(err, guard.ErrRehearsed) || reached != 0 || len(calls) != 1 {
				t.Fatalf("%v, reached %d times, written down %d", err, reached, len(calls))
			}
			if c := calls[0]; c.Method != tt.method || c.URL != req.URL.String() || string(c.Body) != tt.body || c.Header.Get("X-HTTP-METHOD") != tt.override {
				t.Errorf("written down as %+v", c)
			}
		})
	}
}

// TestRehearsalOfABrokenBody: half a call is no rehearsal of it.
func TestRehearsalOfABrokenBody(t *testing.T) {
	var r guard.Rehearsal
	transport := r.Transport(sent(func(*http.Request) (*http.Response, error) {
		t.Error("it was sent")
		return nil, errors.New("unreachable")
	}), nil)
	broken := errors.New("the disk is gone")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "https://vault.invalid/certificates/shop", iotest.ErrReader(broken))
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := transport.RoundTrip(req); !errors.Is(err, broken) || errors.Is(err, guard.ErrRehearsed) {
		if resp != nil {
			_ = resp.Body.Close()
		}
		t.Errorf("error %v, want the body's", err)
	}
	if calls := r.Calls(); len(calls) != 0 {
		t.Errorf("written down: %+v", calls)
	}
}

// TestWithheldReads: what is done by a read is written down as well, once that is
// asked for; signing in goes on.
func TestWithheldReads(t *testing.T) {
	var r guard.Rehearsal
	reached := 0
	transport := r.Transport(sent(func(*http.Request) (*http.Response, error) {
		reached++
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	}), func(*http.Request) bool { return true })
	try := func(method string) error {
		req, err := http.NewRequestWithContext(t.Context(), method, "https://account.invalid/ssl/v1/collect/3012", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transport.RoundTrip(req)
		if resp != nil {
			_ = resp.Body.Close()
		}
		return err
	}
	if err := try(http.MethodGet); err != nil || reached != 1 {
		t.Errorf("before: %v, reached %d times", err, reached)
	}
	r.Withhold()
	if err := try(http.MethodGet); !errors.Is(err, guard.ErrRehearsed) || reached != 1 || len(r.Calls()) != 1 {
		t.Errorf("withheld: %v, reached %d times, written down %d", err, reached, len(r.Calls()))
	}
	if err := try(http.MethodPost); err != nil || reached != 2 {
		t.Errorf("signing in: %v, reached %d times", err, reached)
	}
}
