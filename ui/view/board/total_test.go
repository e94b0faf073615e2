package board_test

import (
	"strings"
	"testing"

	"certty/model"
	"certty/ui/view/board"
	"certty/ui/view/viewtest"
)

// TestTotalOfTheDeleted: those that were deleted here are counted among themselves;
// they are none of the others.
func TestTotalOfTheDeleted(t *testing.T) {
	s := viewtest.New(t)
	s.Account()
	b := board.New(s.Session)
	s.Open(b)
	items := []*model.Item{viewtest.OrderItem("1", "kept.example.com", nil)}
	for _, id := range []string{"7", "8"} {
		items = append(items, viewtest.OrderItem(id, "gone.example.com", func(it *model.Item) {
			it.Record = &model.Record{Key: id, Step: model.StepPlaced, DeletedAt: viewtest.Noon}
		}))
	}
	s.Put(items...)
	if got := b.Status(); !strings.HasPrefix(got, "1 of 1 ") {
		t.Errorf("all: %s", got)
	}
	s.Press("/", "is:deleted-here")
	if got := b.Status(); !strings.Contains(got, "2/2") {
		t.Errorf("while it is typed: %s", got)
	}
	s.Press("enter")
	if got := b.Status(); !strings.HasPrefix(got, "2 of 2 ") {
		t.Errorf("those that were deleted here: %s", got)
	}
}
