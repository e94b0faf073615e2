package deploy_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"certty/backend/deploy"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/backend/sandbox/ca"
	"certty/model"
)

var authority = sync.OnceValues(func() (*ca.Authority, error) { return ca.New(time.Now) })

var quiet = deploy.Options{Log: slog.New(slog.DiscardHandler)}

// chainOf is a chain from leaf to root for a name.
func chainOf(t *testing.T, name string) []*x509.Certificate {
	t.Helper()
	root, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	key, err := keystore.NewKey(keystore.KeyKind{Algorithm: "EC", Size: "P-256"})
	if err != nil {
		t.Fatal(err)
	}
	der, err := keystore.Request(key, name, nil)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := root.Sign(csr, ca.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	var chain []*x509.Certificate
	for _, der := range signed.DER() {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		chain = append(chain, c)
	}
	return chain
}

// shelf keeps what was written, as the repository does.
type shelf struct {
	written map[string][]string
	notes   int
	fail    error
}

func (s *shelf) delivery(t *testing.T, dir, name string) repository.Delivery {
	return repository.Delivery{
		Target: "sectigo", Record: model.Record{Key: "4711", CommonName: name, ChainSerial: "a1"}, Chain: chainOf(t, name),
		Keystore: []byte("a keystore of " + rnd()), Extension: ".p12",
		Deploy: &model.Deployment{Dir: dir}, Written: s.written,
		Note: func(w map[string][]string) error {
			s.notes++
			if s.fail != nil {
				return s.fail
			}
			s.written = w
			return nil
		},
	}
}

var count int

// rnd makes every keystore another one, as salts do.
func rnd() string { count++; return strings.Repeat("x", count) }

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func modeOf(t *testing.T, path ...string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestFiles(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	d := s.delivery(t, dir, "*.example.com")
	if err := deploy.New(quiet).Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"wildcard.example.com-chain.pem", "wildcard.example.com.p12", "wildcard.example.com.pem"}) {
		t.Fatalf("written were %v", got)
	}
	for name, want := range map[string]fs.FileMode{"wildcard.example.com.p12": 0o600, "wildcard.example.com.pem": 0o644, "wildcard.example.com-chain.pem": 0o644} {
		if got := modeOf(t, dir, name); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
	if got := bytes.Count(read(t, dir, "wildcard.example.com.pem"), []byte("BEGIN CERTIFICATE")); got != 1 {
		t.Errorf("%d certificates stand alone", got)
	}
	chain := read(t, dir, "wildcard.example.com-chain.pem")
	if got := bytes.Count(chain, []byte("BEGIN CERTIFICATE")); got != len(d.Chain)-1 {
		t.Errorf("the chain has %d certificates of %d, the root among them", got, len(d.Chain))
	}
	for i, want := range d.Chain[:len(d.Chain)-1] {
		block, rest := pem.Decode(chain)
		if block == nil || !bytes.Equal(block.Bytes, want.Raw) {
			t.Fatalf("certificate %d of the chain is not %s", i+1, want.Subject)
		}
		chain = rest
	}
	if chain = read(t, dir, "wildcard.example.com-chain.pem"); !bytes.HasPrefix(chain, read(t, dir, "wildcard.example.com.pem")) {
		t.Error("the chain does not begin with the certificate")
	}
	if !bytes.Equal(read(t, dir, "wildcard.example.com.p12"), d.Keystore) {
		t.Error("the keystore is another one")
	}
	for path, sums := range s.written {
		if len(sums) != 1 {
			t.Errorf("%s may be %v", path, sums)
		}
	}
}

// What was written for the order is replaced, as long as nobody changed it.
func TestReplaced(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	deployer := deploy.New(quiet)
	first := s.delivery(t, dir, "shop.example.com")
	if err := deployer.Deliver(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	second := s.delivery(t, dir, "shop.example.com")
	if err := deployer.Deliver(t.Context(), second); err != nil {
		t.Fatalf("the renewed certificate: %v", err)
	}
	if !bytes.Equal(read(t, dir, "shop.example.com.p12"), second.Keystore) {
		t.Error("the keystore was not replaced")
	}
	// A stranger's order under the same name.
	stranger := (&shelf{}).delivery(t, dir, "shop.example.com")
	if err := deployer.Deliver(t.Context(), stranger); !taken(err) {
		t.Errorf("another order's files were taken: %v", err)
	}
	// Somebody put a file of their own there.
	if err := os.WriteFile(filepath.Join(dir, "shop.example.com-chain.pem"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := read(t, dir, "shop.example.com.p12")
	third := s.delivery(t, dir, "shop.example.com")
	if err := deployer.Deliver(t.Context(), third); !taken(err) || !strings.Contains(err.Error(), "shop.example.com-chain.pem is there already") {
		t.Errorf("a changed file: %v", err)
	}
	if !bytes.Equal(read(t, dir, "shop.example.com.p12"), before) || string(read(t, dir, "shop.example.com-chain.pem")) != "mine" {
		t.Error("something was written all the same")
	}
	third.Deploy.Overwrite = true
	if err := deployer.Deliver(t.Context(), third); err != nil {
		t.Errorf("what may be replaced: %v", err)
	}
	if got := names(t, dir); len(got) != 3 {
		t.Errorf("left are %v", got)
	}
}

func taken(err error) bool {
	_, ok := errors.AsType[*deploy.TakenError](err)
	return ok
}

// A program that died between writing and noting finds its own file again.
func TestDiedBetween(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	deployer := deploy.New(quiet)
	d := s.delivery(t, dir, "shop.example.com")
	note := d.Note
	d.Note = func(w map[string][]string) error {
		if s.notes == 1 {
			return errors.New("killed")
		}
		return note(w)
	}
	if err := deployer.Deliver(t.Context(), d); err == nil {
		t.Fatal("nobody was told")
	}
	if len(names(t, dir)) != 3 {
		t.Fatal("it died too early")
	}
	if err := deployer.Deliver(t.Context(), s.delivery(t, dir, "shop.example.com")); err != nil {
		t.Errorf("after it died: %v", err)
	}
	// What can't be noted is not written.
	other, s := t.TempDir(), &shelf{fail: errors.New("the disk is full")}
	if err := deployer.Deliver(t.Context(), s.delivery(t, other, "shop.example.com")); !errors.Is(err, s.fail) || len(names(t, other)) != 0 {
		t.Errorf("%v, and %v were written", err, names(t, other))
	}
}

func TestRefused(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	for name, tt := range map[string]struct {
		spoil func(dir string, d *repository.Delivery) error
		says  string
	}{
		"symbolic link": {func(dir string, d *repository.Delivery) error {
			d.Deploy.Overwrite = true
			return os.Symlink(elsewhere, filepath.Join(dir, "shop.example.com.pem"))
		}, "symbolic link"},
		"folder": {func(dir string, d *repository.Delivery) error {
			d.Deploy.Overwrite = true
			return os.Mkdir(filepath.Join(dir, "shop.example.com.pem"), 0o700)
		}, "no regular file"},
		"no folder":     {func(_ string, d *repository.Delivery) error { d.Deploy.Dir += "/none"; return nil }, "open the folder"},
		"nowhere":       {func(_ string, d *repository.Delivery) error { d.Deploy.Dir = ""; return nil }, "no folder is named"},
		"unreadable":    {func(_ string, d *repository.Delivery) error { d.Deploy.Mode = 0o200; return nil }, "0200 is not for files"},
		"relative":      {func(_ string, d *repository.Delivery) error { d.Deploy.Dir = "tls"; return nil }, "no absolute path"},
		"no name":       {func(_ string, d *repository.Delivery) error { d.Deploy.Name = ".."; return nil }, "choose a name"},
		"for everybody": {func(_ string, d *repository.Delivery) error { d.Deploy.Mode = 0o644; return nil }, "0644 is not for files with a key"},
		"nobody":        {func(_ string, d *repository.Delivery) error { d.Deploy.Owner = "no-such-user"; return nil }, "no user"},
		"no group":      {func(_ string, d *repository.Delivery) error { d.Deploy.Owner = ":no-such-group"; return nil }, "no group"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, s := t.TempDir(), &shelf{}
			d := s.delivery(t, dir, "shop.example.com")
			if err := tt.spoil(dir, &d); err != nil {
				t.Fatal(err)
			}
			before := names(t, dir)
			if err := deploy.New(quiet).Deliver(t.Context(), d); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, want %q", err, tt.says)
			}
			if got := names(t, dir); !slices.Equal(got, before) {
				t.Errorf("left are %v", got)
			}
			if _, err := os.Stat(elsewhere); err == nil {
				t.Error("it was written through the link")
			}
		})
	}
}

// Names lead nowhere else, whatever a CA put into them.
func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd": "", "a/b": "a_b.pem", `a\b:c`: "a_b_c.pem", "münchen.example": "münchen.example.pem", "-rf": "-rf.pem", "": "", "...": "",
		"azAZ09-_@.x": "azAZ09-_@.x.pem", "`{[:/": "", "a`{[:/b": "a_____b.pem", "\u0080": "\u0080.pem",
		strings.Repeat("x", 200): strings.Repeat("x", 200) + ".pem", strings.Repeat("x", 201): "",
	} {
		dir, s := t.TempDir(), &shelf{}
		d := s.delivery(t, dir, "x")
		d.Deploy.Name, d.Record.CommonName, d.Keystore = name, name, nil
		d.Chain[0].Subject.CommonName = ""
		err := deploy.New(quiet).Deliver(t.Context(), d)
		if want == "" {
			if err == nil || len(names(t, dir)) != 0 {
				t.Errorf("%q became %v", name, names(t, dir))
			}
			continue
		}
		if err != nil || !slices.Contains(names(t, dir), want) {
			t.Errorf("%q became %v, %v", name, names(t, dir), err)
		}
	}
}

