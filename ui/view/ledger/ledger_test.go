package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"certty/ui/keys"
	"certty/ui/view/ledger"
	"certty/ui/view/viewtest"
	"certty/ui/widget/table"
)

type line int

func (l line) ID() line { return l }

// Every size holds the list, its cursor and no more of the details than there
// is room for.
func TestLedger(t *testing.T) {
	s := viewtest.New(t)
	l := ledger.New[line](s.Session, "line", 2, "Nothing.", table.Column[line]{Title: "N", Min: 4, Ideal: 8, Cell: func(l line) string { return fmt.Sprint("line ", int(l)) }})
	l.SetSize(40, 12)
	if a := l.Copy("copy it", nil); a.Disabled != "no line is chosen" {
		t.Errorf("copying nothing is disabled by %q", a.Disabled)
	}
	if got := strings.Join(l.Lines("Lines", nil), "\n"); !strings.Contains(got, "Nothing.") {
		t.Errorf("empty:\n%s", got)
	}
	rows := make([]line, 50)
	for i := range rows {
		rows[i] = line(i)
	}
	l.SetRows(rows)
	for _, a := range l.Moves() {
		if a.ID == keys.Bottom.ID {
			a.Run()
		}
	}
	for _, w := range []int{1, 4, 20, 300} {
		for _, h := range []int{1, 3, 6, 7, 24, 100} {
			l.SetSize(w, h)
			lines := l.Lines("Lines", []string{"detail one", "detail two", "detail three"})
			text := strings.Join(lines, "\n")
			if len(lines) > h || strings.Contains(text, "three") || w == 20 && h >= 6 && (!strings.Contains(text, "line 49") || !strings.Contains(text, "two")) {
				t.Errorf("%dx%d:\n%s", w, h, text)
			}
			for _, text := range lines {
				if ansi.StringWidth(text) > w {
					t.Errorf("%dx%d: %q", w, h, text)
				}
			}
		}
	}
	l.Copy("copy it", func(l line) string { return fmt.Sprint(int(l)) }).Run()()
	if !strings.Contains(s.Copied.String(), "NDk=") {
		t.Errorf("copied %q, want 49 in base64", s.Copied.String())
	}
}
