package walk

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"certty/ui/ptytest"
)

// startIn starts the program where a command of the shell has changed the file
// systems that it sees; $0 is folder. It skips the test where that can't be done.
func (h *home) startIn(t *testing.T, change, folder string) *ptytest.Terminal {
	t.Helper()
	script := change + ` && exec "$@"`
	if out, err := exec.CommandContext(t.Context(), "unshare", "-rm", "sh", "-c", script, folder, "true").CombinedOutput(); err != nil {
		t.Skipf("file systems can't be changed here, not even for root: %v %s", err, out)
	}
	return h.startWith(ptytest.Options{Path: "unshare", Args: []string{"-rm", "sh", "-c", script, folder, ptytest.Build(t, "certty")}})
}

// quit ends the program, which must leave the terminal as it was.
func quit(t *testing.T, term *ptytest.Terminal) {
	t.Helper()
	term.Keys("q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
}

// cantChange reads the start's notes, finds the board readable, and can change
// nothing.
func cantChange(t *testing.T, term *ptytest.Terminal, s *service, notes ...string) {
	t.Helper()
	term.WaitCard("Before you start", append([]string{"Nothing can be changed", "Everything can be read"}, notes...)...)
	term.WaitText("esc back") // once it can be closed
	term.Keys("esc")
	term.WaitText("quiet-one", "● prod")
	term.Keys("n")
	term.WaitText("not now: no journal")
	if n := s.count("POST"); n != 0 {
		t.Errorf("%d calls changed something that was not noted", n)
	}
	quit(t, term)
}

// TestFullFromTheStart: a disk that is full when the program starts costs the
// cache and the changes.
func TestFullFromTheStart(t *testing.T) {
	s := newService(t, "prod")
	h := newHome(t, s)
	disk := filepath.Join(h.dir, "disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		t.Fatal(err)
	}
	h.env = append(h.env, "XDG_STATE_HOME="+disk+"/state", "XDG_CACHE_HOME="+disk+"/cache")
	full := `mount -t tmpfs -o size=64k tmpfs "$0" && mkdir -m 700 "$0/state" "$0/cache" && { cat /dev/zero > "$0/filler" 2>&-; true; }`
	cantChange(t, h.startIn(t, full, disk), s, "There is no cache", "the disk is full")
}

// TestReadOnlyHome: the journal that stands there is shown, and no more is
// written.
func TestReadOnlyHome(t *testing.T) {
	s := newService(t, "prod")
	h := newHome(t, s)
	term := h.start()
	term.WaitText("quiet-one", "● prod")
	quit(t, term)
	ro := `mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"`
	cantChange(t, h.startIn(t, ro, h.dir), s, "There is no cache", "read-only file system", filepath.Join(h.dir, "state"))
}

// TestNoStateFolder: where the state folder can't be made everything can be read.
func TestNoStateFolder(t *testing.T) {
	s := newService(t, "prod")
	h := newHome(t, s)
	h.write("state", "a file in the place of the folder")
	cantChange(t, h.start(), s, filepath.Join(h.dir, "state"))
}

// TestNoCache: without a cache everything works.
func TestNoCache(t *testing.T) {
	s := newService(t, "prod")
	h := newHome(t, s)
	h.write("cache", "a file in the place of the folder")
	term := h.start()
	term.WaitCard("Before you start", "There is no cache", filepath.Join(h.dir, "cache"))
	term.WaitText("esc back")
	term.Keys("esc")
	term.WaitText("quiet-one", "● prod")
	if term.Screen().Contains("not kept") {
		t.Errorf("what was said once is said again:\n%s", term.Screen())
	}
	term.Keys("n")
	term.WaitText("New request")
	term.Keys("esc")
	term.WaitGone("New request")
	quit(t, term)
}

// TestDamagedState: a journal that can't be read stops the start and is left
// alone; a cache that can't be is set aside.
func TestDamagedState(t *testing.T) {
	s := newService(t, "prod")
	h := newHome(t, s)
	const garbage = "this is no database, and long enough to be taken for one: 0123456789012345678901234567890123456789"
	h.write("cache/certty/cache.db", garbage)
	term := h.start()
	term.WaitCard("Before you start", "damaged")
	term.WaitText("esc back")
	term.Keys("esc")
	term.WaitText("quiet-one", "● prod")
	quit(t, term)
	path := h.write("state/certty/certty.db", garbage)
	term = h.start()
	if code := term.Wait(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	for _, text := range []string{"certty.db", "damaged", "left as it is", "move it away"} {
		if !strings.Contains(string(term.Output()), text) {
			t.Errorf("%q is not said:\n%s", text, term.Output())
		}
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != garbage {
		t.Errorf("the file is %q, %v", got, err)
	}
}

// TestBadTargets: a target that this machine can't call says why, and the others
// work; once it is mended, R reads it.
func TestBadTargets(t *testing.T) {
	good, ca, secret := newService(t, "good"), newService(t, "no-ca"), newService(t, "no-secret")
	good.answers(good.listing("good-row"))
	ca.answers(ca.listing("ca-row"))
	secret.answers(secret.listing("secret-row"))
	h := newHome(t, good, ca, secret)
	authority, err := os.ReadFile(filepath.Join(h.dir, "no-ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	h.write("no-ca.pem", "no certificate")
	data, err := os.ReadFile(filepath.Join(h.dir, "config/certty/config.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	config := string(data)
	last := strings.LastIndex(config, filepath.Join(h.dir, "secret"))
	missing := filepath.Join(h.dir, "missing")
	h.write("config/certty/config.yaml", config[:last]+missing+config[last+len(filepath.Join(h.dir, "secret")):])
	term := h.start()
	term.WaitText("good-row", "● good 1", "no-ca 0, never read: trouble here")
	term.Keys("T", "j")
	term.WaitCard("Targets", "This machine could not do its part", "read ca_file: ", "no-ca.pem holds no", "trouble on this machine")
	term.Keys("j")
	term.WaitCard("Targets", "the client secret could not be read", missing, "no such file")
	if n := ca.count("") + secret.count(""); n != 0 {
		t.Errorf("%d calls were made", n)
	}
	h.write("no-ca.pem", string(authority))
	h.write("missing", "not-a-secret-of-anybody")
	term.Keys("R", "k", "R", "esc")
	term.WaitText("good-row", "ca-row", "secret-row")
	quit(t, term)
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
	insist(t, term, "r", "what was not kept", func(s ptytest.Screen) bool { return s.Contains("new-one", "not kept on disk") })
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

// TestTwoConsoles: two consoles on one store; what one does the other shows, and
// neither loses anything.
func TestTwoConsoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	one, two := w.start(), w.start()
	one.WaitText("mail-relay", "waits: merge")
	two.WaitText("mail-relay", "waits: merge")
	on(one, "mail-relay")
	one.WaitText("x cancel") // its request is read
	one.Keys("x")
	one.WaitText("Ask for cancellation of mail-relay")
	choose(t, one, "Ask for cancellation")
	one.WaitText("cancel asked")
	on(two, "mail-relay")
	two.WaitText("x cancel")
	insist(t, two, "r", "what the other one did", func(s ptytest.Screen) bool { return s.Contains("cancel asked") })
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
