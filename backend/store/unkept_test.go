package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

// blocked makes a file in the place of a directory, which stops root as well.
func blocked(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestWithoutState: where the state can't be written no change is journalled,
// and everything else works until the end.
func TestWithoutState(t *testing.T) {
	for name, spoil := range map[string]func(*testing.T, Options){
		"file in place of the directory": func(t *testing.T, o Options) { blocked(t, o.StateDir) },
		"directory in place of the file": func(t *testing.T, o Options) {
			if err := os.MkdirAll(filepath.Join(o.StateDir, "certty.db"), 0o700); err != nil {
				t.Fatal(err)
			}
		},
		"a folder above can't be made": func(t *testing.T, o Options) { blocked(t, filepath.Dir(o.StateDir)) },
	} {
		t.Run(name, func(t *testing.T) {
			o := Options{StateDir: filepath.Join(t.TempDir(), "above", "state"), CacheDir: filepath.Join(t.TempDir(), "cache")}
			spoil(t, o)
			s, err := Open(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			notes := strings.Join(s.Notes(), " ")
			for _, text := range []string{"Nothing can be changed", o.StateDir, "Everything can be read", "set state_dir to another directory"} {
				if strings.Count(notes, text) == 0 {
					t.Errorf("%q is not said: %s", text, notes)
				}
			}
			if strings.Count(notes, "set state_dir") != 1 {
				t.Errorf("the way out is said twice: %s", notes)
			}
			if !errors.Is(s.Unwritable(), ErrUnwritable) {
				t.Errorf("Unwritable() = %v", s.Unwritable())
			}
			if _, err := s.Begin(t.Context(), backend.Intent{Op: "merge"}); !errors.Is(err, ErrUnwritable) {
				t.Errorf("Begin = %v, want ErrUnwritable", err)
			}
			if entries, err := s.Entries(t.Context(), 0); err != nil || len(entries) != 0 {
				t.Errorf("Entries = %v, %v", entries, err)
			}
			worksInMemory(t, s)
		})
	}
}

// worksInMemory writes what is no intent and finds it again.
func worksInMemory(t *testing.T, s *Store) {
	t.Helper()
	ref := model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "shop"}
	if err := s.AppendEvents(t.Context(), []model.Event{{Ref: ref, At: time.Now(), Text: "seen just now"}}); err != nil {
		t.Error(err)
	}
	events, err := s.Timeline(t.Context(), ref, 0)
	if err != nil || len(events) == 0 || events[len(events)-1].Text != "seen just now" {
		t.Errorf("Timeline = %v, %v", events, err)
	}
	if err := s.SetLatch(t.Context(), backend.Latch{Target: "test", Reason: "refused", At: time.Now()}); err != nil {
		t.Error(err)
	}
	if l, ok, err := s.GetLatch(t.Context(), "test"); err != nil || !ok || l.Reason != "refused" {
		t.Errorf("GetLatch = %v, %v, %v", l, ok, err)
	}
}

// keepSome makes a state with an intent, an event, a latch and an order.
func keepSome(t *testing.T, dir string) {
	t.Helper()
	s := openForTest(t, dir)
	mustBegin(t, s, backend.Intent{Op: "merge", Ref: model.Ref{Target: "prod", Key: "shop"}})
	worksInMemory(t, s)
	if err := s.Add(t.Context(), holding("a")); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestKeptStateIsShown: a journal that can't be written can be read, and what
// comes new does not reach the file.
func TestKeptStateIsShown(t *testing.T) {
	dir := t.TempDir()
	keepSome(t, dir)
	path := filepath.Join(dir, "state", "certty.db")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := &file{path: path, setting: "state_dir", keep: true, schema: stateSchema}
	if err := f.goWithout(t.Context(), errors.New("the disk is full")); err != nil || f.unread != nil {
		t.Fatalf("goWithout = %v, unread %v", err, f.unread)
	}
	s := &Store{now: time.Now, state: f}
	defer f.close()
	entries, err := s.Unfinished(t.Context())
	if err != nil || len(entries) != 1 || entries[0].Intent.Op != "merge" {
		t.Errorf("Unfinished = %v, %v", entries, err)
	}
	if err := s.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
	if _, ok, err := s.GetLatch(t.Context(), "test"); !ok || err != nil {
		t.Errorf("the latch is lost: %v", err)
	}
	if h, err := s.Holding(t.Context(), "sectigo", "a"); err != nil || len(h.Keys) != 2 {
		t.Errorf("the repository is lost: %+v, %v", h, err)
	}
	worksInMemory(t, s)
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file was written, %v", err)
	}
}

// TestKeptStateThatCantBeShown: what is wrong is said; a damaged one stops the
// start here, too.
func TestKeptStateThatCantBeShown(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*testing.T, string)
		says  string
		stops bool
	}{
		"damaged": {func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, ErrDamaged.Error(), true},
		"of another version": {func(t *testing.T, path string) {
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), "PRAGMA user_version = 99"); err != nil {
				t.Fatal(err)
			}
		}, "can't be shown: " + ErrNewer.Error(), false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			keepSome(t, dir)
			path := filepath.Join(dir, "state", "certty.db")
			tc.spoil(t, path)
			f := &file{path: path, setting: "state_dir", keep: true, schema: stateSchema}
			err := f.goWithout(t.Context(), errors.New("the disk is full"))
			if tc.stops {
				requireMentions(t, err, tc.says, path)
				return
			}
			defer f.close()
			if err != nil || !strings.Contains(f.remark(), tc.says) {
				t.Errorf("goWithout = %v, remark %q", err, f.remark())
			}
		})
	}
}

// TestWithoutCache: nothing is kept, nothing fails.
func TestWithoutCache(t *testing.T) {
	dir := t.TempDir()
	blocked(t, options(dir).CacheDir)
	s := openForTest(t, dir)
	notes := strings.Join(s.Notes(), " ")
	if !strings.Contains(notes, "There is no cache") || strings.Count(notes, "set cache_dir to another directory") != 1 {
		t.Errorf("Notes() = %q", notes)
	}
	mustSave(t, s, fullSnapshot("prod", 5))
	if got := mustLoad(t, s, "prod"); got.Len() != 0 {
		t.Errorf("%d rows out of nowhere", got.Len())
	}
	if s.Unwritable() != nil {
		t.Errorf("Unwritable() = %v", s.Unwritable())
	}
	mustBegin(t, s, backend.Intent{Op: "merge"})
}
