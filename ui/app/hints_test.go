package app

import (
	"strings"
	"testing"
)

// hintLine is the last line of the screen.
func (s *screen) hintLine() string {
	lines := strings.Split(s.View(), "\n")
	return lines[len(lines)-1]
}

// TestHints: what the row needs stands first, the way out last, and the help is
// named on every width: in the header, or beside the way out.
func TestHints(t *testing.T) {
	for _, tt := range []struct {
		w          int
		row, keys  string
		begin, end string
	}{
		{80, "shop-example-com", "", "m merge", "? help  q quit"},
		{80, "api-eu", "", "⏎ open", "? help  q quit"},
		{120, "shop-example-com", "", "m merge", "q quit"},
		{80, "shop-example-com", "enter", "m merge", "? help  esc back"},
		{minWidth, "shop-example-com", "enter", "m merge", "? help  esc back"},
		{80, "shop-example-com", "/", "⏎ keep  esc clear", "age>3d"},
	} {
		bubble(t, func(t *testing.T) {
			s := open(t, tt.w, 24, plain)
			s.on(tt.row)
			if tt.keys != "" {
				s.press(tt.keys)
			}
			got := strings.TrimSpace(s.hintLine())
			if !strings.HasPrefix(got, tt.begin) || !strings.HasSuffix(got, tt.end) {
				t.Errorf("%d columns, %s %s: %q, want %q … %q", tt.w, tt.row, tt.keys, got, tt.begin, tt.end)
			}
			if header := s.View()[:200]; tt.w >= wide && !strings.Contains(header, "? help") {
				t.Errorf("the header does not name the help: %q", header)
			}
		})
	}
}
