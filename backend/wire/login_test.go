package wire

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"certty/backend"
)

const right = "hid den:ü"

// gate is a proxy of any kind that lets dave through with the right password.
// asked counts who came.
type gate struct {
	address *url.URL
	asked   atomic.Int32
}

// httpGate is a proxy that is spoken to with HTTP, over TLS where that is wanted.
func httpGate(t *testing.T, overTLS bool) (*gate, *httptest.Server) {
	t.Helper()
	g := &gate{}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.asked.Add(1)
		if r.Header.Get("Proxy-Authorization") != "Basic "+base64.StdEncoding.EncodeToString([]byte("dave:"+right)) {
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		there, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		here, sent, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
		join(here, sent, there)
	}))
	srv.EnableHTTP2 = true // some do, and net/http can't speak it with a proxy
	if overTLS {
		srv.StartTLS()
	} else {
		srv.Start()
	}
	t.Cleanup(srv.Close)
	g.address = parsed(t, srv.URL)
	return g, srv
}

// join passes on what comes until one side ends.
func join(here net.Conn, sent io.Reader, there net.Conn) {
	go func() {
		_, _ = io.Copy(there, sent) // a side that is gone ends both
		_ = there.Close()
	}()
	_, _ = io.Copy(here, there)
	_ = here.Close()
}

// answers of a SOCKS5 proxy (RFC 1928 §3 and §6, RFC 1929 §2).
const (
	socksNone, socksPassword, socksNothing = 0, 2, 0xff
	socksDone, socksNotAllowed             = 0, 2
)

// socks is a SOCKS5 proxy.
type socks struct {
	// method is the one it chooses.
	method byte
	// reply is what it answers to who may connect.
	reply byte
	// hangsUp ends every connection unanswered; speaksHTTP answers in HTTP.
	hangsUp, speaksHTTP bool
}

func (s socks) start(t *testing.T) *gate {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	g := &gate{address: &url.URL{Scheme: "socks5", Host: listener.Addr().String()}}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			g.asked.Add(1)
			go s.serve(conn)
		}
	}()
	return g
}

// serve ends the connection as soon as anything is not as it should be.
func (s socks) serve(conn net.Conn) {
	defer conn.Close()
	take := func(n int) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(conn, b); err != nil {
			return make([]byte, n)
		}
		return b
	}
	send := func(b ...byte) { _, _ = conn.Write(b) } // who is gone is gone
	take(int(take(2)[1]))
	switch {
	case s.hangsUp:
		return
	case s.speaksHTTP:
		_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
		return
	}
	send(5, s.method)
	switch s.method {
	case socksNothing:
		return
	case socksPassword:
		user := string(take(int(take(2)[1])))
		password := string(take(int(take(1)[0])))
		if user != "dave" || password != right {
			send(1, 1)
			return
		}
		send(1, 0)
	}
	head := take(4)
	if head[3] != 1 { // the tests name hosts by IPv4 addresses
		return
	}
	host, at := net.IP(take(4)), take(2)
	send(5, s.reply, 0, 1, 0, 0, 0, 0, 0, 0)
	if s.reply != socksDone {
		return
	}
	there, err := net.DialTCP("tcp", nil, &net.TCPAddr{IP: host, Port: int(at[0])<<8 | int(at[1])})
	if err != nil {
		return
	}
	join(conn, conn, there)
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestProxyWithLogin: through a proxy of each kind with the right password; a
// wrong one is told as such, is not tried twice for one call, and is read anew for
// the next call, the right one only once.
func TestProxyWithLogin(t *testing.T) {
	for name, start := range map[string]func(*testing.T) (*gate, *httptest.Server){
		"http":   func(t *testing.T) (*gate, *httptest.Server) { return httpGate(t, false) },
		"https":  func(t *testing.T) (*gate, *httptest.Server) { return httpGate(t, true) },
		"socks5": func(t *testing.T) (*gate, *httptest.Server) { return socks{method: socksPassword}.start(t), nil },
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if got := r.Header.Get("Proxy-Authorization"); got != "" {
					t.Errorf("the service was sent %q", got)
				}
			}))
			t.Cleanup(srv.Close)
			g, overTLS := start(t)
			roots := trusting(srv)
			if overTLS != nil && overTLS.Certificate() != nil {
				roots.AddCert(overTLS.Certificate())
			}
			password, reads := "wrong-canary", 0
			transport := NewTransport(ProxyWithLogin(g.address, "dave", func(context.Context) (string, error) {
				reads++
				return password, nil
			}), roots)
			transport.DisableKeepAlives = true
			transport.ForceAttemptHTTP2 = true // as for a vault
			client := NewClient(TellProxy(transport))

			_, _, err := get(t, client, srv.URL)
			want := "the proxy " + g.address.Host + " does not accept the user and the password"
			if err == nil || Reason(err, "") != want || strings.Contains(err.Error(), "canary") || ProxyAdvice(err) != &AdviceProxy {
				t.Errorf("a wrong password: %v", err)
			}
			if g.asked.Load() != 1 || reads != 1 {
				t.Errorf("the proxy was asked %d times, the password read %d times", g.asked.Load(), reads)
			}
			password = right
			for range 2 {
				if _, _, err := get(t, client, srv.URL); err != nil {
					t.Errorf("the right password: %v", err)
				}
			}
			if g.asked.Load() != 3 || reads != 2 {
				t.Errorf("the proxy was asked %d times, the password read %d times", g.asked.Load(), reads)
			}
		})
	}
}

