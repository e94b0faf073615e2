package walk

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"certty/ui/ptytest"
)

func html(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	_, _ = w.Write([]byte("<html><head><title>Sign in to the guest network</title></head></html>"))
}

func throttled(after string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if after != "" {
			w.Header().Set("Retry-After", after)
		}
		fault(http.StatusTooManyRequests, "Throttled", "Request was not processed because too many requests were received.")(w, r)
	}
}

// TestBadAnswers: whatever a list call gets, the board says what it means, and
// the rows that it had stand.
func TestBadAnswers(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer http.HandlerFunc
		empty  []string // said on a board that has no rows
		beside []string // said in the header of one that has
	}{
		{"a page of a portal", html, []string{"The answer could not be understood.", "Something between here and the service", "Sign in to the guest network"}, []string{"<1m old: not understood"}},
		{"JSON that ends early", answer(http.StatusOK, `{"value":[{"id":"https://`), []string{"The answer breaks off before its end.", "it breaks off after 25"}, []string{"<1m old: not understood"}},
		{"401", fault(http.StatusUnauthorized, "Unauthorized", "AKV10022: Invalid audience."), []string{"made for another service", "AKV10022"}, []string{"login refused, R retries"}},
		{"403", fault(http.StatusForbidden, "Forbidden", "Caller is not authorized to perform action."), []string{"The vault works with roles", "Caller is not authorized"}, []string{"permission"}},
		{"429 with Retry-After", throttled("300"), []string{"too many calls", "Wait 5m0s"}, []string{"throttled until "}},
		{"429 without Retry-After", throttled(""), []string{"too many calls", "Wait; it goes on by itself"}, []string{"throttled until "}},
		{"503", fault(http.StatusServiceUnavailable, "ServiceUnavailable", "The service is busy."), []string{"trouble of its own", "The service is busy."}, []string{"in trouble"}},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.invalid/certificates?sig=hidden", http.StatusFound)
		}, []string{"The answer leads to another host.", "https://elsewhere.invalid/certificates", "redirects"}, []string{"<1m old: not understood"}},
		{"an answer cut off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"value":[`))
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, []string{"The service was not reached. Nothing was changed."}, []string{"not reached"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, "prod")
			s.answers(tt.answer)
			h := newHome(t, s)
			term := h.start()
			term.WaitText(tt.empty...)
			term.Keys("q")
			term.Wait()

			// A board with rows, in a home of its own: a refused login is kept.
			s.answers(s.listing("kept-row"))
			h = newHome(t, s)
			term = h.start()
			term.WaitText("kept-row", "● prod")
			s.answers(tt.answer)
			insist(t, term, "r", "what is beside the row", func(s ptytest.Screen) bool { return s.Contains(append(tt.beside, "kept-row")...) })
			term.Keys("q")
			if code := term.Wait(); code != 0 {
				t.Errorf("exit code %d", code)
			}
			if err := term.Restored(); err != nil {
				t.Error(err)
			}
			for _, secret := range []string{serviceToken, "not-a-secret-of-anybody", "sig=hidden"} {
				if strings.Contains(h.log()+string(term.Output()), secret) {
					t.Errorf("%q was told", secret)
				}
			}
		})
	}
}

// TestLatch: a vault that refused the login is called no more, by no console on
// this store, until a person says R.
func TestLatch(t *testing.T) {
	refusing, healthy := newService(t, "locked"), newService(t, "open")
	refusing.answers(fault(http.StatusUnauthorized, "Unauthorized", "AKV10022: Invalid audience."))
	h := newHome(t, refusing, healthy)
	term := h.start()
	term.WaitText("locked 0, never read: login refused, R retries", "quiet-one")
	// refreshed waits until the other vault was read again, and so this one
	// would have been.
	refreshed := func(term *ptytest.Terminal) {
		t.Helper()
		before := healthy.count("GET /certificates")
		// While one sweep runs r asks for no other.
		insist(t, term, "r", "another sweep of the other vault", func(ptytest.Screen) bool { return healthy.count("GET /certificates") > before+1 })
	}
	refreshed(term) // what was under way when it was refused has come to its end
	calls := refusing.count("")
	if calls == 0 {
		t.Fatal("the vault was never called")
	}
	refreshed(term)
	second := h.start()
	second.WaitText("locked 0, never read: login refused, R retries", "quiet-one")
	refreshed(second)
	if got := refusing.count(""); got != calls {
		t.Errorf("%d more calls before anybody said so", got-calls)
	}
	refusing.answers(refusing.listing("unlocked-row"))
	second.Keys("R")
	second.WaitText("unlocked-row")
	second.Keys("q")
	second.Wait()
	// The first console finds out by itself, or is asked.
	term.Keys("R")
	term.WaitText("unlocked-row")
}

