//go:build unix

package deploy_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
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
