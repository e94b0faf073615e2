package input

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"
)

// Normalise mends a key message of a host that does not read through a
// [Reader], such as Windows or an SSH session. Bubble Tea v1 reports the runes
// of one read as a single key. Several identical runes are a repeated key and
// become that many messages. Anything else of several runes can't be told from
// a paste and becomes one message with Paste set, which no binding matches and
// text fields take as text. All other messages come back as they are.
func Normalise(msg tea.KeyMsg) []tea.KeyMsg {
	if msg.Type != tea.KeyRunes || msg.Paste || len(msg.Runes) < 2 {
		return []tea.KeyMsg{msg}
	}
	first := msg.Runes[0]
	if slices.ContainsFunc(msg.Runes, func(r rune) bool { return r != first }) {
		msg.Paste = true
		return []tea.KeyMsg{msg}
	}
	one := msg
	one.Runes = msg.Runes[:1:1]
	return slices.Repeat([]tea.KeyMsg{one}, len(msg.Runes))
}
