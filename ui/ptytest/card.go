//go:build unix

package ptytest

import (
	"fmt"
	"strings"
	"unicode"
)

// Card is what stands in the frame whose title begins so, without white space;
// "" where there is none, or where it is not drawn to its end. Texts from outside,
// as the path of a folder, move every line end in a card, so whoever looks for a
// sentence leaves the blanks aside ([Screen.CardSays]).
func (s Screen) Card(title string) string {
	for y, line := range s.Lines {
		before, rest, ok := strings.Cut(line, "┌─ "+title)
		if !ok {
			continue
		}
		left := len([]rune(before))
		right := left + len([]rune("┌─ "+title)) + len([]rune(strings.SplitAfter(rest, "┐")[0])) - 1
		var b strings.Builder
		for _, below := range s.Lines[y+1:] {
			cells := []rune(below)
			if right >= len(cells) {
				return ""
			}
			switch cells[left] {
			case '└':
				return b.String()
			case '│':
				b.WriteString(unspaced(string(cells[left+1 : right])))
			default:
				return ""
			}
		}
	}
	return ""
}

// CardSays reports whether every text stands in the card of that title, wherever
// its lines end.
func (s Screen) CardSays(title string, texts ...string) bool {
	card := s.Card(title)
	if card == "" {
		return false
	}
	for _, text := range texts {
		if !strings.Contains(card, unspaced(text)) {
			return false
		}
	}
	return true
}

// WaitCard waits until the card of that title stands whole and says every text.
func (t *Terminal) WaitCard(title string, texts ...string) Screen {
	t.tb.Helper()
	return t.WaitFor(fmt.Sprintf("the card %q with %q", title, texts), func(s Screen) bool { return s.CardSays(title, texts...) })
}

func unspaced(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}
