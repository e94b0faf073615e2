package model_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"certty/model"
)

// exact is every item of a snapshot with the time at which a list held it last.
func exact(s *model.Snapshot) []model.Item {
	var out []model.Item
	for it, listed := range s.Listings() {
		one := *it
		one.ListedAt = listed.UTC()
		out = append(out, one)
	}
	return out
}

// randomPage is news of some kind, of rows whose lists mostly tell the same.
func randomPage(random *rand.Rand, step int) model.Page {
	// Answers overtake each other.
	p := model.Page{AsOf: at(step - random.IntN(3))}
	names := func(most int) []string {
		var out []string
		for range random.IntN(most) {
			out = append(out, fmt.Sprintf("row-%02d", random.IntN(30)))
		}
		return out
	}
	one := func(name string) model.Item {
		it := entry(name, fmt.Sprint(1+random.IntN(12)/11))
		it.Certificate.Issued = name > "row-03"
		return it
	}
	switch random.IntN(8) {
	case 0:
		p.Fields = model.FieldDeleted
		for _, name := range names(3) {
			it := one(name)
			it.Deletion = &model.Deletion{At: p.AsOf, Purged: random.IntN(3) == 0}
			p.Items = append(p.Items, it)
		}
	case 1:
		p.Fields = model.FieldRequest
		for _, name := range names(3) {
			it := one(name)
			if random.IntN(2) == 0 {
				it.Request = &model.Request{ID: fmt.Sprint(random.IntN(3)), Phase: model.Phase(random.IntN(5))}
			}
			p.Items = append(p.Items, it)
		}
	case 2:
		p.Fields = model.FieldCertificate | model.FieldPolicy
		for _, name := range names(3) {
			p.Items = append(p.Items, one(name))
		}
	case 3:
		p.Fields = model.FieldRecord
		for _, name := range names(3) {
			it := one(name)
			if random.IntN(2) == 0 {
				it.Record = &model.Record{Step: model.StepPlaced}
			}
			p.Items = append(p.Items, it)
		}
	default:
		p.Fields = model.FieldListing
		for _, name := range names(20) {
			p.Items = append(p.Items, one(name))
		}
		if random.IntN(3) == 0 {
			p.Summary = &model.Summary{Started: p.AsOf.Add(-90 * time.Second), Complete: random.IntN(3) > 0}
		}
	}
	return p
}

// TestKeptItemsSayTheSame: a draft that keeps what did not change tells of every
// row, of every event and of when each row was listed what one tells that makes
// every item anew, and the snapshots that it gave out stay as they were.
func TestKeptItemsSayTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	anew, keeping := model.NewSnapshot("prod", nil, time.Time{}).Draft(), model.NewSnapshot("prod", nil, time.Time{}).Draft()
	keeping.KeepUnchanged()
	var given []*model.Snapshot
	var copies [][]model.Item
	kept := 0
	for step := range 3000 {
		p := randomPage(random, step)
		before := keeping.Snapshot()
		_, want := anew.Merge(p)
		turns, got := keeping.Merge(p)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("page %d told %+v, want %+v", step, got, want)
		}
		for _, turn := range turns {
			if turn.Is != keeping.Get(turn.Is.Ref.Key) {
				t.Fatalf("page %d: %v is not what the draft holds", step, turn.Is.Ref)
			}
			if turn.Is == turn.Was {
				kept++
			}
		}
		a, b := exact(anew.Snapshot()), exact(keeping.Snapshot())
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("after page %d:\n%+v\n%+v", step, a, b)
		}
		for _, it := range keeping.Items() {
			if !keeping.Snapshot().ListedAt(it).Equal(anew.Snapshot().ListedAt(anew.Get(it.Ref.Key))) {
				t.Fatalf("after page %d %v was listed at %v", step, it.Ref, keeping.Snapshot().ListedAt(it))
			}
			if status := it.Status(p.AsOf); status != anew.Get(it.Ref.Key).Status(p.AsOf) {
				t.Fatalf("after page %d %v is %+v", step, it.Ref, status)
			}
		}
		if step%50 == 0 {
			given, copies = append(given, before), append(copies, exact(before))
		}
		if step%500 == 499 { // another one goes on
			keeping = keeping.Snapshot().WithoutPurged().Draft()
			keeping.KeepUnchanged()
			anew = anew.Snapshot().WithoutPurged().Draft()
		}
	}
	for i, s := range given {
		if !reflect.DeepEqual(exact(s), copies[i]) {
			t.Errorf("snapshot %d changed after it was given out", i)
		}
	}
	if kept < 1000 {
		t.Errorf("only %d items were kept", kept)
	}
}

