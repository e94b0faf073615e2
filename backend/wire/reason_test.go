package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func TestBrief(t *testing.T) {
	for in, want := range map[string]string{
		" a\r\n b \x1b":          `a b \x1b`,
		strings.Repeat("ä", 500): strings.Repeat("ä", 500),
		strings.Repeat("ä", 501): strings.Repeat("ä", 499) + "…",
	} {
		if got := Brief(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestEndOfContext(t *testing.T) {
	for _, tt := range []struct{ err, want error }{
		{fmt.Errorf("call: %w", context.Canceled), context.Canceled},
		{&url.Error{Op: "Get", Err: context.DeadlineExceeded}, context.DeadlineExceeded},
		{errors.New("context canceled"), nil},
		{nil, nil},
	} {
		if got := EndOfContext(tt.err); got != tt.want { //nolint:errorlint // the very value, with nothing around it
			t.Errorf("of %v: %v, want %v", tt.err, got, tt.want)
		}
	}
}

func TestRedirectTarget(t *testing.T) {
	asked, err := url.Parse("https://kv.example/a/b?token=x")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		status   int
		location string
		want     string
	}{
		"elsewhere":       {302, "https://other.example:8443/in?sig=hidden#part", "https://other.example:8443/in"},
		"with a password": {307, "https://me:secret@other.example/in", "https://other.example/in"},
		"relative":        {301, "../c%20d?x", "https://kv.example/c%20d"},
		"nowhere":         {302, "", ""},
		"no URL":          {302, "https://[", ""},
		"first of them":   {300, "https://other.example/in", "https://other.example/in"},
		"last of them":    {399, "https://other.example/in", "https://other.example/in"},
		"no redirect":     {299, "https://other.example/in", ""},
		"an error":        {400, "https://other.example/in", ""},
	} {
		t.Run(name, func(t *testing.T) {
			resp := &http.Response{StatusCode: tt.status, Header: http.Header{}, Request: &http.Request{URL: asked}}
			if tt.location != "" {
				resp.Header.Set("Location", tt.location)
			}
			if got := RedirectTarget(resp); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	for name, tt := range map[string]struct {
		value string
		want  time.Duration
	}{
		"seconds":   {"10", 10 * time.Second},
		"blanks":    {" 7 ", 7 * time.Second},
		"date":      {"Fri, 01 May 2026 12:01:30 GMT", 90 * time.Second},
		"past":      {"Fri, 01 May 2026 11:00:00 GMT", 0},
		"far off":   {"Fri, 01 May 2099 11:00:00 GMT", LongestWait},
		"negative":  {"-5", 0},
		"zero":      {"0", 0},
		"nonsense":  {"soon", 0},
		"overflow":  {"99999999999999999999", 0},
		"very long": {"1000000000", LongestWait},
		"absent":    {"", 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := RetryAfter(http.Header{"Retry-After": {tt.value}}, noon); got != tt.want {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
	if got := RetryAfter(http.Header{}, noon); got != 0 {
		t.Errorf("without the header: %v", got)
	}
}

// FuzzRetryAfter: whatever the header holds, the wait is sensible.
func FuzzRetryAfter(f *testing.F) {
	f.Add("10")
	f.Add("Fri, 01 May 2026 12:01:30 GMT")
	f.Add("-1")
	f.Fuzz(func(t *testing.T, value string) {
		if got := RetryAfter(http.Header{"Retry-After": {value}}, noon); got < 0 || got > LongestWait {
			t.Errorf("wait %v", got)
		}
	})
}
