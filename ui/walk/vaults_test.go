package walk

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certty/ui/ptytest"
)

// describe fills in the form of a vault: this world's, under a name.
func (w *world) describe(term *ptytest.Terminal, name, caFile string) (lines string) {
	w.t.Helper()
	a := w.box.Access()
	secret := filepath.Join(w.dir, "secret")
	w.write(secret, a.ClientSecret)
	term.WaitText("Add a vault")
	field := func(label, value string) {
		w.t.Helper()
		term.WaitFor("the field "+label, func(s ptytest.Screen) bool { return s.Contains("> " + label) })
		term.Type(value)
		if value != "" {
			term.WaitText(value[max(0, len(value)-20):])
		}
		term.Keys("tab")
	}
	field("Vault", a.VaultURL)
	field("Cloud", "")
	term.WaitText("> Name", "127-0-0-1") // what the address suggests
	for range "127-0-0-1" {
		term.Keys("backspace")
	}
	field("Name", name)
	chooseTo(term, "client-secret")
	term.WaitText("an application with a secret")
	field("Credential", "")
	field("Tenant", a.TenantID)
	field("Client id", a.ClientID)
	field("Secret is in a", "")
	field("  which is", secret)
	field("Read-only", "")
	term.Keys("enter") // opens the section
	field("- Network and protocol", "")
	field("Proxy", "")
	field("CA file", caFile)
	field("Authority", a.Authority)
	return fmt.Sprintf(`  - name: %s
    url: %s
    credential:
      kind: client-secret
      tenant: %s
      client_id: %s
      secret:
        file: %s
    authority: %s
    ca_file: %s
`, name, a.VaultURL, a.TenantID, a.ClientID, secret, a.Authority, caFile)
}

// TestFirstVault: nothing is configured, a vault is added by hand, and the next
// start shows it in the sandbox's place.
func TestFirstVault(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	if err := os.Remove(w.config()); err != nil {
		t.Fatal(err)
	}
	term := w.start()
	term.WaitText("SANDBOX", "● sandbox")
	term.Keys("T")
	term.WaitText("Targets", "Nothing was configured")
	term.Keys("n")
	want := "targets:\n" + w.describe(term, "lab", w.box.Access().CAFile)
	term.Keys("ctrl+s")
	term.WaitText("The vault answers: ", "+  - name: lab", "in its place", "> [ Back ]")
	if _, err := os.Stat(w.config()); err == nil {
		t.Fatal("the configuration was written before anybody confirmed")
	}
	choose(t, term, "Write it")
	term.WaitText("the next start shows lab, written into")
	if got, err := os.ReadFile(w.config()); err != nil || string(got) != want {
		t.Errorf("the configuration is, %v:\n%s\nwant:\n%s", err, got, want)
	}
	if info, err := os.Stat(w.config()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
	term.Keys("esc", "q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	term = w.start()
	term.WaitText("● lab", "shop-example-com")
	if term.Screen().Contains("SANDBOX") {
		t.Errorf("it is still the sandbox:\n%s", term.Screen())
	}
}

// TestVaultJoins: a vault is added beside another one, to a file with comments,
// and stands on the board at once. One that certty could not open is not
// written, and one that does not answer only when the person insists.
func TestVaultJoins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	before := strings.Replace(string(w.read("xdg_config_home/certty/config.yaml")), "targets:", "# mine\ntargets: # all", 1) + "\n# colours\ntheme: mono\n"
	w.write(w.config(), before)
	term := w.start()
	term.WaitText("● prod", "shop-example-com")
	term.Keys("T", "n")
	lines := w.describe(term, "second", w.box.Access().CAFile+".none")
	term.Keys("ctrl+s")
	term.WaitCard("Add a vault", "read ca_file", "no such file")
	term.Keys("shift+tab", "shift+tab") // back from the field behind Authority
	term.WaitFor("the field of the file", func(s ptytest.Screen) bool { return s.Contains("> CA file") })
	for range ".none" {
		term.Keys("backspace")
	}
	lines = strings.Replace(lines, ".none", "", 1)
	term.Keys("ctrl+s")
	term.WaitText("The vault answers: ", "> [ Back ]")
	choose(t, term, "Write it")
	term.WaitText("second was written into") // which is said for a moment only
	term.WaitText("● second")
	want := strings.Replace(before, "\n\n# colours", "\n"+lines+"\n# colours", 1)
	if got := string(w.read("xdg_config_home/certty/config.yaml")); got != want {
		t.Errorf("the configuration is:\n%s\nwant:\n%s", got, want)
	}
	term.Keys("esc")
	term.WaitFor("rows of both vaults", func(s ptytest.Screen) bool { return s.Contains(" prod ") && s.Contains(" second ") })
	term.Keys("q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestSecondSandbox: the embedded sandbox is for one console at a time; the
// second one is told the ways out.
func TestSecondSandbox(t *testing.T) {
	w := newWorld(t, false)
	first := w.start("--sandbox")
	first.WaitText("SANDBOX", "● sandbox")
	second := w.startWith(ptytest.Options{Args: []string{"--sandbox"}, Cols: 200, Rows: 24})
	if code := second.Wait(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	for _, text := range []string{"another process runs the sandbox", "XDG_STATE_HOME", "--config"} {
		if !strings.Contains(string(second.Output()), text) {
			t.Errorf("%q is not said:\n%s", text, second.Output())
		}
	}
	if err := second.Restored(); err != nil {
		t.Error(err)
	}
	first.Keys("q")
	first.Wait()
}