func TestDefaultsAndOwner(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	d := s.delivery(t, "", "shop.example.com")
	d.Extension = ".pem"
	o := quiet
	o.Defaults = model.Deployment{Dir: dir, Mode: 0o640}
	if os.Geteuid() == 0 {
		o.Defaults.Owner = "65534:65533"
	}
	if err := deploy.New(o).Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := modeOf(t, dir, "shop.example.com-keystore.pem"); got != 0o640 {
		t.Errorf("its mode is %o", got)
	}
	checkOwner(t, filepath.Join(dir, "shop.example.com.pem"), o.Defaults.Owner)
	// Nobody asked for files.
	d.Deploy = nil
	o.Command = []string{"/no/such/program"}
	if err := deploy.New(o).Deliver(t.Context(), d); err != nil {
		t.Errorf("without a deployment: %v", err)
	}
}

// helper is what the test's own program does when it is the person's command.
const helper = "CERTTY_TEST_HELPER"

func TestMain(m *testing.M) {
	switch os.Getenv(helper) {
	case "tell":
		for _, v := range os.Environ() {
			if strings.HasPrefix(v, "CERTTY_") {
				os.Stdout.WriteString(v + "\n")
			}
		}
		if folder, err := os.Getwd(); err == nil {
			os.Stdout.WriteString("folder " + folder + "\n")
		}
		os.Stdout.WriteString("args " + strings.Join(os.Args[1:], "|") + "\n\x1b[31mred\x1b[0m\n")
		os.Exit(0)
	case "fail":
		os.Stderr.WriteString("nginx: \x1b[31mno such file\n")
		os.Exit(3)
	case "hang":
		time.Sleep(time.Hour)
	}
	os.Exit(m.Run())
}

