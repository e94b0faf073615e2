package app

import (
	"slices"
	"strings"
	"testing"

	"certty/backend/poll"
	"certty/model"
)

// names are the rows on the board, from the top.
func (s *screen) names() string {
	var out []string
	for _, line := range strings.Split(s.View(), "\n")[3:] {
		words := strings.Fields(line)
		for _, target := range []string{"prod", "test"} {
			if i := slices.Index(words, target); i > 1 {
				out = append(out, words[i-1])
			}
		}
	}
	return strings.Join(out, " ")
}

func TestFilterKeepsTheLastGoodOne(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "name:api", ` "-u`)
		s.sees("at 10: this quote is not closed")
		if got := s.names(); got != "api-eu api-us" {
			t.Errorf("listed: %s", got)
		}
		s.press("enter") // not while it is wrong
		s.sees(`filter: name:api "-u`)
		s.press(`s"`, "enter")
		s.sees("1 of 11", `filter: name:api "-us"`)
		s.press("esc")
		s.sees("11 of 11", "filter: none")
	})
}

func TestFilterHistory(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "api", "enter", "esc", "/", "state:waits", "enter", "esc", "/", "draft", "up")
		s.sees("filter: state:waits")
		s.press("up", "up")
		s.sees("filter: api", "2/11")
		s.press("down", "down")
		s.sees("filter: draft")
		s.press("up", "enter")
		s.sees("1 of 11")
	})
}

// TestFilterFindsARow: the row that a filter led to stays under the cursor when
// the filter goes.
func TestFilterFindsARow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "vpn", "enter", "esc")
		if line := cursorLine(s.View()); !strings.Contains(line, " vpn-gw ") {
			t.Errorf("the cursor is on %q", line)
		}
		s.sees("filter: none")
	})
}

func TestFilterByBackspace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "api", "-us")
		s.sees("1/11")
		s.press("backspace", "backspace")
		s.sees("2/11")
		// News while it is typed are filtered as well.
		more := model.Page{Fields: model.FieldListing, AsOf: noon.Add(1), Items: []model.Item{*item("prod", "api-new", func(*model.Item) {})}}
		s.run(s.state(stateMsg{index: 0, state: poll.State{Snapshot: prod().Merge(more)}}))
		s.sees("3/12")
		s.press("backspace", "backspace", "backspace", "backspace")
		s.sees("12/12")
	})
}

func TestSortKeepsTheCursorAndTheOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.on("vpn-gw")
		s.press("S", "n")
		s.sees("sorted by name ↑", "NAME↑")
		if got := s.names(); !strings.HasPrefix(got, "api-eu api-us intranet kept-name") {
			t.Errorf("listed: %s", got)
		}
		if got := cursorLine(s.View()); !strings.Contains(got, "vpn-gw") {
			t.Errorf("the cursor moved to %q", got)
		}
		s.press("S", "n")
		s.sees("sorted by name ↓", "NAME↓")
		s.press("S", "l")
		s.sees("sorted by life left ↑", "LIFE LEFT↑")
		// News come where they belong, and a filter leaves the order.
		s.press("/", "api", "enter")
		if got := s.names(); got != "api-us api-eu" {
			t.Errorf("listed: %s", got)
		}
	})
}
