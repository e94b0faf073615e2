package view_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/model/query"
	"certty/ui/view"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// random is an item of some state.
func random(r *rand.Rand, target, key string) *model.Item {
	it := &model.Item{Ref: model.Ref{Target: target, Kind: model.KindCertificate, Key: key}, ListedAt: noon, RequestReadAt: noon}
	life := time.Duration(1+r.IntN(300)) * day
	left := time.Duration(r.IntN(300)-20) * day
	it.Certificate = model.Certificate{
		Issued: r.IntN(4) > 0, Enabled: r.IntN(8) > 0, NotBefore: noon.Add(left - life), NotAfter: noon.Add(left),
		Created: noon.Add(-life), Updated: noon.Add(-time.Duration(r.IntN(5)) * day),
	}
	if r.IntN(3) == 0 {
		it.Request = &model.Request{ID: fmt.Sprint(r.IntN(100)), Phase: model.Phase(r.IntN(5)), Since: noon.Add(-time.Duration(r.IntN(72)) * time.Hour)}
	}
	if r.IntN(10) == 0 {
		it.Record = &model.Record{DeletedAt: noon}
	}
	return it
}

// TestNewsLeaveTheRowsAsIfMadeAnew: however rows change, come, go and are
// sorted, the rows are those of a Data that sees the end only.
func TestNewsLeaveTheRowsAsIfMadeAnew(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	now := noon
	data := view.NewData([]string{"prod", "test"}, now)
	held := map[string]map[string]*model.Item{"prod": {}, "test": {}}
	states := map[string]poll.State{}
	for step := range 400 {
		target := []string{"prod", "test"}[r.IntN(2)]
		for range 1 + r.IntN(4) {
			key := fmt.Sprintf("row-%02d", r.IntN(80))
			if r.IntN(6) == 0 {
				delete(held[target], key)
			} else {
				held[target][key] = random(r, target, key)
			}
		}
		if step%20 == 19 {
			// A sweep brings every row anew.
			for key, it := range held[target] {
				again := *it
				again.ListedAt = again.ListedAt.Add(time.Minute)
				held[target][key] = &again
			}
		}
		if step%50 == 49 {
			now = now.Add(7 * time.Hour)
			data.SetNow(now)
		}
		if step%30 == 29 {
			data.SetOrder(query.Order{Key: query.Keys()[r.IntN(len(query.Keys()))], Flip: r.IntN(2) == 0})
		}
		var items []*model.Item
		for _, it := range held[target] {
			items = append(items, it)
		}
		version, before := data.Version(), data.Rows()
		kept, handed := slices.Clone(before), values(before)
		states[target] = poll.State{Snapshot: model.NewSnapshot(target, items, noon)}
		data.SetState(target, states[target])
		if data.Version() == version && !slices.Equal(before, data.Rows()) {
			t.Fatalf("step %d: the rows changed and the version did not", step)
		}
		if !slices.Equal(before, kept) || !slices.Equal(values(before), handed) {
			t.Fatalf("step %d: the rows that were handed out changed", step)
		}

		fresh := view.NewData([]string{"prod", "test"}, now)
		fresh.SetOrder(data.Order())
		for name, state := range states {
			fresh.SetState(name, state)
		}
		same(t, step, data, fresh)
	}
}

// values are the rows themselves.
func values(rows []*view.Row) []view.Row {
	out := make([]view.Row, len(rows))
	for i, r := range rows {
		out[i] = *r
	}
	return out
}

// TestASweepWithoutNewsMakesItsOwnRowsOnly: the rows of other targets stay, those
// that were handed out stay as they were, and beside a row for each item nothing
// that counts is allocated.
func TestASweepWithoutNewsMakesItsOwnRowsOnly(t *testing.T) {
	const rows = 1000
	vault, account := stocked("prod", rows), stocked("acme", rows)
	data := view.NewData([]string{"prod", "acme"}, noon)
	data.SetState("prod", stateOf("prod", vault))
	data.SetState("acme", stateOf("acme", account))
	var texts []string
	for _, r := range data.Rows() {
		texts = append(texts, r.Text())
	}
	before := data.Rows()
	held := values(before)
	swept := [2]poll.State{stateOf("prod", copies(vault, 1, func(it *model.Item) { it.ListedAt = noon.Add(time.Minute) })), stateOf("prod", vault)}
	data.SetState("prod", swept[0])
	for i, r := range data.Rows() {
		switch was := before[i]; {
		case r.ID() != was.ID():
			t.Fatalf("row %d is %v, want %v", i, r.ID(), was.ID())
		case r.ID().Target == "acme" && r != was:
			t.Fatalf("%v was made anew", r.ID())
		case r.ID().Target == "prod" && (r == was || !r.Item.ListedAt.Equal(noon.Add(time.Minute))):
			t.Fatalf("%v was listed at %v", r.ID(), r.Item.ListedAt)
		}
	}
	if !slices.Equal(values(before), held) {
		t.Error("the rows that were handed out changed")
	}
	i := 0
	allocs := testing.AllocsPerRun(4, func() {
		i++
		data.SetState("prod", swept[i%2])
	})
	if allocs > rows+50 {
		t.Errorf("a sweep of %d rows allocates %v times", rows, allocs)
	}
	allocs = testing.AllocsPerRun(1, func() {
		for i, r := range data.Rows() {
			if r.Text() != texts[i] {
				t.Errorf("the text of %v is %q", r.ID(), r.Text())
			}
		}
	})
	if allocs > 0 {
		t.Errorf("texts were made anew: %v allocations", allocs)
	}
}

