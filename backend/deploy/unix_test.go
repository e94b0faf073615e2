//go:build unix

package deploy_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

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
