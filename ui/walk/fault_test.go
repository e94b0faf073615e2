package walk

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
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
		{"JSON that ends early", answer(http.StatusOK, `{"value":[{"id":"https://`), []string{"The answer could not be understood.", "it is not the JSON of"}, []string{"<1m old: not understood"}},
		{"401", fault(http.StatusUnauthorized, "Unauthorized", "AKV10022: Invalid audience."), []string{"does not accept the credential", "AKV10022"}, []string{"login refused, R retries"}},
		{"403", fault(http.StatusForbidden, "Forbidden", "Caller is not authorized to perform action."), []string{"has no permission", "Caller is not authorized"}, []string{"permission"}},
		{"429 with Retry-After", throttled("300"), []string{"too many calls", "Wait 5m0s"}, []string{"throttled until "}},
		{"429 without Retry-After", throttled(""), []string{"too many calls", "Wait; it goes on by itself"}, []string{"throttled until "}},
		{"503", fault(http.StatusServiceUnavailable, "ServiceUnavailable", "The service is busy."), []string{"trouble of its own", "The service is busy."}, []string{"in trouble"}},
		{"a redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.invalid/certificates?sig=hidden", http.StatusFound)
		}, []string{"could not be understood", "https://elsewhere.invalid/certificates", "redirects"}, []string{"<1m old: not understood"}},
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
			term.Keys("r")
			term.WaitText(append(tt.beside, "kept-row")...)
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
	calls := refusing.count("")
	if calls == 0 {
		t.Fatal("the vault was never called")
	}
	// refreshed waits until the other vault was read again, and so this one
	// would have been.
	refreshed := func(term *ptytest.Terminal) {
		t.Helper()
		before := healthy.count("GET /certificates")
		term.Keys("r")
		waitUntil(t, "another sweep of the other vault", func() bool { return healthy.count("GET /certificates") > before+1 })
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
	term.WaitText("CERTIFICATE")
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
	term.WaitText("The service was not reached", "certificate")
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
	term.Keys("r")
	waitUntil(t, "another sweep", func() bool { return s.count("GET /certificates") > before+1 })
	if n := s.count("POST"); n != 1 {
		t.Errorf("%d calls, want exactly one", n)
	}
}

// waitUntil waits for something that no screen shows.
func waitUntil(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(time.Minute); !ok(); {
		if time.Now().After(limit) {
			t.Fatalf("waited for %s", what)
		}
		time.Sleep(5 * time.Millisecond) // between two looks
	}
}

// TestFullDisk: on a disk that is full nothing is sent, because it could not be
// noted before, and the board says so.
func TestFullDisk(t *testing.T) {
	s := newService(t, "prod")
	h := newHome(t, s)
	disk := filepath.Join(h.dir, "disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	h.env = append(h.env, "XDG_STATE_HOME="+disk+"/state", "XDG_CACHE_HOME="+disk+"/cache")
	mount := `mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@"`
	if out, err := exec.CommandContext(t.Context(), "unshare", "-rm", "sh", "-c", mount, disk, "true").CombinedOutput(); err != nil {
		t.Skipf("no file system of its own can be mounted here: %v %s", err, out)
	}
	term := h.startWith(ptytest.Options{Path: "unshare", Args: []string{"-rm", "sh", "-c", mount, disk, ptytest.Build(t, "certty")}})
	term.WaitText("quiet-one", "● prod")
	// The disk is another one for everybody but the program.
	fill(t, filepath.Join("/proc", strconv.Itoa(term.PID()), "root", disk, "filler"))
	before := s.count("GET /certificates")
	term.Keys("n")
	term.WaitText("New request")
	term.Type("CN=full.example.com")
	term.WaitText("full-example-com")
	term.Keys("ctrl+s")
	term.WaitText("Create full-example-com")
	choose(t, term, "Create")
	term.WaitText("nothing was sent", "a full disk", "What you typed is kept.")
	term.Keys("esc", "esc")
	term.WaitGone("New request")
	if n := s.count("POST"); n != 0 {
		t.Errorf("%d calls changed something that was not noted", n)
	}
	// Reading goes on, and says that nothing of it is kept.
	s.answers(s.listing("quiet-one", "new-one"))
	term.Keys("r")
	term.WaitText("new-one", "not kept on disk")
	if got := s.count("GET /certificates"); got <= before {
		t.Error("nothing was read")
	}
	term.Keys("q")
	term.Wait()
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
}

// fill writes until nothing more fits.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }() // only its size matters
	block := make([]byte, 4<<10)
	for {
		if _, err := f.Write(block); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// TestReadOnlyHome: where nothing can be kept, the program says which folder it
// can't use, and leaves the terminal as it was.
func TestReadOnlyHome(t *testing.T) {
	h := newHome(t, newService(t, "prod"))
	bind := `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"`
	if out, err := exec.CommandContext(t.Context(), "unshare", "-rm", "sh", "-c", bind, h.dir, "true").CombinedOutput(); err != nil {
		t.Skipf("no folder can be made read-only here, not even for root: %v %s", err, out)
	}
	term := h.startWith(ptytest.Options{Path: "unshare", Args: []string{"-rm", "sh", "-c", bind, h.dir, ptytest.Build(t, "certty")}})
	if code := term.Wait(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
	if shown := string(term.Output()); !strings.Contains(shown, "read-only file system") || !strings.Contains(shown, filepath.Join(h.dir, "state")) {
		t.Errorf("the folder and what is wrong with it are not said:\n%s", shown)
	}
}

// TestTwoConsoles: two consoles on one store; what one does the other shows, and
// neither loses anything.
func TestTwoConsoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	one, two := w.start(), w.start()
	one.WaitText("mail-relay", "waits: merge")
	two.WaitText("mail-relay", "waits: merge")
	on(one, "mail-relay")
	one.Keys("x")
	one.WaitText("Ask for cancellation of mail-relay")
	choose(t, one, "Ask for cancellation")
	one.WaitText("cancel asked")
	on(two, "mail-relay")
	two.Keys("r")
	two.WaitText("cancel asked")
	for _, term := range []*ptytest.Terminal{one, two} {
		term.Keys("q")
		if code := term.Wait(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		if out := string(term.Output()); strings.Contains(out, "locked") || strings.Contains(out, "not kept") {
			t.Error("the consoles stood in each other's way")
		}
	}
}
