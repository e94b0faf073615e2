package walk

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/ui/ptytest"
)

// succession lists the orders of a name at the account's server, with their
// serials.
func (w *world) succession(name string) (serials []string) {
	w.t.Helper()
	_, body := w.get("/sandbox/scm/orders")
	rows, _ := body["orders"].([]any)
	for _, row := range rows {
		if o, ok := row.(map[string]any); ok && o["common_name"] == name {
			serial, _ := o["serial"].(string)
			serials = append(serials, serial)
		}
	}
	return serials
}

// plainSerial is a serial number as the screen shows it.
func plainSerial(s string) string { return strings.ToLower(strings.ReplaceAll(s, ":", "")) }

// TestSucceedByKeyboard makes the keystore of an issued order, replaces its
// certificate, waits for the new serial number and not for the old one, and renews
// the order with the key it has.
func TestSucceedByKeyboard(t *testing.T) {
	t.Parallel()
	const name = "next.example.com"
	w := newWorld(t, true)
	w.withAccount()
	out := filepath.Join(w.dir, "out")
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	w.order(name, out)
	w.moveClock(time.Minute)
	term := w.startWith(ptytest.Options{Cols: 120, Rows: 40})
	term.WaitText("● sectigo", "● prod")
	onOrder(term, name)
	term.WaitText("its keystore waits for the", "K keystore")

	made := filepath.Join(w.dir, "made.p12")
	term.Keys("K")
	term.WaitText("Keystore of " + name)
	tabTo(term, "Password")
	term.Type("not-the-password")
	term.Keys("ctrl+s")
	term.WaitText("Wrong password: it does not open the key.")
	for range "not-the-password" {
		term.Keys("backspace")
	}
	term.Type(keystorePassword)
	tabTo(term, "File")
	term.Keys("ctrl+u")
	term.Type(made)
	term.Keys("ctrl+s")
	term.WaitText("keystore saved")
	if openssl, err := exec.LookPath("openssl"); err == nil {
		w.write(filepath.Join(w.dir, "keystore"), keystorePassword)
		cmd := exec.CommandContext(t.Context(), openssl, "pkcs12", "-in", made, "-nokeys", "-passin", "file:"+filepath.Join(w.dir, "keystore"))
		if told, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(told, []byte(name)) {
			t.Errorf("openssl: %v %s", err, told)
		}
	}

	first := w.succession(name)
	if len(first) != 1 {
		t.Fatalf("%d orders", len(first))
	}
	term.Keys("p")
	term.WaitText("Replace "+name, "stays valid until", "the CA revokes it")
	tabTo(term, "Reason")
	term.Type("laptop was lost")
	tabTo(term, "Password")
	term.Type(keystorePassword)
	tabTo(term, "Password again")
	term.Type(keystorePassword)
	term.Keys("ctrl+s")
	term.WaitText("certty waits for that", "Sends: POST /ssl/v1/replace/", "> [ Back ]")
	choose(t, term, "Replace")
	// Not that the form is gone: a frame that is half drawn shows it nowhere, too,
	// and what is registered after the clock was moved never comes due.
	term.WaitText("replacement asked")
	w.moveClock(time.Minute)
	term.Keys("c")
	term.WaitFor("the new serial number", func(s ptytest.Screen) bool {
		now := w.succession(name)
		return len(now) == 1 && now[0] != first[0] && s.Contains(plainSerial(now[0])[:20]) && s.Contains("its keystore waits for the")
	})
	if screen := term.Screen(); screen.Contains(plainSerial(first[0])[:20]) {
		t.Error("the old serial number is still shown")
	}

	term.Keys("e")
	term.WaitText("Renew "+name, "the old key", "revoke it when nobody uses it any more")
	term.Keys("ctrl+s")
	term.WaitText("the old one, once more", "Sends: POST /ssl/v1/renewById/", "> [ Back ]")
	choose(t, term, "Renew")
	term.WaitText("renewal ordered")
	term.WaitFor("two rows of that name", func(s ptytest.Screen) bool {
		rows := 0
		for _, line := range s.Lines {
			if strings.Contains(strings.Join(strings.Fields(line), " "), name+" ⌂ sectigo") {
				rows++
			}
		}
		return rows == 2
	})
	if orders := w.succession(name); len(orders) != 2 {
		t.Errorf("%d orders after the renewal", len(orders))
	}
	term.Keys("ctrl+c")
	term.Wait()
	w.secretless(string(term.Output()))
}
