package vault

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
)

// fails checks that err is a *backend.Error of a kind about the web row.
func fails(t *testing.T, err error, kind backend.ErrorKind) *backend.Error {
	t.Helper()
	var e *backend.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want a *backend.Error", err, err)
	}
	if e.Kind != kind {
		t.Errorf("kind %q, want %q: %v", e.Kind, kind, e)
	}
	if e.Op == "" || e.Ref.Target != "kv" {
		t.Errorf("the error speaks of %q and %v", e.Op, e.Ref)
	}
	for _, hidden := range []string{secret, bearer, importPassword, string(webImport().Data)} {
		if strings.Contains(e.Error(), hidden) {
			t.Errorf("the error tells a secret: %v", e)
		}
	}
	return e
}

// drop closes the connection without an answer.
func drop(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestChangeWithoutAnswerIsSentOnceAndUncertain(t *testing.T) {
	eachChange(t, always(drop), func(t *testing.T, s *service, ch change, err error) {
		fails(t, err, backend.KindUncertain)
		if n := ch.sent(s); n != 1 {
			t.Errorf("%d calls, want exactly one: %v", n, s.seen())
		}
	})
}

func TestChangeIsNotRepeatedOnServerTrouble(t *testing.T) {
	for status, kind := range map[int]backend.ErrorKind{
		429: backend.KindThrottled, 500: backend.KindUncertain, 503: backend.KindUnavailable, 504: backend.KindUncertain,
	} {
		eachChange(t, always(answering(status, kvError("x", "y", ""))), func(t *testing.T, s *service, ch change, err error) {
			if e := fails(t, err, kind); e.Status != status || e.RequestID != "id-of-the-call" {
				t.Errorf("status %d and id %q", e.Status, e.RequestID)
			}
			if n := ch.sent(s); n != 1 {
				t.Errorf("%d calls for status %d, want one", n, status)
			}
		})
	}
}

func TestChangeWithUnreadableAnswerIsUncertain(t *testing.T) {
	answers := map[string]func(change) http.HandlerFunc{
		"cut off": func(ch change) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "1000")
				w.WriteHeader(ch.want)
				_, _ = w.Write([]byte(`{"id":`))
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			}
		},
		"page of a portal": func(ch change) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				w.WriteHeader(ch.want)
				_, _ = w.Write([]byte("<title>Welcome</title>"))
			}
		},
		"another object": func(ch change) http.HandlerFunc { return answering(ch.want, `{"value":[]}`) },
	}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			eachChange(t, answer, func(t *testing.T, s *service, ch change, err error) {
				switch {
				case ch.want == http.StatusNoContent:
					// Success without a body: there is nothing to misunderstand.
					if err != nil {
						t.Error(err)
					}
				case strings.HasSuffix(ch.pattern, "/merge") && name != "cut off":
					// 201 is the service's word that it merged.
					fails(t, err, backend.KindPartial)
				default:
					fails(t, err, backend.KindUncertain)
				}
				if n := ch.sent(s); n != 1 {
					t.Errorf("%d calls, want one", n)
				}
			})
		})
	}
}

// TestChangeWithAnotherSuccessIsUncertain answers a 2xx that is not the one of
// the documents.
func TestChangeWithAnotherSuccessIsUncertain(t *testing.T) {
	other := func(ch change) http.HandlerFunc {
		status := http.StatusAccepted
		if ch.want == status {
			status = http.StatusOK
		}
		return answering(status, "{}")
	}
	eachChange(t, other, func(t *testing.T, _ *service, _ change, err error) { fails(t, err, backend.KindUncertain) })
}

func TestContextEndsDuringChange(t *testing.T) {
	for name, ch := range changes {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			ctx, cancel := context.WithCancel(t.Context())
			ch.on(s, func(_ http.ResponseWriter, r *http.Request) {
				cancel()
				neverAnswer(r)
			})
			err := ch.call(ctx, s.vault(t))
			fails(t, err, backend.KindUncertain)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v does not say that the context ended", err)
			}
		})
	}
}

func TestNothingWrittenIsNetwork(t *testing.T) {
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := gone.Addr().String()
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	tests := map[string]func(*Options){
		"nobody listens": func(o *Options) { o.URL = "https://" + address },
		"unknown CA":     func(o *Options) { o.RootCAs = x509.NewCertPool() },
		"no such proxy": func(o *Options) {
			o.Proxy = func(*http.Request) (*url.URL, error) { return &url.URL{Scheme: "http", Host: address}, nil }
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			v := newService(t).vault(t, change)
			for _, ch := range changes {
				if e := fails(t, ch.call(t.Context(), v), backend.KindNetwork); e.Message == "" || e.Status != 0 {
					t.Errorf("error %+v", e)
				}
			}
			_, err := v.Read(t.Context(), webRequest())
			fails(t, err, backend.KindNetwork)
		})
	}
}