// TestSlowTarget: a vault that never answers holds up neither the keys nor the
// other vaults, nor the end.
func TestSlowTarget(t *testing.T) {
	slow, quick := newService(t, "slow"), newService(t, "quick")
	slow.answers(silence)
	quick.answers(quick.listing("first-row", "second-row"))
	h := newHome(t, slow, quick)
	term := h.start()
	term.WaitText("first-row", "second-row", "● quick", "slow 0 loading")
	before := cursorName(term.Screen())
	term.Keys("j")
	term.WaitFor("another row under the cursor", func(s ptytest.Screen) bool { return cursorName(s) != before })
	on(term, "second-row")
	term.Keys("enter")
	opened(term, "CERTIFICATE")
	term.Keys("esc", "q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
}

// TestNextLinkElsewhere: the token never goes where a list points.
func TestNextLinkElsewhere(t *testing.T) {
	thief := newService(t, "thief")
	s := newService(t, "prod")
	s.answers(func(w http.ResponseWriter, r *http.Request) {
		answer(http.StatusOK, `{"value":[`+listed(s.URL, "first-page", "")+`],"nextLink":"`+thief.URL+`/certificates?api-version=7.5&$skiptoken=x"}`)(w, r)
	})
	term := newHome(t, s).start()
	term.WaitText("first-page", "prod 1, never read: not ")
	if n := thief.count(""); n != 0 {
		t.Errorf("%d calls went to the other host with a token", n)
	}
}

// TestWrongCA: what is not trusted is told nothing.
func TestWrongCA(t *testing.T) {
	w := newWorld(t, false) // its CA is not the service's
	s := newService(t, "prod")
	h := newHome(t, s)
	ca, err := os.ReadFile(w.box.Access().CAFile)
	if err != nil {
		t.Fatal(err)
	}
	h.write("prod.pem", string(ca))
	term := h.start()
	term.WaitText("The service was not reached", "its TLS certificate is signed by", "not trusted here", "ca_file")
	if n := s.count(""); n != 0 {
		t.Errorf("%d calls with a token", n)
	}
}

// TestWrongTenant: both tenants are named, and nothing is tried again.
func TestWrongTenant(t *testing.T) {
	const theirs = "99999999-8888-7777-6666-555555555555"
	s := newService(t, "prod")
	s.challenges(theirs)
	term := newHome(t, s).start()
	term.WaitText("login refused, R retries", "wrong tenant: the vault belongs to tenant "+theirs[:8], "the credential is set to "+serviceTenant[:8])
	if n := s.count(""); n != 0 {
		t.Errorf("%d calls with a token", n)
	}
}

// TestLostAnswer: a create whose connection broke after it was received is
// uncertain, is never sent again, and keeps the form; the next start tells of it.
func TestLostAnswer(t *testing.T) {
	s := newService(t, "prod")
	s.answersElse(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			panic(http.ErrAbortHandler)
		}
		s.issued(w, r)
	})
	h := newHome(t, s)
	term := h.start()
	term.WaitText("quiet-one", "● prod")
	term.Keys("n")
	term.WaitText("New request")
	term.Type("CN=lost.example.com")
	term.WaitText("lost-example-com")
	term.Keys("ctrl+s")
	term.WaitText("Create lost-example-com")
	choose(t, term, "Create")
	term.WaitText("It may have happened", "Do not repeat it", "What you typed is kept.")
	term.Keys("esc")
	term.WaitText("New request", "lost-example-com")
	term.Keys("esc")
	term.WaitGone("New request")
	before := s.count("GET /certificates")
	insist(t, term, "r", "another sweep", func(ptytest.Screen) bool { return s.count("GET /certificates") > before+1 })
	if n := s.count("POST"); n != 1 {
		t.Errorf("%d calls, want exactly one", n)
	}
}

// waitUntil waits for something that no screen shows.
func waitUntil(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(ptytest.Patience); !ok(); {
		if time.Now().After(limit) {
			t.Fatalf("waited for %s", what)
		}
		time.Sleep(5 * time.Millisecond) // between two looks
	}
}
