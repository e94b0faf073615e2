package table

import (
	"fmt"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
)

func golds() []cert {
	return []cert{
		{1, "failed", "api-eu", ""},
		{2, "waits: merge", "shop-example-com", "15%"},
		{3, "waits: approval", "a-very-long-name-that-does-not-fit-anywhere.example.com", ""},
		{4, "valid", "証明書-社内-東京-大阪-名古屋", "65%"},
		{5, "valid", "ca\u0301fe-cre\u0300me.example.com", "45%"},
		{6, "expired", "🔐-vault-👩🏽‍💻-team", "0%"},
		{7, "disabled", "", "30%"},
	}
}

func TestGolden(t *testing.T) {
	for _, w := range []int{120, 80, 40} {
		t.Run(fmt.Sprintf("%d wide", w), func(t *testing.T) {
			tb := newTable(w, 10, golds())
			tb.SetCursor(2)
			tb.ToggleMark()
			tb.Move(2)
			tb.ToggleMark()
			tb.Move(1)
			golden.RequireEqual(t, tb.View())
		})
	}
	t.Run("empty", func(t *testing.T) {
		golden.RequireEqual(t, newTable(40, 4, nil).View())
	})
	t.Run("ASCII, scrolled", func(t *testing.T) {
		tb := New[int](Options{Header: true}, testColumns()...)
		tb.SetSize(40, 4)
		tb.SetRows(golds())
		tb.Page(1)
		golden.RequireEqual(t, tb.View())
	})
}
