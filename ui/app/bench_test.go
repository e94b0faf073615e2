package app

import (
	"fmt"
	"io"
	"runtime"
	"strconv"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend/poll"
	"certty/model"
	"certty/ui/view"
)

// BenchmarkKey is one navigation key, Update and View together, on the whole
// screen. It must not depend on the number of rows.
func BenchmarkKey(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			navigate(b, filled(b, n))
		})
	}
	b.Run("10000 and 10000 orders", func(b *testing.B) { navigate(b, filledBoth(b, 10_000)) })
}

func navigate(b *testing.B, m *Model) {
	b.Helper()
	keys := []tea.KeyMsg{{Type: tea.KeyDown}, {Type: tea.KeyDown}, {Type: tea.KeyUp}, {Type: tea.KeyPgDown}, {Type: tea.KeyPgUp}}
	i := 0
	for b.Loop() {
		m.Update(keys[i%len(keys)])
		_ = m.View()
		i++
	}
}

// BenchmarkFilterKey is one key typed into the filter, over a vault's rows and
// over those of a vault and an account.
func BenchmarkFilterKey(b *testing.B) {
	b.Run("vault", func(b *testing.B) { filterKey(b, filled(b, 10_000)) })
	b.Run("vault and account", func(b *testing.B) { filterKey(b, filledBoth(b, 10_000)) })
}

func filterKey(b *testing.B, m *Model) {
	b.Helper()
	m.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("/")})
	keys := []tea.KeyMsg{{Type: tea.KeyRunes, Runes: []rune("9")}, {Type: tea.KeyBackspace}}
	i := 0
	for b.Loop() {
		m.Update(keys[i%2])
		_ = m.View()
		i++
	}
}

// BenchmarkNews is one changed row among 10 000, from the state to the frame.
func BenchmarkNews(b *testing.B) {
	m := filled(b, 10_000)
	snap := many(10_000)
	for b.Loop() {
		snap = snap.Merge(model.Page{Fields: model.FieldRequest, AsOf: noon, Items: []model.Item{{
			Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "row-000100"}, Request: &model.Request{ID: "1", Phase: model.PhaseCompleted},
		}}})
		m.s.Data.SetState("prod", poll.State{Snapshot: snap})
		m.all(view.DataChanged{Target: "prod"})
		_ = m.View()
	}
}

// BenchmarkOrderNews is one changed order among 10 000 beside as many
// certificates, from the state to the frame.
func BenchmarkOrderNews(b *testing.B) {
	m := filledBoth(b, 10_000)
	snap := manyOrders(10_000)
	for b.Loop() {
		snap = snap.Merge(model.Page{Fields: model.FieldOrder, AsOf: noon, Items: []model.Item{order(100, "Revoked")}})
		m.s.Data.SetState("acme", poll.State{Snapshot: snap})
		m.all(view.DataChanged{Target: "acme"})
		_ = m.View()
	}
}

// BenchmarkRowMemory reports what a row costs the board, beside the snapshot.
func BenchmarkRowMemory(b *testing.B) {
	const rows = 10_000
	for b.Loop() {
		m := filled(b, rows)
		_ = m.View()
		snap := manyOrders(rows)
		before := inUse()
		m.s.Data.SetState("acme", poll.State{Snapshot: snap})
		m.all(view.DataChanged{Target: "acme"})
		_ = m.View()
		b.ReportMetric(float64(inUse()-before)/rows, "B/row")
		runtime.KeepAlive(m)
		runtime.KeepAlive(snap)
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// filledBoth is a board of n certificates of a vault and n orders of an account.
func filledBoth(b *testing.B, n int) *Model {
	b.Helper()
	m := filled(b, n)
	m.s.Desk.Equip([]view.Target{{Poller: &idle{}}, {Poller: &idle{}}}, nil)
	m.s.Data.SetState("acme", poll.State{Snapshot: manyOrders(n)})
	m.all(view.DataChanged{Target: "acme"})
	return m
}

func manyOrders(n int) *model.Snapshot {
	items := make([]*model.Item, n)
	for i := range items {
		it := order(i, "Issued")
		items[i] = &it
	}
	return model.NewSnapshot("acme", items, noon)
}

// order is what a report tells of an order.
func order(i int, status string) model.Item {
	id := strconv.Itoa(100_000 + i)
	name := "host-" + id + ".example.com"
	return model.Item{
		Ref: model.Ref{Target: "acme", Kind: model.KindCertificate, Key: id},
		Order: &model.Order{
			ID: id, Status: status, Phase: model.ParseOrderPhase(status), CommonName: name, SANs: []string{name, "www." + name},
			OrganizationID: 10, Organization: "Example Trading Company", ProfileID: 101, Profile: "OV SSL", Term: 199,
			Issued: noon.Add(-100 * day), Expires: noon.Add(99 * day),
		},
		Certificate: model.Certificate{Issued: true, Enabled: true, Serial: id, NotBefore: noon.Add(-100 * day), NotAfter: noon.Add(99 * day)},
		ListedAt:    noon, RequestReadAt: noon,
	}
}

func filled(b *testing.B, n int) *Model {
	b.Helper()
	m := build(b.Context(), 120, 40, colored, io.Discard)
	m.s.Desk.Equip([]view.Target{{Poller: &idle{}}}, nil)
	m.s.Data.SetState("prod", poll.State{Snapshot: many(n)})
	m.all(view.DataChanged{Target: "prod"})
	return m
}

func many(n int) *model.Snapshot {
	items := make([]*model.Item, n)
	for i := range items {
		items[i] = item("prod", fmt.Sprintf("row-%06d", i), func(*model.Item) {})
	}
	return model.NewSnapshot("prod", items, noon)
}
