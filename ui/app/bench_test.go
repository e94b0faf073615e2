package app

import (
	"fmt"
	"io"
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
			m := filled(b, n)
			keys := []tea.KeyMsg{{Type: tea.KeyDown}, {Type: tea.KeyDown}, {Type: tea.KeyUp}, {Type: tea.KeyPgDown}, {Type: tea.KeyPgUp}}
			i := 0
			for b.Loop() {
				m.Update(keys[i%len(keys)])
				_ = m.View()
				i++
			}
		})
	}
}

// BenchmarkFilterKey is one key typed into the filter.
func BenchmarkFilterKey(b *testing.B) {
	m := filled(b, 10_000)
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
