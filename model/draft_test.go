package model_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"certty/model"
)

// TestDraft: pages merged into one draft make the same snapshot as pages merged
// into snapshots, and every snapshot given out stays as it was.
func TestDraft(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	d := model.NewSnapshot("prod", nil, time.Time{}).Draft()
	s := d.Snapshot()
	var given []*model.Snapshot
	var copies [][]*model.Item
	for i := range 300 {
		p := list(at(i))
		for range random.IntN(6) {
			p.Items = append(p.Items, entry(fmt.Sprintf("row-%02d", random.IntN(60)), fmt.Sprint(i)))
		}
		s = s.Merge(p)
		turns, _ := d.Merge(p)
		for _, turn := range turns {
			if d.Get(turn.Is.Ref.Key) != turn.Is || turn.Was == turn.Is {
				t.Fatalf("turn %+v is not what the draft holds", turn)
			}
		}
		if i%3 == 0 {
			given = append(given, d.Snapshot())
			copies = append(copies, slices.Clone(d.Items()))
		}
		same := slices.EqualFunc(s.Items(), d.Items(), func(a, b *model.Item) bool {
			return a.Ref == b.Ref && a.Certificate.Thumbprint == b.Certificate.Thumbprint && a.ListedAt.Equal(b.ListedAt)
		})
		if !same {
			t.Fatalf("after page %d:\n%v\n%v", i, keys(s), keys(d.Snapshot()))
		}
		if !slices.IsSorted(keys(s)) {
			t.Fatalf("after page %d: %v", i, keys(s))
		}
	}
	for i, snapshot := range given {
		if !slices.Equal(snapshot.Items(), copies[i]) {
			t.Errorf("snapshot %d changed after it was given out", i)
		}
	}
	last := d.Snapshot()
	if again := d.Snapshot(); again != last {
		t.Error("two snapshots of an unchanged draft differ")
	}
}
