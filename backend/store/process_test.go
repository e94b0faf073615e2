package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"

	"certty/backend"
	"certty/model"
)

// The variables that make the test binary a console of its own on the directory it
// names, doing the work that is named.
const (
	childDir  = "CERTTY_STORE_TEST_DIR"
	childWork = "CERTTY_STORE_TEST_WORK"
	childName = "CERTTY_STORE_TEST_NAME"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir, os.Getenv(childWork), os.Getenv(childName)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const rounds = 15

// child is the other console. It begins when its input ends, so that several
// begin together.
func child(dir, work, name string) error {
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	ctx := context.Background()
	s, err := Open(ctx, options(dir))
	if err != nil {
		return err
	}
	if work == "die" {
		if _, err := s.Begin(ctx, mergeIntent(7)); err != nil {
			return err
		}
		fmt.Println("begun")
		select {} // until it is killed
	}
	if err := useEverything(ctx, s, name); err != nil {
		return err
	}
	return s.Close()
}

// useEverything writes to and reads from both files for some rounds.
func useEverything(ctx context.Context, s *Store, name string) error {
	prev, err := s.LoadSnapshot(ctx, name)
	if err != nil {
		return err
	}
	for i := range rounds {
		intent := mergeIntent(i)
		intent.Actor = name
		id, err := s.Begin(ctx, intent)
		if err != nil {
			return err
		}
		it := fullItem(name, i)
		next := prev.Merge(model.Page{Fields: model.FieldListing, AsOf: it.ListedAt, Items: []model.Item{it}})
		if err := s.SaveSnapshot(ctx, next); err != nil {
			return err
		}
		prev = next
		ev := event("shop", name, model.EventPhase, noon, strconv.Itoa(i))
		if err := s.AppendEvents(ctx, []model.Event{ev}); err != nil {
			return err
		}
		if err := s.Finish(ctx, id, backend.Outcome{At: noon, Result: backend.ResultDone}); err != nil {
			return err
		}
	}
	return nil
}

func startChild(t *testing.T, dir, work, name string) (cmd *exec.Cmd, stdin io.Closer, stdout io.Reader) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childWork+"="+work, childName+"="+name)
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

func requireAllDone(t *testing.T, s *Store, names []string) {
	t.Helper()
	done := map[string]int{}
	for _, e := range mustEntries(t, s, 0) {
		if e.Outcome != nil && e.Outcome.Result == backend.ResultDone {
			done[e.Intent.Actor]++
		}
	}
	for _, name := range names {
		if done[name] != rounds {
			t.Errorf("the journal holds %d finished entries of %s, want %d", done[name], name, rounds)
		}
		if got := mustLoad(t, s, name); got.Len() != rounds {
			t.Errorf("the cache holds %d rows of %s, want %d", got.Len(), name, rounds)
		}
	}
	if got := mustTimeline(t, s, "shop", 0); len(got) != rounds*len(names) {
		t.Errorf("the timeline holds %d events, want %d", len(got), rounds*len(names))
	}
	if err := s.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
}

// Several consoles make the files together and use them at the same time.
func TestSeveralProcesses(t *testing.T) {
	dir := t.TempDir()
	names := []string{"one", "two", "three", "four"}
	var children []*exec.Cmd
	var starts []io.Closer
	for _, name := range names {
		cmd, start, _ := startChild(t, dir, "use", name)
		children, starts = append(children, cmd), append(starts, start)
	}
	for _, start := range starts {
		start.Close()
	}
	for i, cmd := range children {
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", names[i], err)
		}
	}
	requireAllDone(t, openForTest(t, dir), names)
}

func TestSeveralStoresInOneProcess(t *testing.T) {
	dir := t.TempDir()
	names := []string{"one", "two", "three"}
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Go(func() {
			s, err := Open(t.Context(), options(dir))
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if err := useEverything(t.Context(), s, name); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	requireAllDone(t, openForTest(t, dir), names)
}

// A process that is killed right after Begin leaves its intent behind.
func TestIntentOutlivesAKilledProcess(t *testing.T) {
	dir := t.TempDir()
	cmd, start, out := startChild(t, dir, "die", "one")
	start.Close()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "begun\n" {
		t.Fatalf("the child said %q, %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// It ends by the kill; that is no news.
	_ = cmd.Wait()

	s := openForTest(t, dir)
	got, err := s.Unfinished(t.Context())
	if err != nil || len(got) != 1 || got[0].Intent != mergeIntent(7) {
		t.Fatalf("Unfinished = %+v, %v; want the intent of the killed process", got, err)
	}
	if err := s.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
}

// A reader of one process is not held up by the open transaction of another.
func TestReadingGoesOnWhileAnotherWrites(t *testing.T) {
	dir := t.TempDir()
	s, other := openForTest(t, dir), openForTest(t, dir)
	mustBegin(t, s, mergeIntent(0))
	tx, err := s.state.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if got, err := other.Entries(t.Context(), 0); err != nil || len(got) != 1 {
		t.Errorf("Entries = %v, %v", got, err)
	}
}
