package walk

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"crypto/tls"

	"certty/backend/sandbox"
	"certty/backend/sandbox/keypool"
	"certty/ui/ptytest"
)

func TestMain(m *testing.M) {
	// A walk waits more than it computes, so more of them run at a time than there
	// are processors, unless somebody says otherwise.
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		if err := f.Value.Set("6"); err != nil {
			panic(err)
		}
	}
	os.Exit(ptytest.Main(m))
}

// world is a vault of its own, served by this test, and a home for the program
// that is configured to use it.
type world struct {
	t    *testing.T
	box  *sandbox.Sandbox
	dir  string
	env  []string
	skew atomic.Int64 // what the vault's clock is ahead
}

func newWorld(t *testing.T, seeded bool) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	box, err := sandbox.Start(t.Context(), sandbox.Options{
		Dir: filepath.Join(w.dir, "vault"), RSAKeys: keypool.Lend(), Wrap: func(h http.Handler) http.Handler { return ptytest.Late(t.Name(), h) },
		Now: func() time.Time { return time.Now().Add(time.Duration(w.skew.Load())) },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.box = box
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	if seeded {
		if err := box.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range []string{"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"} {
		dir := filepath.Join(w.dir, strings.ToLower(v))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		w.env = append(w.env, v+"="+dir)
	}
	w.configure("")
	return w
}

// configure writes the configuration of the vault, with more settings of the
// target.
func (w *world) configure(more string) {
	w.t.Helper()
	a := w.box.Access()
	secret := filepath.Join(w.dir, "secret")
	w.write(secret, a.ClientSecret)
	w.write(w.config(), fmt.Sprintf(`targets:
  - name: prod
    kind: vault
    url: %s
    authority: %s
    ca_file: %s
    credential:
      kind: client-secret
      tenant: %s
      client_id: %s
      secret:
        file: %s
%s`, a.VaultURL, a.Authority, a.CAFile, a.TenantID, a.ClientID, secret, more))
}

func (w *world) config() string {
	return filepath.Join(w.dir, "xdg_config_home", "certty", "config.yaml")
}

func (w *world) write(path, content string) {
	w.t.Helper()
	if err := writeFile(path, content); err != nil {
		w.t.Fatal(err)
	}
}

func writeFile(path, content string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(content), 0o600)
}

// start starts the program in this world.
func (w *world) start(args ...string) *ptytest.Terminal {
	w.t.Helper()
	return w.startWith(ptytest.Options{Args: args})
}

func (w *world) startWith(o ptytest.Options) *ptytest.Terminal {
	w.t.Helper()
	o.Path = ptytest.Build(w.t, "certty")
	o.Dir = w.dir
	o.Env = append(o.Env, w.env...)
	if o.Cols == 0 {
		o.Cols, o.Rows = 120, 40
	}
	return ptytest.Start(w.t, o)
}

// get reads from the vault as another client would.
func (w *world) get(path string) (status int, body map[string]any) {
	w.t.Helper()
	a := w.box.Access()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, a.VaultURL+path+"?api-version=7.5", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.do(req)
}

func (w *world) do(req *http.Request) (status int, body map[string]any) {
	w.t.Helper()
	req.Header.Set("Authorization", "Bearer "+w.box.Access().AccessToken)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: w.box.CAPool(), MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
		w.t.Fatal(err)
	}
	return resp.StatusCode, body
}

// moveClock moves the vault's clock on.
func (w *world) moveClock(by time.Duration) { w.skew.Add(int64(by)) }

// settled waits until every request of the seeded vault was read: what is read
// finds its place among the rows then, and none goes anywhere any more.
func settled(term *ptytest.Terminal) ptytest.Screen {
	return term.WaitText("3 failed  1 gone  1 expired  8 waiting", "29 of 29")
}

// on filters the board down to one row, so that the cursor is on it.
func on(term *ptytest.Terminal, name string) {
	term.Keys("/")
	term.Type(name)
	term.WaitFor("only "+name, func(s ptytest.Screen) bool {
		return s.Contains("> ") && cursorOn(s, name) && s.Contains("filter: "+name)
	})
	term.Keys("enter")
	term.WaitFor("the board with "+name, func(s ptytest.Screen) bool { return cursorOn(s, name) && s.Contains(" 1 of ") })
}

func cursorOn(s ptytest.Screen, name string) bool {
	for _, line := range s.Lines {
		if strings.HasPrefix(line, "> ") && strings.Contains(line, " "+name+" ") {
			return true
		}
	}
	return false
}

// opened waits for the details of a row with that part, on a page of their own:
// beside the board the same stands in the pane.
func opened(term *ptytest.Terminal, part string) {
	term.WaitFor("the page with "+part, func(s ptytest.Screen) bool {
		return slices.ContainsFunc(s.Lines, func(line string) bool { return line == " "+part || strings.HasPrefix(line, " "+part+" ") })
	})
}

// choose moves to the button that does what is asked, and presses it. A question
// takes no answer in its first moment, so the key is pressed until the button has
// the focus; it names a side, so that pressing it once too often does no harm.
func choose(t *testing.T, term *ptytest.Terminal, button string) {
	t.Helper()
	term.WaitText("[ "+button+" ]", "> [ ") // the question stands
	want := "> [ " + button + " ]"
	insist(t, term, "left", "the focus on "+want, func(s ptytest.Screen) bool { return s.Contains(want) })
	term.Keys("enter")
}

// insist presses a key until the screen shows what it does, and says how often it
// did.
func insist(t testing.TB, term *ptytest.Terminal, key, what string, done func(ptytest.Screen) bool) (presses int) {
	t.Helper()
	const again = 100 * time.Millisecond
	limit := time.Now().Add(ptytest.Patience)
	for ; !done(term.Screen()); presses++ {
		if time.Now().After(limit) {
			t.Fatalf("pressed %s for %s; the screen:\n%s", key, what, term.Screen())
		}
		term.Keys(key)
		for next := time.Now().Add(again); time.Now().Before(next) && !done(term.Screen()); {
			time.Sleep(5 * time.Millisecond) // between two looks at the screen
		}
	}
	return presses
}
