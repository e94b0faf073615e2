package table

import (
	"fmt"
	"testing"
)

var sizes = []int{100, 1_000, 10_000, 100_000}

func benchTable(n int) *Table[int, cert] {
	tb := newTable(120, 36, numbered(0, n))
	paint := func(s string) string { return "\x1b[32m" + s + "\x1b[39m" }
	cols := testColumns()
	cols[0].Style = func(cert) Style { return paint }
	tb.SetColumns(cols...)
	tb.SetStyles(Styles{Cursor: paint, Header: paint})
	return tb
}

// BenchmarkKey is one navigation key: move and draw.
func BenchmarkKey(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			tb := benchTable(n)
			tb.SetCursor(n / 2)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				tb.Move(1 - 2*(i/50%2))
				_ = tb.View()
			}
		})
	}
}

// BenchmarkKeyWide is BenchmarkKey where every name has to be measured.
func BenchmarkKeyWide(b *testing.B) {
	rows := numbered(0, 1_000)
	for i := range rows {
		rows[i].name = "証明書-社内-" + rows[i].name
	}
	tb := benchTable(0)
	tb.SetRows(rows)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		tb.Move(1 - 2*(i/50%2))
		_ = tb.View()
	}
}

// BenchmarkRefresh replaces all rows by others with one more on top, and draws.
func BenchmarkRefresh(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			tb := benchTable(n)
			tb.SetCursor(n / 2)
			tb.ToggleMark()
			one, other := numbered(0, n), append(numbered(n, 1), numbered(0, n)...)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if i%2 == 0 {
					tb.SetRows(other)
				} else {
					tb.SetRows(one)
				}
				_ = tb.View()
			}
		})
	}
}
