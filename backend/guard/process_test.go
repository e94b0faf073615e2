package guard_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"certty/backend"
	"certty/backend/guard"
	"certty/backend/store"
	"certty/model"
)

// The variables that make the test binary a console of its own, on the
// directory and under the name that they give. A console called "killed" stops
// for good when its call is made.
const (
	childDir  = "CERTTY_GUARD_TEST_DIR"
	childName = "CERTTY_GUARD_TEST_NAME"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir, os.Getenv(childName)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const rounds = 20

func openStore(ctx context.Context, dir string) (*store.Store, error) {
	return store.Open(ctx, store.Options{StateDir: filepath.Join(dir, "state"), CacheDir: filepath.Join(dir, "cache")})
}

// child makes its calls once its input ends, so that several begin together.
func child(dir, name string) error {
	ctx := context.Background()
	s, err := openStore(ctx, dir)
	if err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	f := &fake{change: func(context.Context, string, model.Ref) (backend.Change, error) {
		if name == "killed" {
			fmt.Println("called")
			select {}
		}
		return backend.Change{}, nil
	}}
	var trouble error
	caps := guard.Wrap(f, guard.Options{
		Actor: name, Journal: s, OnJournalTrouble: func(err error) { trouble = err },
	}).Capabilities()
	for range rounds {
		if _, err := caps.Merge.Merge(ctx, request, [][]byte{[]byte("leaf")}); err != nil {
			return err
		}
		if trouble != nil {
			return trouble
		}
	}
	return s.Close()
}

func start(t *testing.T, dir, name string) (cmd *exec.Cmd, stdin io.Closer, stdout io.Reader) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childName+"="+name)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, in, out
}

// The process is killed between intent and answer: the intent stands on the
// disk, and what was found out later can be added to it.
func TestAKilledProcessLeavesItsIntent(t *testing.T) {
	dir := t.TempDir()
	cmd, stdin, stdout := start(t, dir, "killed")
	stdin.Close()
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "called\n" {
		t.Fatalf("the child said %q, %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// It ends by the kill; that is no news.
	_ = cmd.Wait()

	s, err := openStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	open, err := s.Unfinished(t.Context())
	if err != nil || len(open) != 1 || open[0].Intent.Op != "merge" || open[0].Intent.Ref != request || open[0].Intent.Actor != "killed" {
		t.Fatalf("Unfinished = %+v, %v; want the merge that was cut off", open, err)
	}
	if err := s.Finish(t.Context(), open[0].ID, backend.Outcome{Result: backend.ResultDone, Revision: "v2"}); err != nil {
		t.Error(err)
	}
	if open, err := s.Unfinished(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("Unfinished = %+v, %v; want none", open, err)
	}
	if err := s.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSeveralProcessesShareTheJournal(t *testing.T) {
	dir := t.TempDir()
	names := []string{"ada", "ben", "cleo"}
	var children []*exec.Cmd
	var inputs []io.Closer
	for _, name := range names {
		cmd, stdin, _ := start(t, dir, name)
		children, inputs = append(children, cmd), append(inputs, stdin)
	}
	for _, stdin := range inputs {
		stdin.Close()
	}
	for i, cmd := range children {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", names[i], err)
		}
	}
	s, err := openStore(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	entries, err := s.Entries(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	done := map[string]int{}
	for _, e := range entries {
		if e.Outcome != nil && e.Outcome.Result == backend.ResultDone {
			done[e.Intent.Actor]++
		}
	}
	for _, name := range names {
		if done[name] != rounds {
			t.Errorf("%d finished entries of %s, want %d", done[name], name, rounds)
		}
	}
	if err := s.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
}
