package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
)

// remains lists the files below dir in which a needle stands.
func remains(t *testing.T, dir string, needle []byte) (in []string) {
	t.Helper()
	if err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, needle) {
			in = append(in, filepath.Base(path))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return in
}

// A key that a person has destroyed is nowhere on the disk any more: not in the
// pages that became free, and not in the write-ahead log, also while another
// program has the files open.
func TestDestroyedKeysLeaveNothing(t *testing.T) {
	for _, size := range []int{300, 3000, 30_000} {
		for name, destroy := range map[string]func(*Store) error{
			"changed": func(s *Store) error {
				return s.Change(t.Context(), "sectigo", "a", func(h *backend.Holding) error { h.Keys = nil; return nil })
			},
			"dropped": func(s *Store) error {
				return s.Drop(t.Context(), "sectigo", "a", func(*backend.Holding) error { return nil })
			},
			"joined": func(s *Store) error {
				return s.Join(t.Context(), "sectigo", "b", "a", func(_, _ *backend.Holding) error { return nil })
			},
		} {
			t.Run(name, func(t *testing.T) {
				dir := t.TempDir()
				s, other := openForTest(t, dir), openForTest(t, dir)
				h, b := holding("a"), holding("b")
				needle := []byte("a locked key that is nowhere else")
				h.Keys = []backend.HeldKey{{PublicKey: "aa", Locked: bytes.Repeat(needle, size/len(needle)), MadeAt: shelfTime}}
				if err := s.Add(t.Context(), h, b); err != nil {
					t.Fatal(err)
				}
				for range 3 {
					if err := s.Change(t.Context(), "sectigo", "a", func(h *backend.Holding) error { h.Record.Trouble += "x"; return nil }); err != nil {
						t.Fatal(err)
					}
				}
				if len(remains(t, dir, needle)) == 0 {
					t.Fatal("it never was there")
				}
				if err := destroy(s); err != nil {
					t.Fatal(err)
				}
				if in := remains(t, dir, needle); len(in) > 0 {
					t.Errorf("it still stands in %v", in)
				}
				if err := errors.Join(s.Close(), other.Close()); err != nil {
					t.Fatal(err)
				}
				if in := remains(t, dir, needle); len(in) > 0 {
					t.Errorf("closed, it still stands in %v", in)
				}
			})
		}
	}
}

// put writes a row as a damaged disk, or another certty, would leave it.
func put(t *testing.T, s *Store, key, record, rest string) {
	t.Helper()
	if err := s.state.write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), "REPLACE INTO holdings (target, key, record, rest) VALUES ('sectigo', ?, ?, ?)", key, record, rest)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// One record that can't be read is named, and the others stand. It is left as it
