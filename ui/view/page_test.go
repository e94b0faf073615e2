package view_test

import (
	"errors"
	"slices"
	"testing"

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