// TestASweepWithoutNewsKeepsEveryItem: and says of each when it was listed.
func TestASweepWithoutNewsKeepsEveryItem(t *testing.T) {
	d := model.NewSnapshot("prod", nil, time.Time{}).Draft()
	d.KeepUnchanged()
	var items []model.Item
	for i := range 100 {
		items = append(items, entry(fmt.Sprintf("row-%03d", i), "1"))
	}
	d.Merge(sweep(at(0), true, items...))
	first := d.Snapshot()
	d.Merge(sweep(at(2), true, items...))
	second := d.Snapshot()
	if !slices.Equal(first.Items(), second.Items()) {
		t.Error("items were made anew")
	}
	for _, it := range second.Items() {
		if !first.ListedAt(it).Equal(at(1)) || !second.ListedAt(it).Equal(at(3)) {
			t.Fatalf("%v was listed at %v and %v", it.Ref, first.ListedAt(it), second.ListedAt(it))
		}
	}
	page := list(at(5), items[:25]...)
	if n := testing.AllocsPerRun(10, func() {
		page.AsOf = page.AsOf.Add(time.Minute)
		d.Merge(page)
	}); n > 10 {
		t.Errorf("a page without news allocates %v times", n)
	}

	// What a list does not hold was listed when one held it last.
	for i := 10; i < 14; i += 2 {
		d.Merge(sweep(at(i+20), true, items[1:]...))
	}
	gone := d.Get("row-000")
	if !gone.Vanished() || !gone.ListedAt.Equal(page.AsOf) || !d.Snapshot().ListedAt(gone).Equal(page.AsOf) {
		t.Errorf("%d times missed, listed at %v", gone.Missed, gone.ListedAt)
	}
	stranger := entry("row-001", "9")
	stranger.ListedAt = at(-7)
	if got := d.Snapshot().ListedAt(&stranger); !got.Equal(at(-7)) {
		t.Errorf("an item of another snapshot was listed at %v", got)
	}
}

// TestReadAt: the whole is known as of the last listing or, after one, of the last
// look at what changed.
func TestReadAt(t *testing.T) {
	for _, tt := range []struct{ swept, looked, want time.Time }{
		{time.Time{}, time.Time{}, time.Time{}},
		{time.Time{}, at(5), time.Time{}}, // changes alone are not the whole
		{at(1), time.Time{}, at(1)},
		{at(1), at(5), at(5)},
		{at(7), at(5), at(7)},
	} {
		s := model.NewSnapshot("acme", nil, tt.swept).WithLook(tt.looked)
		if got := s.ReadAt(); !got.Equal(tt.want) {
			t.Errorf("%+v: read at %v", tt, got)
		}
	}

	d := merge(sweep(at(0), true, entry("a", "1"))).Draft()
	before := d.Snapshot()
	d.Looked(at(3))
	after := d.Snapshot()
	if !before.ReadAt().Equal(at(0)) || !after.ReadAt().Equal(at(3)) || after.Get("a") != before.Get("a") {
		t.Errorf("read at %v, then at %v", before.ReadAt(), after.ReadAt())
	}
	d.Merge(list(at(4), entry("a", "2")))
	if after.Get("a").Certificate.Thumbprint != "1" || !d.Snapshot().ReadAt().Equal(at(3)) {
		t.Error("the snapshot changed after it was given out")
	}
}
