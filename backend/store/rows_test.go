package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"certty/model"
)

func openRowsForTest(tb testing.TB, dir string) *Rows {
	tb.Helper()
	r, err := OpenRows(tb.Context(), filepath.Join(dir, "cache"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { r.Close() })
	return r
}

// TestFindRows: the rows whose keys begin with the bytes that were asked for come
// as they were saved, with when they were last seen.
func TestFindRows(t *testing.T) {
	dir := t.TempDir()
	s := openForTest(t, dir)
	var items []*model.Item
	for i, key := range []string{"a", "a-1", "a-2", "a%", "a_", "ab", "A", "b", "ä", "äb", "\xc3", "\xff", "\xff\xff"} {
		it := fullItem("prod", i)
		it.Ref.Key = key
		items = append(items, &it)
	}
	for i := range 40 {
		it := fullItem("prod", 100+i)
		items = append(items, &it)
	}
	saved := model.NewSnapshot("prod", items, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	mustSave(t, s, saved)
	mustSave(t, s, fullSnapshot("pro", 3))
	mustSave(t, s, fullSnapshot("prod2", 3))
	saved = saved.Merge(listing(saved, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)))
	mustSave(t, s, saved) // seen again, all of them: that is stored apart
	r := openRowsForTest(t, dir)
	for _, test := range []struct {
		prefix string
		limit  int
		want   []string
	}{
		{"a", 10, []string{"a", "a%", "a-1", "a-2", "a_", "ab"}},
		{"a", 2, []string{"a", "a%"}},
		{"a-", 10, []string{"a-1", "a-2"}},
		{"a%", 10, []string{"a%"}},
		{"\xc3", 10, []string{"\xc3", "ä", "äb"}},
		{"\xff", 10, []string{"\xff", "\xff\xff"}},
		{"shop-frontend-0010", 2, []string{"shop-frontend-00100", "shop-frontend-00101"}},
		{"", 3, []string{"A", "a", "a%"}},
		{"c", 10, nil},
		{"\xff\xff\xff", 10, nil},
	} {
		got, err := r.Find(t.Context(), "prod", test.prefix, test.limit)
		if err != nil {
			t.Fatal(err)
		}
		var want []*model.Item
		for _, it := range saved.Items() {
			if slices.Contains(test.want, it.Ref.Key) {
				want = append(want, it)
			}
		}
		if len(want) != len(test.want) {
			t.Fatalf("%q: the test has only %d of the rows it wants", test.prefix, len(want))
		}
		requireEqual(t, got, model.NewSnapshot("prod", want, saved.SweptAt()))
	}
	if got, err := r.Find(t.Context(), "none", "", 10); err != nil || got.Len() != 0 {
		t.Errorf("of a target that was never saved: %d rows, %v", got.Len(), err)
	}
}

// TestOpenRowsLeavesEverythingAsItIs: nothing is made where nothing is, nothing
// stays behind, and what can't be read is neither mended nor set aside.
func TestOpenRowsLeavesEverythingAsItIs(t *testing.T) {
	damaged := slices.Repeat([]byte("no database "), 1000)
	tests := map[string]struct {
		file []byte // nil is none
		want error
	}{
		"no directory": {nil, fs.ErrNotExist},
		"empty":        {[]byte{}, fs.ErrNotExist},
		"damaged":      {damaged, ErrDamaged},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if test.file != nil {
				if err := errors.Join(os.Mkdir(dir+"/cache", 0o700), os.WriteFile(dir+"/cache/cache.db", test.file, 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			before := listFiles(t, dir)
			if _, err := OpenRows(t.Context(), dir+"/cache"); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			if after := listFiles(t, dir); !slices.Equal(after, before) {
				t.Errorf("there was %q, and now is %q", before, after)
			}
		})
	}
	t.Run("another schema", func(t *testing.T) {
		dir := t.TempDir()
		s := openForTest(t, dir)
		mustSave(t, s, fullSnapshot("prod", 3))
		if _, err := s.cache.file.db.ExecContext(t.Context(), "PRAGMA user_version = 99"); err != nil {
			t.Fatal(err)
		}
		s.Close()
		if r, err := OpenRows(t.Context(), dir+"/cache"); err == nil {
			t.Error("it was opened", r.Close())
		}
	})
	t.Run("whole", func(t *testing.T) {
		dir := t.TempDir()
		s := openForTest(t, dir)
		mustSave(t, s, fullSnapshot("prod", 3))
		s.Close()
		if err := os.RemoveAll(dir + "/state"); err != nil {
			t.Fatal(err)
		}
		before := listFiles(t, dir)
		r := openRowsForTest(t, dir)
		if found, err := r.Find(t.Context(), "prod", "", 10); err != nil || found.Len() != 3 {
			t.Errorf("%d rows, %v", found.Len(), err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if after := listFiles(t, dir); !slices.Equal(after, before) {
			t.Errorf("there was %q, and now is %q", before, after)
		}
	})
}

// TestFindRowsBesideAWriter: who answers the shell waits for no transaction.
func TestFindRowsBesideAWriter(t *testing.T) {
	dir := t.TempDir()
	s := openForTest(t, dir)
	mustSave(t, s, fullSnapshot("prod", 3))
	tx, err := s.cache.file.db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(t.Context(), "DELETE FROM items"); err != nil {
		t.Fatal(err)
	}
	found, err := openRowsForTest(t, dir).Find(t.Context(), "prod", "", 10)
	if err != nil || found.Len() != 3 {
		t.Errorf("%d rows, %v", found.Len(), err)
	}
}

// listFiles lists what is below dir, with the sizes of files.
func listFiles(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		size := int64(0)
		if !d.IsDir() {
			size = info.Size()
		}
		list = append(list, fmt.Sprint(path, " ", size))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// BenchmarkFindRows is what answers the shell: opening the file, and 100 rows of
// 10 000 that were all seen again.
func BenchmarkFindRows(b *testing.B) {
	dir := b.TempDir()
	s := openForTest(b, dir)
	saved := fullSnapshot("prod", 10_000)
	for _, next := range []*model.Snapshot{saved, saved.Merge(listing(saved, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)))} {
		if err := s.SaveSnapshot(b.Context(), next); err != nil {
			b.Fatal(err)
		}
	}
	s.Close()
	for _, prefix := range []string{"shop-frontend-001", "shop-frontend-098"} {
		b.Run(prefix, func(b *testing.B) {
			for b.Loop() {
				r, err := OpenRows(b.Context(), dir+"/cache")
				if err != nil {
					b.Fatal(err)
				}
				found, err := r.Find(b.Context(), "prod", prefix, 1000)
				if err != nil || found.Len() != 100 {
					b.Fatal(found.Len(), err)
				}
				r.Close()
			}
		})
	}
}
