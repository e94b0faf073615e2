package wire

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// noProxy keeps the tests on this machine whatever its environment says.
func noProxy(*http.Request) (*url.URL, error) { return nil, nil }

// trusting are the roots that a test's server is trusted with.
func trusting(srv *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(srv.Certificate())
	return pool
}

// get is what a client gets from a server.
func get(t *testing.T, client *http.Client, address string) (*http.Response, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Password", "secret")
	resp, err := client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}

func TestTransportVerifiesTLS(t *testing.T) {
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	defer srv.Close()
	if _, _, err := get(t, NewClient(NewTransport(noProxy, trusting(srv))), srv.URL); err != nil {
		t.Errorf("a trusted server: %v", err)
	}
	_, _, err := get(t, NewClient(NewTransport(noProxy, x509.NewCertPool())), srv.URL)
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); !ok {
		t.Errorf("a server that nobody vouches for: %v", err)
	}

	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	old.StartTLS()
	defer old.Close()
	if _, _, err := get(t, NewClient(NewTransport(noProxy, trusting(old))), old.URL); err == nil {
		t.Error("TLS 1.1 was spoken")
	}
}

// TestTransportSpeaksHTTP1 unless it is told otherwise.
func TestTransportSpeaksHTTP1(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	for _, version := range []int{1, 2} {
		transport := NewTransport(noProxy, trusting(srv))
		transport.ForceAttemptHTTP2 = version == 2
		resp, _, err := get(t, NewClient(transport), srv.URL)
		if err != nil {
			t.Fatal(err)
		}
		if resp.ProtoMajor != version {
			t.Errorf("it speaks %s, want HTTP/%d", resp.Proto, version)
		}
		transport.CloseIdleConnections()
	}
}

func TestTransportAsksForItsProxy(t *testing.T) {
	wish := errors.New("asked")
	transport := NewTransport(func(*http.Request) (*url.URL, error) { return nil, wish }, nil)
	if _, _, err := get(t, NewClient(transport), "https://127.0.0.1:1"); !errors.Is(err, wish) {
		t.Errorf("the error is %v", err)
	}
	if NewTransport(nil, nil).Proxy == nil {
		t.Error("without one, no proxy of the environment is used")
	}
}

// TestRedirectsAreNotFollowed: a header with a password would go along.
func TestRedirectsAreNotFollowed(t *testing.T) {
	followed := false
	var srv *httptest.Server
	srv = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/thief" {
			followed = true
			return
		}
		http.Redirect(w, r, srv.URL+"/thief?token=secret", http.StatusTemporaryRedirect)
	}))
	defer srv.Close()
	resp, _, err := get(t, NewClient(NewTransport(noProxy, trusting(srv))), srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	if got := RedirectTarget(resp); followed || got != srv.URL+"/thief" {
		t.Errorf("followed %v, it points to %q", followed, got)
	}
}

// transporter answers with a body and an error of its own.
type transporter struct {
	body io.ReadCloser
	err  error
}

func (a transporter) RoundTrip(*http.Request) (*http.Response, error) {
	if a.err != nil {
		return nil, a.err
	}
	return &http.Response{StatusCode: http.StatusOK, Body: a.body}, nil
}

func TestBound(t *testing.T) {
	const most = 2 << 20
	for name, tt := range map[string]struct {
		size    int
		tooLong bool
	}{
		"nothing": {0, false}, "one byte less": {most - 1, false}, "endless": {2 * most, true},
	} {
		t.Run(name, func(t *testing.T) {
			body := io.NopCloser(bytes.NewReader(make([]byte, tt.size)))
			_, got, err := get(t, &http.Client{Transport: Bound(transporter{body: body}, most)}, "https://127.0.0.1")
			switch is := errors.Is(err, ErrTooLong); {
			case is != tt.tooLong, !is && err != nil:
				t.Errorf("the error is %v", err)
			case is && !strings.Contains(err.Error(), "larger than 2 MB"):
				t.Errorf("the error is %v", err)
			case len(got) != min(tt.size, most):
				t.Errorf("%d bytes were read", len(got))
			}
		})
	}
}

func TestBoundPassesErrorsOn(t *testing.T) {
	lost := errors.New("lost")
	if _, _, err := get(t, &http.Client{Transport: Bound(transporter{err: lost}, 1)}, "https://127.0.0.1"); !errors.Is(err, lost) {
		t.Errorf("the error is %v", err)
	}
}
