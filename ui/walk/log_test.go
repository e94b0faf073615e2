package walk

import (
	"crypto/x509"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"software.sslmate.com/src/go-pkcs12"

	broken "certty/backend/sandbox/fault"
)

// canaryPassword opens the PFX; nothing but the vault may get to see it.
const canaryPassword = "canary-4f81-Pass"

// TestLog imports a PFX, wrongly and rightly, and reads in the log what was
// called and how it ended; the password is nowhere, on the screen or in a file.
func TestLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.write(filepath.Join(w.dir, "logged-test.pfx"), newPFX(t, "logged.test"))
	term := w.start()
	term.WaitText("i import")
	term.Keys("i")
	term.WaitText("Import a certificate with its key")
	term.Type("logged-test.pfx")
	term.Keys("tab")
	term.WaitText("PFX (PKCS#12)", "logged-test")
	term.Type("x" + canaryPassword)
	term.Keys("ctrl+s")
	term.WaitText("the password does not open the file; nothing was sent")
	for call := range w.box.Vault().Calls() {
		if call.Operation == "ImportCertificate" {
			t.Error("a file with another password was sent")
		}
	}
	for range "x" + canaryPassword {
		term.Keys("backspace")
	}
	if err := w.box.Vault().Inject(broken.Fault{Kind: broken.Refuse, Status: http.StatusBadRequest, Code: "BadParameter", Operation: "ImportCertificate", Times: 1}); err != nil {
		t.Fatal(err)
	}
	term.Type(canaryPassword)
	term.Keys("ctrl+s")
	term.WaitText("/certificates/logged-test/import", "> [ Back ]")
	choose(t, term, "Import")
	term.WaitText("Not done: import logged-test (prod)", "400 BadParameter")
	term.Keys("esc")
	term.WaitGone("Not done:")
	term.Type(canaryPassword)
	term.Keys("ctrl+s")
	term.WaitText("/certificates/logged-test/import", "> [ Back ]")
	choose(t, term, "Import")
	term.WaitFor("the imported row", stands("logged-test", "valid"))

	// Changes and failures from info on, with what the service calls them.
	term.Keys("L")
	term.WaitText("from info on", "started targets=prod", "import, begun target=prod name=logged-test",
		"result=refused status=400 request_id=", "result=done request_id=")
	if s := term.Screen(); s.Contains("read target=prod") {
		t.Error("reads crowd the log")
	}
	// One level deeper every call.
	term.Keys("l", "l", "l")
	term.WaitText("from debug on", "list target=prod took=")
	term.Keys("y")
	term.WaitText("the record")
	term.Keys("esc", "q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if strings.Contains(string(term.Output()), canaryPassword) {
		t.Error("the password was on the screen")
	}
	w.holdsNowhere(canaryPassword)
}

// holdsNowhere looks through every file that the program wrote.
func (w *world) holdsNowhere(secret string) {
	w.t.Helper()
	read := 0
	for _, root := range []string{"xdg_state_home", "xdg_cache_home", "xdg_config_home"} {
		err := filepath.WalkDir(filepath.Join(w.dir, root), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if read++; strings.Contains(string(data), secret) {
				w.t.Errorf("%s holds it", path)
			}
			return err
		})
		if err != nil {
			w.t.Error(err)
		}
	}
	if read < 3 {
		w.t.Errorf("only %d files were looked at", read)
	}
}

// newPFX is a PKCS#12 file of a key and its certificate.
func newPFX(t *testing.T, name string) string {
	t.Helper()
	key, der := newPair(t, name)
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pfx, err := pkcs12.Modern.Encode(key, leaf, nil, canaryPassword)
	if err != nil {
		t.Fatal(err)
	}
	return string(pfx)
}
