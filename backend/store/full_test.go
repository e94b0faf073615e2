package store

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
)

// TestShelfOnAFullDisk: on a disk without room a change of the repository fails, nothing
// of it is there, and the next one works once there is room again. A limit of
// the file's size stands for the disk, in a process of its own.
func TestShelfOnAFullDisk(t *testing.T) {
	if os.Getenv("CERTTY_FULL_DISK") != "" {
		fillDisk(t, t.TempDir())
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh to set a limit with")
	}
	// SIGXFSZ is ignored by Go programs; the write fails with EFBIG.
	cmd := exec.CommandContext(t.Context(), shell, "-c", `ulimit -S -f 800 && exec "$0" -test.run '^TestShelfOnAFullDisk$' -test.v`, self)
	cmd.Env = append(os.Environ(), "CERTTY_FULL_DISK=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestShelfOnAFullDisk") {
		t.Errorf("%v\n%s", err, out)
	}
}

func fillDisk(t *testing.T, dir string) {
	s := openForTest(t, dir)
	if err := s.Add(t.Context(), holding("a")); err != nil {
		t.Fatal(err)
	}
	big := holding("big")
	big.Chain = [][]byte{make([]byte, 1<<20)}
	if err := s.Add(t.Context(), big); err == nil {
		t.Fatal("there was room: the test proves nothing")
	}
	if err := s.Change(t.Context(), "sectigo", "a", func(h *backend.Holding) error {
		h.Chain, h.Record.Step = big.Chain, model.StepPlaced
		return nil
	}); err == nil {
		t.Fatal("there was room: the test proves nothing")
	}
	records, err := s.Records(t.Context(), "sectigo")
	if err != nil || len(records) != 1 || records[0].Step != model.StepPrepared {
		t.Errorf("it left %+v, %v", records, err)
	}
	if h, err := s.Holding(t.Context(), "sectigo", "a"); err != nil || len(h.Keys) != 2 {
		t.Errorf("the keys of the other: %+v, %v", h, err)
	}
	if err := s.Change(t.Context(), "sectigo", "a", func(h *backend.Holding) error { h.Record.Step = model.StepPlaced; return nil }); err != nil {
		t.Errorf("with room for it: %v", err)
	}
}
