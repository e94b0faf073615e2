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

func options(dir string) Options {
	return Options{StateDir: filepath.Join(dir, "state"), CacheDir: filepath.Join(dir, "cache")}
}

func TestFilesArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	dir := t.TempDir()
	s := openForTest(t, dir)
	mustSave(t, s, nil, fullSnapshot("prod", 3))
	mustBegin(t, s, backend.Intent{Op: "merge"})
	s.Close()
	// A state directory may come from a backup with wider permissions.
	if err := os.Chmod(filepath.Join(dir, "state", "certty.db"), 0o644); err != nil {
		t.Fatal(err)
	}
	s = openForTest(t, dir)
	mustSave(t, s, nil, fullSnapshot("prod", 3))
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

func TestNetworkFileSystemIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "certty.db")
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

func TestNewerFileIsRefused(t *testing.T) {
	for _, name := range []string{"state/certty.db", "cache/cache.db"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			openForTest(t, dir).Close()
			path := filepath.Join(dir, name)
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.ExecContext(t.Context(), "PRAGMA user_version = 99"); err != nil {
				t.Fatal(err)
			}
			db.Close()

			_, err = Open(t.Context(), options(dir))
			if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), path) {
				t.Fatalf("Open = %v, want ErrNewer naming %s", err, path)
			}
		})
	}
}

func TestMigrationsContinueWhereTheFileStands(t *testing.T) {
	dir := t.TempDir()
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
	path := filepath.Join(t.TempDir(), "x.db")
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

// wreck overwrites the middle of a file, from its second page on.
func wreck(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	junk := []byte(strings.Repeat("junk", int(info.Size()-4096)/4))
	if _, err := f.WriteAt(junk, 4096); err != nil {
		t.Fatal(err)
	}
}

func TestDamagedStateIsAnErrorAndIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	o := options(dir)
	if err := os.MkdirAll(o.StateDir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.StateDir, "certty.db")
	content := strings.Repeat("not a database ", 1000)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), o)
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
		t.Fatalf("Open = %v, want ErrDamaged naming %s", err, path)
	}
	if got, _ := os.ReadFile(path); string(got) != content {
		t.Error("the damaged file was changed")
	}
}

func TestStateDamagedInside(t *testing.T) {
	dir := t.TempDir()
	s := openForTest(t, dir)
	mustBegin(t, s, backend.Intent{Op: "merge"})
	s.Close()
	wreck(t, filepath.Join(dir, "state", "certty.db"))

	s, err := Open(t.Context(), options(dir))
	if err == nil {
		defer s.Close()
		_, err = s.Begin(t.Context(), backend.Intent{Op: "merge"})
	}
	if !errors.Is(err, ErrDamaged) {
		t.Fatalf("err = %v, want ErrDamaged", err)
	}
}

func TestDamagedCacheIsSetAside(t *testing.T) {
	for name, damage := range map[string]func(*testing.T, string){
		"header": func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("x", 8192)), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"inside": wreck,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := openForTest(t, dir)
			mustSave(t, s, nil, fullSnapshot("prod", 50))
			s.Close()
			path := filepath.Join(dir, "cache", "cache.db")
			damage(t, path)

			s = openForTest(t, dir)
			if got := mustLoad(t, s, "prod"); got.Len() != 0 {
				t.Errorf("loaded %d rows from a damaged file", got.Len())
			}
			if notes := s.Notes(); len(notes) != 1 || !strings.Contains(notes[0], path) {
				t.Errorf("Notes() = %q, want one that names %s", notes, path)
			}
			if _, err := os.Stat(path + ".damaged"); err != nil {
				t.Errorf("the damaged file was not set aside: %v", err)
			}
			mustSave(t, s, nil, fullSnapshot("prod", 5))
			if got := mustLoad(t, s, "prod"); got.Len() != 5 {
				t.Errorf("the new cache holds %d rows, want 5", got.Len())
			}
		})
	}
}

func TestCacheMayBeDeletedWhileOpen(t *testing.T) {
	dir := t.TempDir()
	s := openForTest(t, dir)
	first := fullSnapshot("prod", 20)
	mustSave(t, s, nil, first)
	if err := os.RemoveAll(filepath.Join(dir, "cache")); err != nil {
		t.Fatal(err)
	}
	// One row of news, but the other nineteen are lost as well.
	it := fullItem("prod", 3)
	it.Certificate.Enabled = false
	next := first.Merge(model.Page{Fields: model.FieldListing, AsOf: it.ListedAt.Add(time.Hour), Items: []model.Item{it}})
	mustSave(t, s, first, next)

	requireEqual(t, mustLoad(t, openForTest(t, dir), "prod"), next)
}

func TestIntentIsRefusedWhenTheJournalWasRemoved(t *testing.T) {
	dir := t.TempDir()
	s := openForTest(t, dir)
	if err := os.Remove(filepath.Join(dir, "state", "certty.db")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(t.Context(), backend.Intent{Op: "merge"}); !errors.Is(err, ErrRemoved) {
		t.Fatalf("Begin = %v, want ErrRemoved", err)
	}
}

func TestPlainErrors(t *testing.T) {
	t.Run("directory in place of the file", func(t *testing.T) {
		o := options(t.TempDir())
		path := filepath.Join(o.StateDir, "certty.db")
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), o)
		requireMentions(t, err, path, "directory in the place", "state_dir")
	})
	t.Run("file in place of the directory", func(t *testing.T) {
		o := options(t.TempDir())
		if err := os.WriteFile(o.StateDir, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), o)
		requireMentions(t, err, o.StateDir, "state_dir")
	})
	t.Run("read-only home", func(t *testing.T) {
		if os.Getuid() == 0 {
			t.Skip("root may write everywhere")
		}
		dir := t.TempDir()
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), options(dir))
		requireMentions(t, err, "permission denied", "state_dir")
	})
	t.Run("no directories given", func(t *testing.T) {
		if _, err := Open(t.Context(), Options{}); err == nil {
			t.Fatal("Open did not complain")
		}
	})
}

func TestFullDisk(t *testing.T) {
	s := openForTest(t, t.TempDir())
	for _, f := range []*file{s.state, &s.cache.file} {
		if _, err := f.db.ExecContext(t.Context(), "PRAGMA max_page_count = 1"); err != nil {
			t.Fatal(err)
		}
	}
	big := backend.Intent{Op: "merge", Detail: strings.Repeat("x", 1<<20)}
	_, err := s.Begin(t.Context(), big)
	requireMentions(t, err, s.state.path, "disk is full")
	if entries, err := s.Entries(t.Context(), 0); err != nil || len(entries) != 0 {
		t.Errorf("after the failed intent the journal holds %v, %v", entries, err)
	}

	first := fullSnapshot("prod", 200)
	requireMentions(t, s.SaveSnapshot(t.Context(), nil, first), s.cache.file.path, "disk is full")
	// Room again: what failed before is not taken for saved.
	if _, err := s.cache.file.db.ExecContext(t.Context(), "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, first, first)
	requireEqual(t, mustLoad(t, s, "prod"), first)
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
	dir := t.TempDir()
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

func mustSave(t *testing.T, s *Store, prev, next *model.Snapshot) {
	t.Helper()
	if err := s.SaveSnapshot(t.Context(), prev, next); err != nil {
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
