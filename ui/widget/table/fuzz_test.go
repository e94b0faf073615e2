package table

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// FuzzView draws tables of any size with any rows, after any moves: as many
// lines of as many cells as asked for.
func FuzzView(f *testing.F) {
	f.Add(80, 24, "shop-example-com", uint64(1))
	f.Add(1, 1, "証明書", uint64(2))
	f.Add(3, 2, "e\u0301", uint64(3))
	f.Add(40, 12, "👩🏽‍💻🇩🇪", uint64(4))
	f.Add(300, 100, "a\nb\x1b[31mc\x00", uint64(5))
	f.Add(12, 5, "\u200d\u0600\u0301", uint64(6))
	f.Fuzz(func(t *testing.T, w, h int, text string, seed uint64) {
		w, h = 1+abs(w)%300, 1+abs(h)%100
		rnd := rand.New(rand.NewPCG(seed, 1))
		tb := newTable(w, h, nil)
		for range 8 {
			rows := numbered(rnd.IntN(50), rnd.IntN(60))
			for i := range rows {
				if rnd.IntN(2) == 0 {
					cut := rnd.IntN(len(text) + 1)
					rows[i].name, rows[i].state, rows[i].days = text[cut:], text[:cut], text
				}
			}
			rnd.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			tb.SetRows(rows)
			step(tb, rnd)
			checkFrame(t, tb, w, h)
		}
	})
}

func step(tb *Table[int, cert], rnd *rand.Rand) {
	switch rnd.IntN(9) {
	case 0:
		tb.Move(rnd.IntN(200) - 100)
	case 1:
		tb.Page(rnd.IntN(5) - 2)
	case 2:
		tb.HalfPage(rnd.IntN(5) - 2)
	case 3:
		tb.End()
	case 4:
		tb.Home()
	case 5:
		tb.ToggleMark()
	case 6:
		tb.MarkRange()
	case 7:
		tb.SetCursor(rnd.IntN(100))
	case 8:
		tb.MarkAll()
	}
}

func checkFrame(t *testing.T, tb *Table[int, cert], w, h int) {
	t.Helper()
	lines := strings.Split(tb.View(), "\n")
	if len(lines) != h {
		t.Fatalf("%d lines, want %d", len(lines), h)
	}
	cursors := 0
	for _, l := range lines {
		if got := ansi.StringWidth(l); got != w {
			t.Fatalf("%d cells, want %d: %q", got, w, l)
		}
		if strings.HasPrefix(l, ">") {
			cursors++
		}
	}
	if want := min(1, tb.Len()); cursors != want {
		t.Fatalf("%d cursors, want %d:\n%s", cursors, want, tb.View())
	}
	if tb.HiddenMarks() < 0 || tb.HiddenMarks() > tb.MarkCount() || len(tb.Marked()) != tb.MarkCount() {
		t.Fatalf("%d marks, %d hidden, %d listed", tb.MarkCount(), tb.HiddenMarks(), len(tb.Marked()))
	}
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}