// is: what a newer certty wrote there must not be lost.
func TestUnreadableHolding(t *testing.T) {
	good, err := json.Marshal(holding("c").Record)
	if err != nil {
		t.Fatal(err)
	}
	newer := strings.Replace(string(good), "{", `{"Colour":"red",`, 1)
	for name, tt := range map[string]struct {
		record, rest string
		listed       bool
	}{
		"no JSON":              {"{", "{}", false},
		"of another type":      {`{"Key":7}`, "{}", false},
		"of another key":       {strings.Replace(string(good), `"c"`, `"d"`, 1), "{}", false},
		"nothing":              {"null", "{}", false},
		"a newer record":       {newer, "{}", true},
		"a newer holding":      {string(good), `{"Colour":"red"}`, true},
		"a holding of no JSON": {string(good), `{"Spec":`, true},
		"two values":           {string(good), "{}{}", true},
	} {
		t.Run(name, func(t *testing.T) {
			s := openForTest(t, t.TempDir())
			if err := s.Add(t.Context(), holding("a"), holding("e")); err != nil {
				t.Fatal(err)
			}
			put(t, s, "c", tt.record, tt.rest)
			records, err := s.Records(t.Context(), "sectigo")
			if err != nil || len(records) != 3 || !reflect.DeepEqual(records[0], holding("a").Record) || records[1].Key != "c" {
				t.Fatalf("%v, records %+v", err, records)
			}
			if listed := records[1].Step != model.StepUnreadable; listed != tt.listed || !listed && records[1].Trouble == "" {
				t.Errorf("it is listed as %+v", records[1])
			}
			change := func(context.Context) error {
				return s.Change(t.Context(), "sectigo", "c", func(*backend.Holding) error { return nil })
			}
			for what, err := range map[string]error{
				"change": change(t.Context()),
				"drop":   s.Drop(t.Context(), "sectigo", "c", func(*backend.Holding) error { return nil }),
				"join":   s.Join(t.Context(), "sectigo", "a", "c", func(_, _ *backend.Holding) error { return nil }),
				"add":    s.Add(t.Context(), holding("c")),
			} {
				if err == nil || !strings.Contains(err.Error(), "c") {
					t.Errorf("%s: %v", what, err)
				}
			}
			var record, rest string
			if err := s.state.db.QueryRowContext(t.Context(), "SELECT record, rest FROM holdings WHERE key = 'c'").Scan(&record, &rest); err != nil ||
				record != tt.record || rest != tt.rest {
				t.Errorf("it was changed to %s and %s, %v", record, rest, err)
			}
			if _, err := s.Holding(t.Context(), "sectigo", "a"); err != nil {
				t.Errorf("another one: %v", err)
			}
		})
	}
}

func TestAddUnless(t *testing.T) {
	s := openForTest(t, t.TempDir())
	if err := s.Add(t.Context(), holding("a")); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("not now")
	err := s.AddUnless(t.Context(), holding("b"), func(records []model.Record) error {
		if len(records) != 1 || records[0].Key != "a" {
			t.Errorf("it sees %+v", records)
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("refused with %v", err)
	}
	if _, err := s.Holding(t.Context(), "sectigo", "b"); !errors.Is(err, backend.ErrNotHeld) {
		t.Errorf("it was written: %v", err)
	}
	allow := func([]model.Record) error { return nil }
	if err := s.AddUnless(t.Context(), holding("a"), allow); !errors.Is(err, backend.ErrHeld) {
		t.Errorf("a key that is taken: %v", err)
	}
	if err := s.AddUnless(t.Context(), holding("b"), allow); err != nil {
		t.Error(err)
	}
}

// FuzzHolding: whatever stands in the file, a list names the row, and what is
// read as a holding is written again without a loss.
func FuzzHolding(f *testing.F) {
	h := holding("a")
	record, _ := json.Marshal(h.Record)
	other, _ := json.Marshal(restOf(&h))
	f.Add(string(record), string(other))
	f.Add(`{"Key":"a","StepAt":"2026-11-21T14:05:00Z"}`, `{}`)
	f.Add(`{"Key":"a","key":"b"}`, `{"Chain":["AQ=="],"chain":null}`)
	f.Add(`{"Key":"a","Attempt":1e3}`, `null`)
	f.Add(`[]`, `{"Spec":{"SANs":null}}`)
	f.Fuzz(func(t *testing.T, record, other string) {
		if r := decodeRecord("a", record); r.Key != "a" {
			t.Fatalf("listed as %q", r.Key)
		}
		h, err := decodeHolding("sectigo", "a", record, other)
		if err != nil {
			return
		}
		record2, err := json.Marshal(h.Record)
		if err != nil {
			t.Fatal(err)
		}
		other2, err := json.Marshal(restOf(h))
		if err != nil {
			t.Fatal(err)
		}
		again, err := decodeHolding("sectigo", "a", string(record2), string(other2))
		if err != nil {
			t.Fatalf("written again it can't be read: %v", err)
		}
		record3, _ := json.Marshal(again.Record)
		if !bytes.Equal(record2, record3) {
			t.Errorf("%s became %s", record2, record3)
		}
	})
}