func same(t *testing.T, step int, got, want *view.Data) {
	t.Helper()
	if got.Counts() != want.Counts() {
		t.Fatalf("step %d: counted %+v, want %+v", step, got.Counts(), want.Counts())
	}
	a, b := slices.Concat(got.Rows(), got.Deleted()), slices.Concat(want.Rows(), want.Deleted())
	if len(got.Rows()) != len(want.Rows()) || len(a) != len(b) {
		t.Fatalf("step %d: %d rows, want %d", step, len(a), len(b))
	}
	for i := range a {
		if a[i].Item != b[i].Item || a[i].Status != b[i].Status {
			t.Fatalf("step %d: row %d is %v %+v, want %v %+v", step, i, a[i].ID(), a[i].Status, b[i].ID(), b[i].Status)
		}
		if row, ok := got.Row(a[i].ID()); !ok || row.Item != a[i].Item || row.Status != a[i].Status {
			t.Fatalf("step %d: %v is found as %+v", step, a[i].ID(), row)
		}
	}
}

func TestQuietNewsChangeNoRow(t *testing.T) {
	data := view.NewData([]string{"prod"}, noon)
	it := random(rand.New(rand.NewPCG(3, 4)), "prod", "a")
	data.SetState("prod", poll.State{Snapshot: model.NewSnapshot("prod", []*model.Item{it}, noon)})
	version, rows := data.Version(), data.Rows()
	text := rows[0].Text()
	data.SetState("prod", poll.State{Snapshot: model.NewSnapshot("prod", []*model.Item{it}, noon.Add(time.Minute)), Loading: true})
	if data.Version() != version || &data.Rows()[0] != &rows[0] {
		t.Error("rows were made although no item changed")
	}
	data.SetNow(noon.Add(time.Minute))
	if got := data.Rows()[0].Text(); got != text || data.Version() == version {
		t.Errorf("after a minute the text is %q and the version %d", got, data.Version())
	}
}

func TestUnknownRow(t *testing.T) {
	data := view.NewData([]string{"prod"}, noon)
	if _, ok := data.Row(model.Ref{Target: "prod", Key: "a"}); ok {
		t.Error("a row was found where nothing is known")
	}
	data.SetState("prod", poll.State{Snapshot: model.NewSnapshot("prod", nil, noon)})
	if _, ok := data.Row(model.Ref{Target: "prod", Key: "a"}); ok {
		t.Error("a row was found that is not there")
	}
	// A target that was added later.
	data.SetState("more", poll.State{Snapshot: model.NewSnapshot("more", nil, noon)})
	if got := data.Targets(); !slices.Equal(got, []string{"prod", "more"}) {
		t.Errorf("the targets are %v", got)
	}
}

func TestStale(t *testing.T) {
	swept := func(ago time.Duration) *model.Snapshot { return model.NewSnapshot("prod", nil, noon.Add(-ago)) }
	for _, tt := range []struct {
		state poll.State
		want  string
	}{
		{poll.State{Snapshot: swept(0)}, ""},
		{poll.State{Snapshot: swept(3 * time.Minute)}, ""},
		{poll.State{Snapshot: swept(4 * time.Minute)}, "old"},
		{poll.State{Snapshot: swept(20 * time.Hour).WithLook(noon.Add(-time.Minute))}, ""}, // an account is listed once a day
		{poll.State{Snapshot: swept(20 * time.Hour).WithLook(noon.Add(-time.Hour))}, "old"},
		{poll.State{Snapshot: swept(0), Err: &backend.Error{Kind: backend.KindNetwork}}, ""},
		{poll.State{Snapshot: swept(time.Hour), Err: &backend.Error{Kind: backend.KindNetwork}}, "old"},
		{poll.State{Snapshot: swept(0), Err: &backend.Error{Kind: backend.KindAuth}, Latched: true}, "login refused"},
		{poll.State{Snapshot: model.NewSnapshot("prod", nil, time.Time{}), Loading: true}, ""},
	} {
		data := view.NewData([]string{"prod"}, noon)
		data.SetState("prod", tt.state)
		if got := data.Stale("prod", time.Minute); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.state, got, tt.want)
		}
	}
}

// TestDeletedHere: an order that was deleted here is on no list but its own,
// counts nowhere, is found by its ref, and comes back.
func TestDeletedHere(t *testing.T) {
	order := func(id string, deleted bool) *model.Item {
		it := &model.Item{Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: id}, Order: &model.Order{ID: id, CommonName: "pay", Status: "Rejected", Phase: model.OrderRejected}, Record: &model.Record{}}
		if deleted {
			it.Record.DeletedAt = noon
		}
		return it
	}
	var items []*model.Item
	for i := range 20 {
		items = append(items, order(fmt.Sprintf("%02d", i), false))
	}
	data := view.NewData([]string{"prod"}, noon)
	put := func() { data.SetState("prod", poll.State{Snapshot: model.NewSnapshot("prod", items, noon)}) }
	put()
	for _, step := range []struct {
		name    string
		deleted bool
		rest    int
	}{{"shown", false, 20}, {"deleted", true, 19}, {"restored", false, 20}, {"deleted again", true, 19}} {
		items = slices.Clone(items)
		items[7] = order("07", step.deleted)
		for _, anew := range []bool{false, true} {
			if anew {
				data.SetNow(noon) // makes every row anew
			} else {
				put()
			}
			if len(data.Rows()) != step.rest || len(data.Deleted()) != 20-step.rest || data.Counts().Total != step.rest || data.Counts().Failed != step.rest {
				t.Errorf("%s, anew %t: %d rows, %d deleted, %+v", step.name, anew, len(data.Rows()), len(data.Deleted()), data.Counts())
			}
		}
		if row, ok := data.Row(items[7].Ref); !ok || row.Item != items[7] || data.Name(items[7].Ref) != "pay" {
			t.Errorf("%s: the row is not found", step.name)
		}
	}
}
