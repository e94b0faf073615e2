//go:build unix

package deploy_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"certty/backend/deploy"
)

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
	mine := me.Uid + ":" + me.Gid
	wanted := map[string]string{me.Username + ":" + group.Name: mine, mine: mine, me.Username: mine, ":" + group.Name: mine}
	if os.Geteuid() == 0 { // what one part is not said of stays as it is
		wanted["65534"], wanted[":65533"] = "65534:"+me.Gid, me.Uid+":65533"
	}
	for owner, want := range wanted {
		dir, s := t.TempDir(), &shelf{}
		d := s.delivery(t, dir, "shop.example.com")
		d.Deploy.Owner = owner
		if err := deploy.New(quiet).Deliver(t.Context(), d); err != nil {
			t.Errorf("%q: %v", owner, err)
			continue
		}
		checkOwner(t, filepath.Join(dir, "shop.example.com.p12"), want)
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
