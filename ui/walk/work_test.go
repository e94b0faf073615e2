package walk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend/guard"
	"certty/backend/keystore"
	"certty/backend/repository"
	faults "certty/backend/sandbox/fault"
	"certty/backend/sandbox/scenario"
	"certty/backend/scm"
	"certty/backend/store"
	"certty/model"
	"certty/ui/ptytest"
)

// keystorePassword protects what is made in these tests; nothing may show it.
const keystorePassword = "canary-of-the-keystore-7"

// configureAccount writes the configuration of the world's SCM account.
func (w *world) configureAccount(more string) {
	w.t.Helper()
	a := w.box.Access()
	w.write(filepath.Join(w.dir, "password"), a.SCM.Password)
	w.write(filepath.Join(w.dir, "keystore"), keystorePassword)
	w.write(w.config(), fmt.Sprintf(`targets:
  - name: sectigo
    kind: scm
    url: %s
    customer_uri: %s
    ca_file: %s
    credential:
      login: %s
      password:
        file: %s
    keystore_password:
      file: %s
%s`, a.SCM.URL, a.SCM.CustomerURI, a.CAFile, a.SCM.Login, filepath.Join(w.dir, "password"), filepath.Join(w.dir, "keystore"), more))
}

// order places an order as a console on the same state does, whose files go to
// a folder.
func (w *world) order(name, dir string) model.Record {
	w.t.Helper()
	ctx, a := w.t.Context(), w.box.Access().SCM
	st, err := store.Open(ctx, store.Options{StateDir: filepath.Join(w.dir, "xdg_state_home", "certty"), CacheDir: filepath.Join(w.dir, "xdg_cache_home", "certty")})
	if err != nil {
		w.t.Fatal(err)
	}
	defer st.Close()
	b, err := scm.New(scm.Options{
		Name: "sectigo", URL: a.URL, CustomerURI: a.CustomerURI, RootCAs: w.box.CAPool(),
		Credential: scm.Credential{Kind: scm.CredentialPassword, Login: a.Login, Secret: func(context.Context) (string, error) { return a.Password, nil }},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	guarded := guard.Wrap(b, guard.Options{Actor: "test", Journal: st})
	m := repository.New(repository.Options{
		Target: "sectigo", Capabilities: guarded.Capabilities(), Shelf: st, Log: slog.New(slog.DiscardHandler), Keys: keystore.Maker{Iterations: 1000},
	})
	record, err := m.Prepare(ctx, repository.Wish{
		Spec: model.OrderSpec{
			CommonName: name, OrganizationID: scenario.OrgExample, ProfileID: scenario.ProfileQuick, Term: 90,
			CustomFields: []model.CustomValue{{Name: "Cost centre", Value: "4711"}},
		},
		Key: keystore.KeyKind{Algorithm: "EC", Size: "P-256"}, Password: []byte(keystorePassword), Keystore: keystore.PKCS12,
		Deploy: &model.Deployment{Dir: dir},
	})
	if err == nil {
		record, err = m.Place(ctx, record.Key)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return record
}

// work runs certty work.
func (w *world) work(args ...string) (code int, said string) {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), ptytest.Build(w.t, "certty"), append([]string{"work"}, args...)...)
	cmd.Env = append(os.Environ(), w.env...)
	cmd.Dir = w.dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), out.String()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return 0, out.String()
}

// secretless looks through everything that was written for secrets.
func (w *world) secretless(more ...string) {
	w.t.Helper()
	secrets := []string{keystorePassword, w.box.Access().SCM.Password}
	look := func(where, text string) {
		for _, s := range secrets {
			if strings.Contains(text, s) {
				w.t.Errorf("a secret is in %s", where)
			}
		}
	}
	for _, text := range more {
		look("what was said", text)
	}
	for _, folder := range []string{"xdg_state_home", "xdg_cache_home", "out"} {
		err := filepath.WalkDir(filepath.Join(w.dir, folder), func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) || err == nil && d.IsDir() {
				return nil
			}
			data, failed := os.ReadFile(path)
			look(path, string(data))
			return errors.Join(err, failed)
		})
		if err != nil {
			w.t.Error(err)
		}
	}
}