// TestConnectionLostWithoutTokenIsNetwork drops the first call, which carries
// neither token nor body: nothing can have happened.
func TestConnectionLostWithoutTokenIsNetwork(t *testing.T) {
	s := newService(t)
	s.Config.Handler = http.HandlerFunc(drop)
	_, err := s.vault(t).Create(t.Context(), model.CreateSpec{Name: "web"})
	fails(t, err, backend.KindNetwork)
}

func TestRedirectsAreRefused(t *testing.T) {
	for _, status := range []int{301, 302, 307, 308} {
		other := newService(t)
		s := newService(t)
		redirect := func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", other.URL+"/certificates?sig=hidden")
			w.WriteHeader(status)
		}
		s.on("GET /certificates/web/pending", redirect)
		s.on("POST /certificates/web/create", redirect)
		v := s.vault(t)
		_, err := v.Read(t.Context(), webRequest())
		e := fails(t, err, backend.KindOther)
		if !strings.Contains(e.Message, other.URL) || strings.Contains(e.Message, "hidden") {
			t.Errorf("message %q, want the host and not the query", e.Message)
		}
		if e.Advice != adviceElsewhere {
			t.Errorf("the advice is %+v", e.Advice)
		}
		_, err = v.Create(t.Context(), model.CreateSpec{Name: "web"})
		fails(t, err, backend.KindOther)
		if calls := other.seen(); len(calls) != 0 {
			t.Errorf("status %d: the token went to another host: %v", status, calls)
		}
	}
}

// TestHalfAnAnswer: JSON that breaks off is told as that, without its text, and is
// no reason to look for a portal.
func TestHalfAnAnswer(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates", answering(200, `{"value":[`+listItem("a", "")+`,{"id":"https://kv-te`))
	_, _, err := collect(t, s.vault(t))
	e := fails(t, err, backend.KindOther)
	if !strings.Contains(e.Message, "it breaks off after") || strings.Contains(e.Message, "kv-te") || e.Advice != adviceBrokenOff {
		t.Errorf("message %q, advice %+v", e.Message, e.Advice)
	}
	other := newService(t)
	other.on("GET /certificates", answering(200, `[1, 2]`))
	_, _, err = collect(t, other.vault(t))
	if e := fails(t, err, backend.KindOther); strings.Contains(e.Message, "breaks off") || e.Advice != nil {
		t.Errorf("message %q, advice %+v", e.Message, e.Advice)
	}
}

// TestLinkElsewhere: the next page is not asked for at another host, and the advice
// is about that host.
func TestLinkElsewhere(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates", answering(200, `{"value":[],"nextLink":"https://evil.example/certificates?$skiptoken=1"}`))
	_, _, err := collect(t, s.vault(t))
	e := fails(t, err, backend.KindOther)
	if !strings.Contains(e.Message, "another host, evil.example") || e.Advice != adviceElsewhere {
		t.Errorf("message %q, advice %+v", e.Message, e.Advice)
	}
}

// TestRedirectToAHostileName: a host's name may hold what no screen should get.
func TestRedirectToAHostileName(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates/web/pending", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://other\u202e.example/")
		w.WriteHeader(http.StatusFound)
	})
	_, err := s.vault(t).Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindOther); !strings.Contains(e.Message, `https://other\u202e.example/`) {
		t.Errorf("message %q, want the name cleaned", e.Message)
	}
}

func TestReadOnly(t *testing.T) {
	s := newService(t)
	v := s.vault(t, func(o *Options) { o.ReadOnly = true })
	c := v.Capabilities()
	if c.Create != nil || c.Cancel != nil || c.Merge != nil || c.DeleteRequest != nil || c.MergeWhy == "" {
		t.Errorf("capabilities %+v", c)
	}
	if c.Sweep == nil || c.Read == nil || !v.Info().ReadOnly {
		t.Error("a read-only vault can't be read")
	}
	for name, ch := range changes {
		t.Run(name, func(t *testing.T) { fails(t, ch.call(t.Context(), v), backend.KindReadOnly) })
	}
	if calls := s.seen(); len(calls) != 0 {
		t.Errorf("calls %v", calls)
	}
}

// TestWrapIsOutermost checks that what the wrapped transport refuses comes out
// as it is, without a retry, and that tokens are not its business.
func TestWrapIsOutermost(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates/web/pending", answering(200, operation(nil)))
	var wrapped []string
	v := s.vault(t, func(o *Options) {
		o.Wrap = func(next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(r *http.Request) (*http.Response, error) {
				wrapped = append(wrapped, r.Method+" "+r.URL.Path)
				if r.Method != http.MethodGet {
					return nil, &backend.Error{Kind: backend.KindReadOnly, Message: "not here"}
				}
				return next.RoundTrip(r)
			})
		}
	})
	_, err := v.Cancel(t.Context(), webRequest())
	if e := fails(t, err, backend.KindReadOnly); e.Op != opCancel || e.Ref != webRequest() || e.Message != "not here" {
		t.Errorf("error %+v", e)
	}
	want := "GET /certificates/web/pending GET /certificates/web/pending PATCH /certificates/web/pending"
	if got := strings.Join(wrapped, " "); got != want {
		t.Errorf("the transport saw %v, want %v", got, want)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
