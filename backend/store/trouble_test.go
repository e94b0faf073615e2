package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

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
			mustSave(t, s, fullSnapshot("prod", 50))
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
			mustSave(t, s, fullSnapshot("prod", 5))
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
	mustSave(t, s, first)
	if err := os.RemoveAll(filepath.Join(dir, "cache")); err != nil {
		t.Fatal(err)
	}
	// One row of news, but the other nineteen are lost as well.
	it := fullItem("prod", 3)
	it.Certificate.Enabled = false
	next := first.Merge(model.Page{Fields: model.FieldListing, AsOf: it.ListedAt.Add(time.Hour), Items: []model.Item{it}})
	mustSave(t, s, next)

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
	requireMentions(t, s.SaveSnapshot(t.Context(), first), s.cache.file.path, "disk is full")
	// Room again: what failed before is not taken for saved.
	if _, err := s.cache.file.db.ExecContext(t.Context(), "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, first)
	requireEqual(t, mustLoad(t, s, "prod"), first)
}
