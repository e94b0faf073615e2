package store

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"certty/model"
)

func requireEqual(t *testing.T, got, want *model.Snapshot) {
	t.Helper()
	if got.Target() != want.Target() || !got.SweptAt().Equal(want.SweptAt()) {
		t.Errorf("snapshot of %s swept %v, want %s swept %v", got.Target(), got.SweptAt(), want.Target(), want.SweptAt())
	}
	if got.Len() != want.Len() {
		t.Fatalf("%d items, want %d", got.Len(), want.Len())
	}
	for i, it := range got.Items() {
		other := *want.Items()[i]
		other.ListedAt = want.ListedAt(want.Items()[i])
		if !reflect.DeepEqual(*it, other) {
			t.Fatalf("item %d:\n got %+v\nwant %+v", i, *it, other)
		}
	}
}

// changes counts the rows that SQLite wrote so far over the cache's connection.
func changes(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.cache.file.db.QueryRowContext(t.Context(), "SELECT total_changes()").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSnapshotComesBack(t *testing.T) {
	dir := t.TempDir()
	s := openForTest(t, dir)
	want := fullSnapshot("prod", 100)
	mustSave(t, s, want)
	mustSave(t, s, fullSnapshot("test", 3))
	requireEqual(t, mustLoad(t, s, "prod"), want)
	s.Close()
	requireEqual(t, mustLoad(t, openForTest(t, dir), "prod"), want)
}

// TestRowsOfEveryNumberComeBack: rows are written many at a time, and what is
// left of them one by one.
func TestRowsOfEveryNumberComeBack(t *testing.T) {
	dir := t.TempDir()
	s := openForTest(t, dir)
	numbers := []int{0, 1, rowsAtOnce - 1, rowsAtOnce, rowsAtOnce + 1, 2 * rowsAtOnce, 2*rowsAtOnce + 2}
	for _, n := range numbers {
		mustSave(t, s, fullSnapshot(fmt.Sprint(n), n))
	}
	s.Close()
	s = openForTest(t, dir)
	for _, n := range numbers {
		requireEqual(t, mustLoad(t, s, fmt.Sprint(n)), fullSnapshot(fmt.Sprint(n), n))
	}
}

func TestUnknownTargetIsAnEmptySnapshot(t *testing.T) {
	s := openForTest(t, t.TempDir())
	got := mustLoad(t, s, "prod")
	requireEqual(t, got, model.NewSnapshot("prod", nil, time.Time{}))
}

func TestSaveWritesOnlyWhatDiffers(t *testing.T) {
	news := func(i int, subject string) model.Item {
		it := fullItem("prod", i)
		it.Certificate.Subject = subject
		return it
	}
	later := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	first := fullSnapshot("prod", 100)
	tests := map[string]struct {
		next *model.Snapshot
		rows int // written, the target's own row included
	}{
		"nothing":       {first, 0},
		"one changed":   {first.Merge(model.Page{Fields: model.FieldListing, AsOf: later, Items: []model.Item{news(7, "CN=x")}}), 2},
		"one new":       {first.Merge(model.Page{Fields: model.FieldListing, AsOf: later, Items: []model.Item{news(700, "CN=x")}}), 2},
		"one seen":      {first.Merge(model.Page{Fields: model.FieldListing, AsOf: later, Items: []model.Item{fullItem("prod", 7)}}), 2},
		"all seen":      {first.Merge(listing(first, later)), 2},
		"swept":         {first.Merge(model.Page{Summary: &model.Summary{Complete: true, Started: first.SweptAt().Add(-24 * 365 * time.Hour)}}), 1},
		"none is there": {model.NewSnapshot("prod", nil, later), 101},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := openForTest(t, t.TempDir())
			mustSave(t, s, first)
			before := changes(t, s)
			mustSave(t, s, test.next)
			if got := changes(t, s) - before; got != test.rows {
				t.Errorf("wrote %d rows, want %d", got, test.rows)
			}
			requireEqual(t, mustLoad(t, s, "prod"), test.next)
		})
	}
}

// A sweep in which everything was seen again, then news of one row, then
// another sweep: the row's own and the common sightings take turns in being
// the newer ones. It makes no difference whether items were kept.
func TestSightingsAndRowsTakeTurns(t *testing.T) {
	for name, keep := range map[string]bool{"made anew": false, "kept": true} {
		t.Run(name, func(t *testing.T) { sightingsAndRows(t, keep) })
	}
}

func sightingsAndRows(t *testing.T, keep bool) {
	dir := t.TempDir()
	// Another one reads, so that this one goes on from what it wrote.
	s, other := openForTest(t, dir), openForTest(t, dir)
	at := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	first := fullSnapshot("prod", 60)
	mustSave(t, s, first)
	d := first.Draft()
	if keep {
		d.KeepUnchanged()
	}
	for step := range 4 {
		for _, rows := range []int{60, 3} { // all and a few
			at = at.Add(time.Minute)
			page := listing(first, at)
			page.Items = page.Items[:rows]
			d.Merge(page)
			before := changes(t, s)
			mustSave(t, s, d.Snapshot())
			if n := changes(t, s) - before; n > 1+3 {
				t.Errorf("%d rows written where %d were seen again", n, rows)
			}
			requireEqual(t, mustLoad(t, other, "prod"), d.Snapshot())
		}

		at = at.Add(time.Minute)
		it := fullItem("prod", 10+step)
		it.Request.Status = fmt.Sprint("step ", step)
		d.Merge(model.Page{Fields: model.FieldRequest, AsOf: at, Items: []model.Item{it}})
		// Listed once more before it is written.
		at = at.Add(time.Minute)
		d.Merge(model.Page{Fields: model.FieldListing, AsOf: at, Items: []model.Item{it}})
		mustSave(t, s, d.Snapshot())
		requireEqual(t, mustLoad(t, other, "prod"), d.Snapshot())
	}
	if kept := d.Get("shop-frontend-00030") == first.Get("shop-frontend-00030"); kept != keep {
		t.Errorf("kept: %t", kept)
	}
	s.Close()
	requireEqual(t, mustLoad(t, openForTest(t, dir), "prod"), d.Snapshot())
}

func TestRowOfAnotherEncodingIsLeftOutAndWrittenAgain(t *testing.T) {
	s := openForTest(t, t.TempDir())
	want := fullSnapshot("prod", 10)
	mustSave(t, s, want)
	const spoil = "UPDATE items SET value = x'ff00' WHERE key = (SELECT min(key) FROM items)"
	if _, err := s.cache.file.db.ExecContext(t.Context(), spoil); err != nil {
		t.Fatal(err)
	}
	loaded := mustLoad(t, s, "prod")
	if loaded.Len() != 9 {
		t.Fatalf("loaded %d rows, want the 9 readable ones", loaded.Len())
	}
	mustSave(t, s, want)
	requireEqual(t, mustLoad(t, s, "prod"), want)
}
