//go:build unix

package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"certty/backend/deploy"
)

func checkOwner(t *testing.T, path, want string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if got := fmt.Sprintf("%d:%d", stat.Uid, stat.Gid); want != "" && (!ok || got != want) {
		t.Errorf("%s belongs to %s, want %s", path, got, want)
	}
}

// TestLeftovers: what a program left that ended while it staged files is removed
// with the next files, and nothing else.
func TestLeftovers(t *testing.T) {
	dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")
	old := time.Now().Add(-61 * time.Minute)
	const stale, staged = ".certty-ABCDEFGHIJKLMNOPQRSTUVWX23", ".certty-ZBCDEFGHIJKLMNOPQRSTUVWX23"
	kept := []string{staged, ".certty-2BCDEFGHIJKLMNOPQRSTUVWX23", ".certty-3BCDEFGHIJKLMNOPQRSTUVWX23"}
	for _, name := range []string{stale, staged, ".certty-abcdefghijklmnopqrstuvwx23", ".certty-ABC", ".certty-ABCDEFGHIJKLMNOPQRSTUVWX234", "x.certty-ABCDEFGHIJKLMNOPQRSTUVWX23", "certty-1234567.yaml"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		if name == staged {
			continue // somebody stages it now
		}
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
		if name != stale {
			kept = append(kept, name)
		}
	}
	if err := os.WriteFile(elsewhere, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chtimes(elsewhere, old, old), os.Symlink(elsewhere, filepath.Join(dir, kept[1])), os.Mkdir(filepath.Join(dir, kept[2]), 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(filepath.Join(dir, kept[2]), old, old); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		foreign := filepath.Join(dir, ".certty-4BCDEFGHIJKLMNOPQRSTUVWX23")
		if err := errors.Join(os.WriteFile(foreign, nil, 0o600), os.Chown(foreign, 12345, 12345), os.Chtimes(foreign, old, old)); err != nil {
			t.Fatal(err)
		}
		kept = append(kept, filepath.Base(foreign))
	}
	s := &shelf{}
	if err := deploy.New(quiet).Deliver(t.Context(), s.delivery(t, dir, "shop.example.com")); err != nil {
		t.Fatal(err)
	}
	got := names(t, dir)
	if slices.Contains(got, stale) {
		t.Error("what was left over is still there")
	}
	for _, name := range kept {
		if !slices.Contains(got, name) {
			t.Errorf("%s is gone", name)
		}
	}
	if _, err := os.Stat(elsewhere); err != nil {
		t.Errorf("behind the link: %v", err)
	}
}

// TestOwnerByName: a user and a group that have a name are found by it.
func TestOwnerByName(t *testing.T) {
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		t.Skipf("skipped: this machine does not know the name of its user's group: %v", err)
	}
	for _, owner := range []string{me.Username + ":" + group.Name, me.Uid + ":" + me.Gid, me.Username, ":" + group.Name} {
		dir, s := t.TempDir(), &shelf{}
		d := s.delivery(t, dir, "shop.example.com")
		d.Deploy.Owner = owner
		if err := deploy.New(quiet).Deliver(t.Context(), d); err != nil {
			t.Errorf("%q: %v", owner, err)
			continue
		}
		checkOwner(t, filepath.Join(dir, "shop.example.com.p12"), me.Uid+":"+me.Gid)
	}
}

// TestGivenAwayByRootOnly: what can't be given to its owner is not written.
func TestGivenAwayByRootOnly(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("skipped: root gives files to whom it likes")
	}
	dir, s := t.TempDir(), &shelf{}
	d := s.delivery(t, dir, "shop.example.com")
	d.Deploy.Owner = "0:0"
	if err := deploy.New(quiet).Deliver(t.Context(), d); err == nil || !strings.Contains(err.Error(), "can't be given to 0:0") || len(names(t, dir)) != 0 {
		t.Errorf("%v, and %v were written", err, names(t, dir))
	}
}

// TestCommandEndsWithItsChildren: what the command started does not outlive it
// once certty gives it up.
func TestCommandEndsWithItsChildren(t *testing.T) {
	dir, s := t.TempDir(), &shelf{}
	path := filepath.Join(t.TempDir(), "alive")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	// The pipe ends when nobody has it open for writing any more; the child has.
	alive, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close()
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	o := quiet
	o.Command = []string{"/bin/sh", "-c", `(echo started; exec sleep 3600) >"$ALIVE" 2>&1 & wait`}
	o.Environ = []string{"ALIVE=" + path, "PATH=" + os.Getenv("PATH")}
	done := make(chan error, 1)
	go func() { done <- deploy.New(o).Deliver(ctx, s.delivery(t, dir, "shop.example.com")) }()
	line := make([]byte, len("started\n"))
	for read := 0; read < len(line); {
		n, err := alive.Read(line[read:])
		if read += n; errors.Is(err, io.EOF) {
			select { // nobody has opened it yet
			case err := <-done:
				t.Fatalf("the command ended: %v", err)
			case <-time.After(5 * time.Millisecond):
			}
		} else if err != nil {
			t.Fatal(err)
		}
	}
	giveUp()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the caller's end", err)
	}
	if err := alive.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := alive.Read(line); !errors.Is(err, io.EOF) {
		t.Errorf("the child lives on: %v", err)
	}
}

// TestNoRoom: a disk without room is left as it was.
func TestNoRoom(t *testing.T) {
	if dir := os.Getenv("CERTTY_TEST_FULL"); dir != "" {
		s := &shelf{}
		err := deploy.New(quiet).Deliver(t.Context(), s.delivery(t, dir, "shop.example.com"))
		if err == nil || !strings.Contains(err.Error(), "no space left") || !strings.Contains(err.Error(), dir) {
			t.Errorf("%v", err)
		}
		if got := names(t, dir); len(got) != 1 || got[0] != "filler" || s.notes != 0 {
			t.Errorf("left are %v", got)
		}
		fmt.Println("tried")
		return
	}
	dir := filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	full := `mount -t tmpfs -o size=8k tmpfs "$0" && { cat /dev/zero >"$0/filler" 2>&-; true; }`
	if out, err := exec.CommandContext(t.Context(), "unshare", "-rm", "sh", "-c", full, dir).CombinedOutput(); err != nil {
		t.Skipf("file systems can't be changed here, not even for root: %v %s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), "unshare", "-rm", "sh", "-c", full+` && exec "$@"`, dir, os.Args[0], "-test.run=^TestNoRoom$", "-test.v")
	cmd.Env = append(os.Environ(), "CERTTY_TEST_FULL="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "tried") {
		t.Errorf("%v\n%s", err, out)
	}
}