func command(does string, log *bytes.Buffer) deploy.Options {
	return deploy.Options{
		Command: []string{os.Args[0], "-a", "$HOME; b"}, Environ: []string{helper + "=" + does},
		Log: slog.New(slog.NewTextHandler(log, nil)),
	}
}

func TestCommand(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	var log bytes.Buffer
	if err := deploy.New(command("tell", &log)).Deliver(t.Context(), s.delivery(t, dir, "shop.example.com")); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"CERTTY_TARGET=sectigo", "CERTTY_ORDER=4711", "CERTTY_NAME=shop.example.com", "CERTTY_SERIAL=a1",
		"CERTTY_CERT=" + dir + "/shop.example.com.pem", "CERTTY_CHAIN=" + dir + "/shop.example.com-chain.pem",
		"CERTTY_KEYSTORE=" + dir + "/shop.example.com.p12", "folder " + dir, "args -a|$HOME; b", `line=\x1b[31mred`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q is not in the log:\n%s", want, log.String())
		}
	}
	if strings.Contains(log.String(), "\x1b") {
		t.Error("a control character reached the log")
	}
}

// A command can tell a certificate that goes without a keystore from one whose
// keystore is still to come.
func TestCommandToldOfTheKeystore(t *testing.T) {
	for _, tt := range []struct {
		state    model.KeystoreState
		keystore []byte
		want     string
	}{
		{model.KeystoreWaits, []byte("a keystore"), "written"}, {model.KeystoreWaits, nil, "waits"},
		{model.KeystoreMade, nil, "elsewhere"}, {model.KeystoreNone, nil, "none"},
	} {
		var log bytes.Buffer
		d := (&shelf{}).delivery(t, t.TempDir(), "shop.example.com")
		d.Record.Keystore, d.Keystore = tt.state, tt.keystore
		if err := deploy.New(command("tell", &log)).Deliver(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if want := "CERTTY_KEYSTORE_STATE=" + tt.want + "\n"; !strings.Contains(strings.ReplaceAll(log.String(), "\"", ""), want) {
			t.Errorf("%q with %d bytes: no %q in the log:\n%s", tt.state, len(tt.keystore), want, log.String())
		}
	}
}

func TestCommandFails(t *testing.T) {
	var log bytes.Buffer
	dir, s := t.TempDir(), &shelf{}
	err := deploy.New(command("fail", &log)).Deliver(t.Context(), s.delivery(t, dir, "shop.example.com"))
	if !errors.Is(err, repository.ErrCommand) || !strings.Contains(err.Error(), "files were written, and on_issued failed") || !strings.Contains(err.Error(), `exit status 3: nginx: \x1b[31mno such file`) {
		t.Errorf("a command that failed: %v", err)
	}
	o := command("hang", &log)
	o.Limit = 50 * time.Millisecond
	if err := deploy.New(o).Deliver(t.Context(), s.delivery(t, dir, "shop.example.com")); err == nil || !strings.Contains(err.Error(), "took longer than 50ms") {
		t.Errorf("a command that hangs: %v", err)
	}
	o = command("tell", &log)
	o.Command = []string{"/no/such/program"}
	if err := deploy.New(o).Deliver(t.Context(), s.delivery(t, dir, "shop.example.com")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no such command: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := deploy.New(command("tell", &log)).Deliver(ctx, s.delivery(t, dir, "shop.example.com")); !errors.Is(err, context.Canceled) {
		t.Errorf("while leaving: %v", err)
	}
}
