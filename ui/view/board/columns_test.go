package board_test

import (
	"strings"
	"testing"

	"certty/model"
	"certty/ui/view/board"
	"certty/ui/view/viewtest"
)

// TestStatesInFull: beside the pane of 120 columns the states of orders can be read to their
// end, the longest one too.
func TestStatesInFull(t *testing.T) {
	s := viewtest.New(t)
	s.Account()
	s.Resize(82, 40) // what the pane leaves of 120
	s.Open(board.New(s.Session))
	s.Put(viewtest.OrderItem("7", "shop.example.com", func(it *model.Item) { viewtest.Uncertified(it, "Requested") }))
	s.Sees("waits: approval")
	s.Put(viewtest.OrderItem("8", "www.example.com", func(it *model.Item) {
		viewtest.Uncertified(it, "Applied")
		it.Order.Validation = &model.OrderValidation{Domains: []model.DomainValidation{{Domain: "www.example.com"}}}
	}))
	if !strings.Contains(s.Frame(), "waits: validation") {
		t.Error(s.Frame())
	}
}

// TestNamesBeforeTheBar: at 80 columns an order's name is worth more than the bar
// of its life; beside the pane of 120 columns there is room for the bar.
func TestNamesBeforeTheBar(t *testing.T) {
	for _, tt := range []struct {
		width int
		sees  []string
		not   string
	}{
		{80, []string{"checkout.example.com ", " LEFT ", "waits: approval"}, "LIFE LEFT"},
		{82, []string{"LIFE LEFT", "waits: approval"}, "checkout.example.com "},
	} {
		s := viewtest.New(t)
		s.Account()
		s.Resize(tt.width, 24)
		s.Open(board.New(s.Session))
		s.Put(viewtest.OrderItem("7", "checkout.example.com", func(it *model.Item) { viewtest.Uncertified(it, "Requested") }))
		s.Sees(tt.sees...)
		if strings.Contains(s.Frame(), tt.not) {
			t.Errorf("%d columns show %q:\n%s", tt.width, tt.not, s.Frame())
		}
	}
}