// TestProxyPasswordUnreadable: nothing is sent without the password, the error
// says where it should be, and the next call reads it again.
func TestProxyPasswordUnreadable(t *testing.T) {
	g := socks{method: socksPassword}.start(t)
	missing := errors.New("read the secret from file /p: it is empty")
	password := ""
	client := NewClient(TellProxy(NewTransport(ProxyWithLogin(g.address, "dave", func(context.Context) (string, error) {
		return password, missing
	}), nil)))
	says := func(want string) {
		t.Helper()
		_, _, err := get(t, client, "https://127.0.0.1:1")
		if backend.KindOf(err) != backend.KindLocal || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), g.address.Host) {
			t.Errorf("the error is %v", err)
		}
	}
	says("/p: it is empty")
	missing, password = nil, strings.Repeat("x", 256)
	says("longer than the 255 bytes")
	if g.asked.Load() != 0 {
		t.Error("the proxy was asked")
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	choose := ProxyWithLogin(g.address, "dave", func(context.Context) (string, error) { return "", ctx.Err() })
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, "https://127.0.0.1:1", http.NoBody)
	if _, err := choose(req); !errors.Is(err, context.Canceled) || backend.KindOf(err) == backend.KindLocal {
		t.Errorf("a call that was ended: %v", err)
	}
}

// TestSocksRefuses: what a SOCKS5 proxy says is told as the proxy's, with what to
// do. The words are net/http's; this fails where they change.
func TestSocksRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		proxy  socks
		user   *url.Userinfo
		says   string
		advice *backend.Advice
	}{
		"wants a password":  {socks{method: socksNothing}, nil, "wants a user and a password", &AdviceProxy},
		"wants another way": {socks{method: socksNothing}, url.UserPassword("dave", right), "does not connect: it signs in neither without", adviceProxyRefuses},
		"wrong password":    {socks{method: socksPassword}, url.UserPassword("dave", "guessed"), "does not accept the user and the password", &AdviceProxy},
		"not allowed":       {socks{method: socksNone, reply: socksNotAllowed}, nil, "does not connect: connection not allowed by ruleset", adviceProxyRefuses},
		"hangs up":          {socks{hangsUp: true}, nil, "does not connect: it ended the connection", adviceNoProxy},
		"no SOCKS":          {socks{speaksHTTP: true}, nil, "does not connect: it does not speak SOCKS5", adviceNoProxy},
	} {
		t.Run(name, func(t *testing.T) {
			g := tt.proxy.start(t)
			u := *g.address
			u.User = tt.user
			_, _, err := get(t, NewClient(TellProxy(NewTransport(http.ProxyURL(&u), nil))), "https://127.0.0.1:1")
			if err == nil || !strings.HasPrefix(Reason(err, ""), "the proxy "+u.Host+" "+tt.says) || strings.Contains(err.Error(), "guessed") {
				t.Errorf("says %v", err)
			}
			if ProxyAdvice(err) != tt.advice {
				t.Errorf("the advice is %+v", ProxyAdvice(err))
			}
		})
	}
	if socksRefusal(&net.OpError{Op: "dial", Err: io.EOF}, &url.URL{}) != nil {
		t.Error("an error of the network is blamed on a proxy")
	}
}