// TestWork: an order that is issued while nobody looks is collected, its
// keystore made, its files written, and the person's command run; once.
func TestWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	out := filepath.Join(w.dir, "out")
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	w.env = append(w.env, "CANARY="+keystorePassword)
	w.configureAccount(fmt.Sprintf("    on_issued: [sh, -c, 'env >>%s/env; echo \"$0 $*\" >>%s/args', arg0, arg1]\n", out, out))
	record := w.order("work.example.com", out)
	if code, said := w.work("--once"); code != 0 || strings.Contains(said, "collected") {
		t.Fatalf("before it was issued: code %d: %s", code, said)
	}
	w.moveClock(time.Minute)
	code, said := w.work("--once")
	if code != 0 || !strings.Contains(said, "sectigo: work.example.com ("+record.Key+") is collected") || !strings.Contains(said, "files where they belong") {
		t.Fatalf("code %d: %s", code, said)
	}
	if strings.Contains(said, "keeps its keystore") {
		t.Errorf("the keystore that was made is said to wait: %s", said)
	}
	for name, mode := range map[string]fs.FileMode{"work.example.com.pem": 0o644, "work.example.com-chain.pem": 0o644, "work.example.com.p12": 0o600} {
		info, err := os.Stat(filepath.Join(out, name))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	args := string(w.read("out/args"))
	if args != "arg0 arg1\n" {
		t.Errorf("the command ran with %q", args)
	}
	env := string(w.read("out/env"))
	for _, want := range []string{"CERTTY_TARGET=sectigo\n", "CERTTY_ORDER=" + record.Key + "\n", "CERTTY_NAME=work.example.com\n", "CERTTY_KEYSTORE=" + out + "/work.example.com.p12\n"} {
		if !strings.Contains(env, want) {
			t.Errorf("%q is not in the command's environment", want)
		}
	}
	// What the person put into the environment is theirs; everything else is looked at.
	w.write(filepath.Join(out, "env"), strings.ReplaceAll(env, "CANARY="+keystorePassword, ""))
	if code, again := w.work("--once"); code != 0 || again != "" || string(w.read("out/args")) != args {
		t.Errorf("a pass with nothing to do: code %d: %s", code, again)
	}
	if openssl, err := exec.LookPath("openssl"); err == nil {
		cmd := exec.CommandContext(t.Context(), openssl, "pkcs12", "-in", filepath.Join(out, "work.example.com.p12"), "-nokeys", "-passin", "file:"+filepath.Join(w.dir, "keystore"))
		if told, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(told, []byte("work.example.com")) {
			t.Errorf("openssl: %v %s", err, told)
		}
	}
	w.secretless(said)
}

// TestWorkFails: what fails is said, ends with 1, and a login that was refused
// is tried once by all programs together.
func TestWorkFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	w.configureAccount("")
	w.write(filepath.Join(w.dir, "password"), "canary-of-a-wrong-password")
	code, said := w.work("--once")
	if code != 1 || !strings.Contains(said, "sectigo") {
		t.Errorf("a wrong password: code %d: %s", code, said)
	}
	calls := len(w.box.SCM().Calls())
	if calls != 1 {
		t.Errorf("it was tried %d times", calls)
	}
	if code, said := w.work("--once"); code != 1 || !strings.Contains(said, "--retry") || len(w.box.SCM().Calls()) != calls {
		t.Errorf("after it was refused: code %d, %d calls: %s", code, len(w.box.SCM().Calls())-calls, said)
	}
	w.write(filepath.Join(w.dir, "password"), w.box.Access().SCM.Password)
	if code, said := w.work("--once", "--retry"); code != 0 {
		t.Errorf("with the right password: code %d: %s", code, said)
	}
	// A folder that is not there costs the files, and nothing else.
	record := w.order("nowhere.example.com", filepath.Join(w.dir, "none"))
	w.moveClock(time.Minute)
	if code, said := w.work("--once"); code != 1 || !strings.Contains(said, record.Key) || !strings.Contains(said, "the certificate is here") {
		t.Errorf("without its folder: code %d: %s", code, said)
	}
	if err := os.Mkdir(filepath.Join(w.dir, "none"), 0o700); err != nil {
		t.Fatal(err)
	}
	if code, said := w.work("--once"); code != 0 || !strings.Contains(said, "files where they belong") {
		t.Errorf("with its folder: code %d: %s", code, said)
	}
	if err := w.box.SCM().Inject(faults.Fault{Kind: faults.Unauthorized}); err != nil {
		t.Fatal(err)
	}
	if code, said := w.work("--once"); code != 1 {
		t.Errorf("a login that ended: code %d: %s", code, said)
	}
	w.secretless()
}

// TestWorkWithoutTargets ends at once and names the sandbox.
func TestWorkWithoutTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	if code, said := w.work("--once"); code != 2 || !strings.Contains(said, "nothing is ever due at a vault") {
		t.Errorf("with a vault: code %d: %s", code, said)
	}
	if err := os.Remove(w.config()); err != nil {
		t.Fatal(err)
	}
	if code, said := w.work(); code != 2 || !strings.Contains(said, "no targets configured") || !strings.Contains(said, "--sandbox") {
		t.Errorf("with nothing: code %d: %s", code, said)
	}
	if code, said := w.work("--target", "none"); code != 2 || !strings.Contains(said, "none") {
		t.Errorf("an unknown target: code %d: %s", code, said)
	}
}

// TestBoardCollects: with a console on the state, an order that is issued is
// collected by itself; and an order that was deleted here never shows.
func TestBoardCollects(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	out := filepath.Join(w.dir, "out")
	if err := os.Mkdir(out, 0o700); err != nil {
		t.Fatal(err)
	}
	w.configureAccount("refresh:\n  every: 5s\n")
	w.order("b.example.com", out)
	w.moveClock(time.Minute)
	term := w.start()
	term.WaitText("● sectigo")
	waitUntil(t, "the order to be collected", func() bool {
		_, err := os.Stat(filepath.Join(out, "b.example.com.p12"))
		return err == nil
	})
	on(term, "b.example.com")
	term.Keys("ctrl+c")
	if code := term.Wait(); code != 0 && code != 130 {
		t.Errorf("exit code %d", code)
	}
	w.secretless(string(term.Output()))
}

// TestBoth: with nothing configured the board shows the sandbox's vault and its
// account together.
func TestBoth(t *testing.T) {
	t.Parallel()
	term := ptytest.Start(t, ptytest.Options{Path: ptytest.Build(t, "certty"), Cols: 120, Rows: 40})
	term.WaitText("SANDBOX", "● sandbox", "● sectigo", "shop-example-com", "mail.example.net")
	term.Keys("q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
