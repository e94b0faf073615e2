package command

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"certty/backend"
)

// TestChangeProcess is not a test: it is the program of TestReaderIsGone.
func TestChangeProcess(t *testing.T) {
	marker := os.Getenv("CERTTY_CHANGE_PROCESS")
	if marker == "" {
		t.Skip("it runs within TestReaderIsGone only")
	}
	env := &Env{Stdout: io.Discard, Stderr: os.Stderr, Now: time.Now}
	f := fleetOf(t, []*fake{vaultOf("one")})
	err := (&Changing{}).Run(t.Context(), env, f, Change{Target: &f.Targets[0], Send: func(context.Context) (backend.Change, error) {
		for range 3 {
			env.Say("Waiting for the answer to what was sent.")
		}
		return backend.Change{}, &backend.Error{Kind: backend.KindInvalid, Op: "create", Message: "refused"}
	}})
	if backend.KindOf(err) != backend.KindInvalid {
		t.Error(err)
	}
	if err := os.WriteFile(marker, nil, 0o600); err != nil {
		t.Error(err)
	}
}

// TestReaderIsGone: that nobody reads standard error any more does not end the
// program between a call and its answer.
func TestReaderIsGone(t *testing.T) {
	marker := filepath.Join(t.TempDir(), "came-to-its-end")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChangeProcess$")
	cmd.Env = append(os.Environ(), "CERTTY_CHANGE_PROCESS="+marker)
	cmd.Stderr = w
	out, failed := cmd.Output()
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(marker); errors.Is(err, os.ErrNotExist) {
		t.Errorf("it ended in the middle of a change: %v\n%s", failed, out)
	}
}
