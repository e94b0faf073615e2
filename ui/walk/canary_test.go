package walk

import (
	"bytes"
	"crypto/ecdsa"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"certty/backend/sandbox/scmserver"
	"certty/ui/ptytest"
)

// spy is a command of the person: it notes the arguments and the environment of
// the program that runs it and its own, and prints the file it is given.
const spy = `cat /proc/$PPID/cmdline /proc/$PPID/environ /proc/$$/cmdline /proc/$$/environ >>"$1"
[ -z "$2" ] || cat "$2"
`

// watched configures the vault and the account twice, once for each way to sign
// in; the secrets come from files and from commands that look around.
func (w *world) watched(secrets, seen, out string) {
	w.t.Helper()
	a := w.box.Access()
	if err := os.Remove(filepath.Join(w.dir, "secret")); err != nil { // it goes where all are
		w.t.Fatal(err)
	}
	w.write(filepath.Join(secrets, "vault"), a.ClientSecret)
	w.write(filepath.Join(secrets, "password"), a.SCM.Password)
	w.write(filepath.Join(secrets, "client"), a.SCM.ClientSecret)
	w.write(filepath.Join(secrets, "keystore"), keystorePassword)
	script := filepath.Join(w.dir, "spy.sh")
	w.write(script, spy)
	command := func(name string) string {
		return fmt.Sprintf("[sh, %s, %s, %s]", script, filepath.Join(seen, name), filepath.Join(secrets, name))
	}
	w.write(w.config(), fmt.Sprintf(`log: debug
targets:
  - name: prod
    url: %[1]s
    authority: %[2]s
    ca_file: %[3]s
    credential: {kind: client-secret, tenant: %[4]s, client_id: %[5]s, secret: {file: %[6]s/vault}}
  - name: sectigo
    kind: scm
    url: %[7]s
    ca_file: %[3]s
    customer_uri: %[8]s
    credential: {kind: password, login: %[9]s, password: {command: %[10]s}}
    keystore_password: {command: %[11]s}
    deploy: {dir: %[12]s}
    on_issued: [sh, %[13]s, %[14]s/issued]
  - name: oauth
    kind: scm
    url: %[7]s
    ca_file: %[3]s
    credential: {kind: client-credentials, client_id: %[15]s, token_url: %[16]s, secret: {file: %[6]s/client}}
`, a.VaultURL, a.Authority, a.CAFile, a.TenantID, a.ClientID, secrets, a.SCM.URL, a.SCM.CustomerURI, a.SCM.Login,
		command("password"), command("keystore"), out, script, seen, a.SCM.ClientID, a.SCM.TokenURL))
}

