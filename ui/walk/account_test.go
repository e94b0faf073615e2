package walk

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"certty/ui/ptytest"
)

// describeAccount fills in the form of this world's account under a name, with a
// file that holds its password.
func (w *world) describeAccount(term *ptytest.Terminal, name, secret string, readOnly bool) {
	w.t.Helper()
	a := w.box.Access().SCM
	term.WaitText("Add an SCM account")
	field := func(label, value string) {
		w.t.Helper()
		term.WaitFor("the field "+label, func(s ptytest.Screen) bool { return s.Contains("> " + label) })
		term.Type(value)
		if value != "" {
			term.WaitText(value[max(0, len(value)-20):])
		}
		term.Keys("tab")
	}
	field("Address", strings.TrimSuffix(a.URL, "/api")+"/customer/"+a.CustomerURI)
	term.WaitText("the API at "+a.URL, "> Customer URI", a.CustomerURI)
	field("Customer URI", "")
	for range a.CustomerURI { // what the address suggests
		term.Keys("backspace")
	}
	field("Name", name)
	field("Credential", "")
	field("Login", a.Login)
	field("Password is in a", "")
	field("  which is", secret)
	if readOnly {
		term.Keys("space")
		term.WaitText("[x] yes")
	}
	field("Read-only", "")
	term.Keys("enter") // opens the section
	field("- Network and protocol", "")
	field("Proxy", "")
	field("CA file", w.box.Access().CAFile)
}

// nowhere fails where a secret stands in what the program wrote or showed.
func (w *world) nowhere(term *ptytest.Terminal, secret string) {
	w.t.Helper()
	if strings.Contains(string(term.Output()), secret) {
		w.t.Error("the password was shown")
	}
	for _, dir := range []string{"xdg_config_home", "xdg_state_home", "xdg_cache_home"} {
		err := filepath.WalkDir(filepath.Join(w.dir, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if strings.Contains(string(data), secret) {
				w.t.Errorf("the password stands in %s", path)
			}
			return err
		})
		if err != nil {
			w.t.Error(err)
		}
	}
}

// TestAccountJoins: an account is described by the address people sign in at. A
// password that can't be read is said before anything is sent; the test then says
// of each thing that orders need how it stands. Written, the account is on the
// board at once and synced, its orders are imported, and its password is nowhere.
func TestAccountJoins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	canary := w.box.Access().SCM.Password
	secret := filepath.Join(w.dir, "scm-password")
	before := strings.Replace(string(w.read("xdg_config_home/certty/config.yaml")), "targets:", "# mine\ntargets: # all", 1) + "\n# colours\ntheme: mono\n"
	w.write(w.config(), before)
	term := w.startWith(ptytest.Options{Cols: 120, Rows: 60})
	term.WaitText("● prod", "shop-example-com")
	term.Keys("T")
	term.WaitText("Targets", "a add an account")
	term.Keys("a")
	w.describeAccount(term, "second", secret, false)
	term.Keys("ctrl+s")
	term.WaitCard("Add second", "✗ sign-in: failed.", "the password can't be read", "Nothing was sent. Mend that, and test again.", "[ Write it all the same ]", "> [ Back ]")
	w.write(secret, canary+"\nand a line more")
	term.Keys("esc")
	term.WaitGone("Write it all the same")
	term.Keys("ctrl+s")
	term.WaitCard("Add second", "the password contains a line break", "Nothing was sent.", "> [ Back ]")
	if calls := w.box.SCM().Calls(); len(calls) != 0 {
		t.Fatalf("the account was called: %v", calls)
	}
	w.write(secret, canary)
	term.Keys("esc")
	term.WaitGone("Write it all the same")
	term.Keys("ctrl+s")
	term.WaitText("✓ sign-in: good. accepted; ", "orders can be seen", "✓ password expiry: good.", "! ordering over the API: warning. switched off for Example Archive",
		"? privileges: unknown.", "(MRAO)", "+  - name: second", "+    kind: scm", "> [ Back ]")
	if got := string(w.read("xdg_config_home/certty/config.yaml")); got != before {
		t.Fatal("the configuration was written before anybody confirmed")
	}
	choose(t, term, "Write it")
	term.WaitText("second was written into") // which is said for a moment only
	term.WaitText("● second")
	after := string(w.read("xdg_config_home/certty/config.yaml"))
	for _, text := range []string{"# mine\ntargets: # all", "\n# colours\ntheme: mono\n", "kind: scm", "file: " + secret} {
		if !strings.Contains(after, text) {
			t.Errorf("the configuration lacks %q:\n%s", text, after)
		}
	}

	term.Keys("down")
	term.WaitText("> ● second", "orders, read")
	term.Keys("I")
	term.WaitText("second: what the account offers", "Synced <1m ago; weekly by itself", "Example Archive", "API off", "Beispiel GmbH")
	term.Keys("tab")
	term.WaitText("[Domains 9]", "example.jp", "not validated", "ends soon", "12d")
	term.Keys("/")
	term.Type("example.jp")
	term.WaitText("1/9")
	term.Keys("enter", "enter")
	term.WaitText("Domain example.jp", "A DNS record of the type CNAME", ".sectigo.com.")
	term.Keys("c")
	choose(t, term, "Look again")
	term.WaitText("the CA was asked to look again")
	term.Keys("esc", "i")
	term.WaitText("Import orders from second", "Managed here already: 0.", "[ Import ]")
	term.Keys("ctrl+s")
	term.WaitText("The account's whole list was read.", "new here")
	term.Keys("esc", "i")
	managed := regexp.MustCompile(`Managed here already: [1-9]`)
	term.WaitFor("the records on the screen", func(s ptytest.Screen) bool {
		return managed.MatchString(strings.Join(s.Lines, "\n"))
	})
	term.Keys("esc", "esc", "esc", "esc")
	term.WaitFor("orders on the board", func(s ptytest.Screen) bool { return s.Contains(" prod ") && s.Contains(" second ") })
	term.Keys("q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	w.nowhere(term, canary)
}

// TestAccountReadOnly: a read-only account is read, synced and imported from, and
// no call that changes anything reaches it.
func TestAccountReadOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	secret := filepath.Join(w.dir, "scm-password")
	w.write(secret, w.box.Access().SCM.Password)
	term := w.startWith(ptytest.Options{Cols: 100, Rows: 60})
	term.WaitText("● prod")
	term.Keys("T", "a")
	w.describeAccount(term, "second", secret, true)
	term.Keys("ctrl+s")
	term.WaitText("✓ sign-in: good.", "+    read_only: true", "> [ Back ]")
	choose(t, term, "Write it")
	term.WaitText("● second")
	term.Keys("down", "I")
	term.WaitText("what the account offers", "Synced <1m ago")
	term.Keys("s")
	term.WaitText("Synced <1m ago", "API off")
	term.Keys("tab", "enter")
	term.WaitText("TO PUBLISH", "The CA's status")
	term.Keys("c")
	term.WaitText("not now: this target is read-only here")
	term.Keys("esc", "i")
	// The form stands once what the account offers was read.
	term.WaitText("Import orders from second", "[ Import ]", "About 30 of the 30")
	term.Keys("ctrl+s")
	term.WaitText("The account's whole list was read.")
	term.Keys("esc", "esc", "esc", "q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for call, times := range w.box.SCM().Calls() {
		// Reports and the status of a validation are asked for by POST.
		reads := call.Method == http.MethodGet || call.Method == http.MethodHead ||
			slices.Contains([]string{"ReportCertificates", "GetDomainValidation"}, call.Operation)
		if !reads {
			t.Errorf("%d × %+v reached the account", times, call)
		}
	}
}
