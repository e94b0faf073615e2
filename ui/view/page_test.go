package view_test

import (
	"errors"
	"slices"
	"testing"

	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
)

func TestPage(t *testing.T) {
	p := view.Page{Theme: theme.New(theme.Options{}), Width: 12}
	p.Add(theme.Text, "one two three four")
	p.Add(theme.Text, "")
	if want := []string{"one two", "three four", ""}; !slices.Equal(p.Lines, want) {
		t.Errorf("the lines are %q, want %q", p.Lines, want)
	}
	p = view.Page{Theme: p.Theme, Width: 80}
	p.AddUnread(errors.New("odd\x1b[2J"))
	if want := []string{`Not read. odd\x1b[2J Look at the log for details.`, `odd\x1b[2J`}; !slices.Equal(p.Lines, want) {
		t.Errorf("the lines are %q, want %q", p.Lines, want)
	}
}

// TestScrolling: the text moves by lines and by what fits the card, and not
// above its begin.
func TestScrolling(t *testing.T) {
	top := 0
	var got []int
	run := func(id string) {
		for _, a := range view.Scrolling(&top, 20) {
			if a.ID == id {
				a.Run()
			}
		}
		got = append(got, top)
	}
	for _, id := range []string{keys.Up.ID, keys.Down.ID, keys.PageDown.ID, keys.PageUp.ID, keys.PageUp.ID} {
		run(id)
	}
	if want := []int{0, 1, 19, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("the first lines are %v, want %v", got, want)
	}
}