// TestCanaries orders with a key that is made here, has the certificate
// collected, its keystores made and its files written, with every call in the
// log, and crashes in the end with a password typed in. No password and no
// private key stands in any file but the person's, on the screen, in the crash,
// or in the arguments and the environment of any process.
func TestCanaries(t *testing.T) {
	t.Parallel()
	const name, mistyped = "canary.example.com", "canary-of-a-wrong-keystore-9"
	w := newWorld(t, true)
	folder := map[string]string{}
	for _, f := range []string{"secrets", "seen", "out", "tmp"} {
		folder[f] = filepath.Join(w.dir, f)
		if err := os.Mkdir(folder[f], 0o700); err != nil {
			t.Fatal(err)
		}
	}
	w.watched(folder["secrets"], folder["seen"], folder["out"])
	w.env = append(w.env, "TMPDIR="+folder["tmp"], "GOTRACEBACK=all", "AZURE_SDK_GO_LOGGING=all")
	term := w.startWith(ptytest.Options{Cols: 160, Rows: 50})
	term.WaitText("● prod", "● sectigo", "● oauth")
	term.Keys("/")
	term.Type("target:sectigo erp.example.com")
	term.WaitText("erp.example.com  sectigo")
	term.Keys("enter", "b")
	term.WaitFor("the form", func(s ptytest.Screen) bool {
		return s.Contains("New order (sectigo)", "ctrl+r syncs it") && focus(s) == "Common name"
	})
	term.Type(name)
	tabTo(term, "Key algorithm")
	chooseTo(term, "EC")
	tabTo(term, "Password")
	term.Type(keystorePassword)
	tabTo(term, "Password again")
	term.Type(keystorePassword)
	tabTo(term, "Cost centre")
	term.Type("4711")
	// The folder is the one that the configuration names.
	w.sendOrder(term, name, "EC P-256, made here", folder["out"])
	w.moveClock(time.Minute)
	issued := filepath.Join(folder["seen"], "issued")
	waitUntil(t, "the files of the order", func() bool { _, err := os.Stat(issued); return err == nil })

	term.Keys("esc", "/")
	term.Type("target:sectigo " + name)
	term.WaitText(name + "  sectigo")
	term.Keys("enter", "K")
	term.WaitText("Keystore of " + name)
	tabTo(term, "Password")
	term.Type(mistyped)
	term.Keys("ctrl+s")
	term.WaitText("Wrong password")
	for range mistyped {
		term.Keys("backspace")
	}
	term.Type(keystorePassword)
	term.Keys("ctrl+s")
	term.WaitText("keystore written beside its other files")
	term.Keys("L", "l", "l", "l")
	term.WaitText("from debug on")
	term.Keys("y", "esc", "K")
	term.WaitText("Keystore of " + name)
	tabTo(term, "Password")
	term.Type(keystorePassword)
	for _, file := range []string{"cmdline", "environ"} {
		data, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(term.PID()), file))
		if err != nil || len(data) == 0 {
			t.Fatalf("%s: %d bytes, %v", file, len(data), err)
		}
		w.write(filepath.Join(folder["seen"], file), string(data))
	}
	term.Signal(syscall.SIGABRT)
	if code := term.Wait(); code != 2 {
		t.Errorf("exit code %d after a crash", code)
	}
	crash := term.Output()
	if !bytes.Contains(crash, []byte("SIGABRT")) || !bytes.Contains(crash, []byte("goroutine 1 ")) {
		t.Error("the crash was not told")
	}
	code, said := w.work("--once")
	if code != 0 {
		t.Errorf("certty work: code %d: %s", code, said)
	}

	a := w.box.Access()
	secrets := canaries{
		"the vault's secret": []byte(a.ClientSecret), "the account's password": []byte(a.SCM.Password), "the client's secret": []byte(a.SCM.ClientSecret),
		"the keystore's password": []byte(keystorePassword), "the mistyped password": []byte(mistyped),
		"the private key": w.privateKey("out/"+name+".p12", name),
	}
	for where, text := range map[string][]byte{"on the screen or in the crash": crash, "in what was said": []byte(said)} {
		for _, found := range slices.Concat(secrets.in(text, spellings), secrets.in(text, words)) {
			t.Errorf("%s is %s", found, where)
		}
	}
	for _, root := range []string{w.dir, term.Home()} {
		found, files := secrets.under(t, root, filepath.Join(w.dir, "vault"), folder["secrets"])
		for _, place := range found {
			t.Error(place)
		}
		if root == w.dir && files < 12 {
			t.Errorf("only %d files were looked at", files)
		}
	}
	// What is not found must not be for want of looking.
	log := string(w.read("xdg_state_home/certty/certty.log"))
	for _, text := range []string{"level=DEBUG", "called SCM", "op=", "target=oauth", "target=prod", "files written"} {
		if !strings.Contains(log, text) {
			t.Errorf("%q is not in the log", text)
		}
	}
	for _, file := range []string{"password", "keystore", "issued", "environ"} {
		if seen := w.read("seen/" + file); !bytes.Contains(seen, []byte("TMPDIR=")) {
			t.Errorf("no environment was seen by %s: %q", file, seen)
		}
	}
	if found, _ := secrets.under(t, folder["secrets"]); len(found) != 4 {
		t.Errorf("in the person's own files was found %q", found)
	}
}

// privateKey opens a keystore and gives the number that makes its key private;
// the key must be that of the order's certificate.
func (w *world) privateKey(file, name string) []byte {
	w.t.Helper()
	key, _, _, err := pkcs12.DecodeChain(w.read(file), keystorePassword)
	if err != nil {
		w.t.Fatal(err)
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		w.t.Fatalf("the key is %T", key)
	}
	if o := w.issuedFor(name, private.Public()); o.Status != scmserver.StatusIssued {
		w.t.Errorf("the order is %s", o.Status)
	}
	number, err := private.Bytes()
	if err != nil {
		w.t.Fatal(err)
	}
	return number
}
