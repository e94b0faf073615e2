package store

import (
	"runtime"
	"testing"
	"time"
	"weak"

	"certty/model"
)

// TestWrittenRowsAreKnownAfterLoading: what another process wrote is not
// written again when a sweep sees it unchanged, and what differs is.
func TestWrittenRowsAreKnownAfterLoading(t *testing.T) {
	later := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	first := openForTest(t, dir)
	mustSave(t, first, fullSnapshot("prod", 100))
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	s := openForTest(t, dir)
	loaded := mustLoad(t, s, "prod")
	before := changes(t, s)
	seen := loaded.Merge(listing(loaded, later))
	mustSave(t, s, seen)
	if got := changes(t, s) - before; got != 2 {
		t.Errorf("wrote %d rows, want the target's and the sightings", got)
	}
	it := *seen.Get("shop-frontend-00007")
	it.Request = nil
	next := seen.Merge(model.Page{Fields: model.FieldRequest, AsOf: later.Add(time.Minute), Items: []model.Item{it}})
	before = changes(t, s)
	mustSave(t, s, next)
	if got := changes(t, s) - before; got != 2 {
		t.Errorf("wrote %d rows, want the target's and the one that changed", got)
	}
	requireEqual(t, mustLoad(t, s, "prod"), next)
}

// TestWhatWasWrittenIsFreed: a store does not hold the rows it wrote.
func TestWhatWasWrittenIsFreed(t *testing.T) {
	s := openForTest(t, t.TempDir())
	snapshot := fullSnapshot("prod", 10)
	mustSave(t, s, snapshot)
	row := weak.Make(snapshot.Get("shop-frontend-00003"))
	runtime.KeepAlive(snapshot)
	runtime.GC()
	if row.Value() != nil {
		t.Error("the row is held")
	}
}

// TestContentOfIsThatOfTheFile: the sum over an item is the one over its row.
func TestContentOfIsThatOfTheFile(t *testing.T) {
	var e encoder
	for name, change := range map[string]func(*model.Item){
		"full":     func(*model.Item) {},
		"no CSR":   func(it *model.Item) { it.Request.CSR = nil },
		"bare":     func(it *model.Item) { it.Request, it.Certificate = nil, model.Certificate{} },
		"deleted":  func(it *model.Item) { it.Deletion = &model.Deletion{At: it.ListedAt, SeenAt: it.ListedAt} },
		"a policy": func(it *model.Item) { it.Policy = &model.Policy{Subject: "CN=x"} },
	} {
		it := fullItem("prod", 1)
		full := contentOf(&e, &it)
		change(&it)
		got := contentOf(&e, &it)
		if _, stored, err := decodeItem("prod", appendItem(nil, &it)); err != nil || stored != got {
			t.Errorf("%s: %x in the file, %x of the item, %v", name, stored, got, err)
		}
		if (got == full) != (name == "full") {
			t.Errorf("%s: its sum is %x, that of the whole row %x", name, got, full)
		}
		was := got
		it.ListedAt, it.RequestReadAt, it.Missed = it.ListedAt.Add(time.Hour), time.Time{}, 1
		if got := contentOf(&e, &it); got != was {
			t.Errorf("%s: when it was read changes its sum", name)
		}
	}
}
