package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

// options has a clock that stands: what the tests keep is of one day, and must not
// be too old to be kept one day.
func options(dir string) Options {
	return Options{
		StateDir: filepath.Join(dir, "state"), CacheDir: filepath.Join(dir, "cache"),
		Now: func() time.Time { return noon.Add(time.Hour) },
	}
}

func TestFilesArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	dir := t.TempDir()
	s := openForTest(t, dir)
	mustSave(t, s, fullSnapshot("prod", 3))
	mustBegin(t, s, backend.Intent{Op: "merge"})
	s.Close()
	// A state directory may come from a backup with wider permissions.
	if err := os.Chmod(filepath.Join(dir, "state", "certty.db"), 0o644); err != nil {
		t.Fatal(err)
	}
	s = openForTest(t, dir)
	mustSave(t, s, fullSnapshot("prod", 3))
	mustBegin(t, s, backend.Intent{Op: "merge"})

	var wal int
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || path == dir {
			return err
		}
		if strings.HasSuffix(path, "-wal") {
			wal++
		}
		want := os.FileMode(0o600)
		if info.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if wal != 2 {
		t.Errorf("saw %d write-ahead logs, want 2: the test has to look at them while they exist", wal)
	}
}

func TestDirectoryOpenToAllIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	dir := t.TempDir()
	o := options(dir)
	if err := os.Mkdir(o.StateDir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(o.StateDir, 0o777); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), o.StateDir) || !strings.Contains(err.Error(), "state_dir") {
		t.Fatalf("Open = %v, want an error that names the directory and the way out", err)
	}
}

// ownFolder is a folder of the test that nobody else may write to, whatever the
// umask is.
func ownFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "private")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestNetworkFileSystemIsRefused(t *testing.T) {
	path := filepath.Join(ownFolder(t), "certty.db")
	f := &file{
		path: path, setting: "state_dir", synchronous: "FULL",
		fileSystem: func(string) (string, error) { return "nfs", nil },
	}
	err := f.open(t.Context())
	if !errors.Is(err, ErrNetworkFileSystem) {
		t.Fatalf("open = %v, want ErrNetworkFileSystem", err)
	}
	requireMentions(t, err, filepath.Dir(path), "nfs", "state_dir")
	if _, err := os.Stat(path); err == nil {
		t.Error("the file was made all the same")
	}
}

// TestNewerFileIsLeftAlone: a journal of a newer program is refused, a cache
// done without.
func TestNewerFileIsLeftAlone(t *testing.T) {
	newer := func(t *testing.T, name string) (dir, path string) {
		t.Helper()
		dir = t.TempDir()
		openForTest(t, dir).Close()
		path = filepath.Join(dir, name)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.ExecContext(t.Context(), "PRAGMA user_version = 99"); err != nil {
			t.Fatal(err)
		}
		return dir, path
	}
	dir, path := newer(t, "state/certty.db")
	if _, err := Open(t.Context(), options(dir)); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), path) {
		t.Fatalf("Open = %v, want ErrNewer naming %s", err, path)
	}
	dir, path = newer(t, "cache/cache.db")
	s := openForTest(t, dir)
	if notes := strings.Join(s.Notes(), " "); !strings.Contains(notes, path) || !strings.Contains(notes, ErrNewer.Error()) {
		t.Errorf("Notes() = %q, want why there is no cache", notes)
	}
}

func TestMigrationsContinueWhereTheFileStands(t *testing.T) {
	dir := ownFolder(t)
	steps := []string{"CREATE TABLE one (x)", "CREATE TABLE two (x)"}
	for n := 1; n <= len(steps); n++ {
		f := &file{path: filepath.Join(dir, "x.db"), synchronous: "FULL", schema: steps[:n]}
		if err := f.open(t.Context()); err != nil {
			t.Fatalf("with %d steps: %v", n, err)
		}
		var version, tables int
		row := f.db.QueryRowContext(t.Context(), "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version")
		if err := row.Scan(&version, &tables); err != nil || version != n || tables != n {
			t.Fatalf("version %d with %d tables, %v; want %d of each", version, tables, err, n)
		}
		f.close()
	}
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	path := filepath.Join(ownFolder(t), "x.db")
	f := &file{path: path, synchronous: "FULL", schema: []string{"CREATE TABLE one (x)", "CREATE TABLE two (x); nonsense"}}
	if err := f.open(t.Context()); err == nil || !strings.Contains(err.Error(), path) {
		t.Fatalf("open = %v, want an error naming %s", err, path)
	}
	f.schema = f.schema[:1]
	if err := f.open(t.Context()); err != nil {
		t.Fatalf("the file is not at version 1: %v", err)
	}
	f.close()
}

func TestUseAfterClose(t *testing.T) {
	s := openForTest(t, t.TempDir())
	s.Close()
	if _, err := s.Begin(t.Context(), backend.Intent{Op: "merge"}); err == nil {
		t.Error("Begin on a closed store did not fail")
	}
	if _, err := s.LoadSnapshot(t.Context(), "prod"); err == nil {
		t.Error("LoadSnapshot on a closed store did not fail")
	}
	if _, err := s.Entries(t.Context(), 1); err == nil {
		t.Error("Entries on a closed store did not fail")
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestOpenGivesUpWithItsContext(t *testing.T) {
	dir := ownFolder(t)
	path := filepath.Join(dir, "x.db")
	unlock, err := lock(t.Context(), path+".lock", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := &file{path: path, synchronous: "FULL"}
	if err := f.open(ctx); err == nil {
		f.close()
		t.Skip("no file locks on this system")
	} else if !errors.Is(err, context.Canceled) {
		t.Fatalf("open = %v, want the context's end", err)
	}
}

func requireMentions(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not mention %q", err, w)
		}
	}
}

func mustBegin(t *testing.T, s *Store, intent backend.Intent) int64 {
	t.Helper()
	id, err := s.Begin(t.Context(), intent)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func mustSave(t *testing.T, s *Store, next *model.Snapshot) {
	t.Helper()
	if err := s.SaveSnapshot(t.Context(), next); err != nil {
		t.Fatal(err)
	}
}

func mustLoad(t *testing.T, s *Store, target string) *model.Snapshot {
	t.Helper()
	got, err := s.LoadSnapshot(t.Context(), target)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
