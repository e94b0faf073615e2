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

// TestSameTagsAreHeldOnce: a sweep that brings nothing new leaves the values of
// the rows where they are, so that only one of them stays in memory.
func TestSameTagsAreHeldOnce(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	listing := func(i int, tags map[string]string) model.Page {
		return model.Page{Fields: model.FieldListing, AsOf: at.Add(time.Duration(i) * time.Minute), Items: []model.Item{{
			Ref:         model.Ref{Target: "v", Kind: model.KindCertificate, Key: "a"},
			Certificate: model.Certificate{Issued: true, Thumbprint: "ab", Tags: tags},
		}}}
	}
	d := model.NewSnapshot("v", nil, time.Time{}).Draft()
	held := func() uintptr { return reflect.ValueOf(d.Get("a").Certificate.Tags).Pointer() }
	d.Merge(listing(0, map[string]string{"team": "web"}))
	first := held()
	d.Merge(listing(1, map[string]string{"team": "web"}))
	if held() != first {
		t.Error("equal tags took the place of those that were known")
	}
	d.Merge(listing(2, map[string]string{"team": "shop"}))
	if got := d.Get("a").Certificate.Tags["team"]; got != "shop" {
		t.Errorf("changed tags became %q", got)
	}
}
