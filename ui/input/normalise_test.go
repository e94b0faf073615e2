package input

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

func TestNormalise(t *testing.T) {
	runes := func(s string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)} }
	tests := []struct {
		name string
		msg  tea.KeyMsg
		want []string
	}{
		{"one key", runes("j"), []string{"j"}},
		{"a repeated key", runes("jjj"), []string{"j", "j", "j"}},
		{"several keys", runes("jk"), []string{"[jk]"}},
		{"a paste stays one", tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("jj"), Paste: true}, []string{"[jj]"}},
		{"a named key", tea.KeyMsg{Type: tea.KeyUp}, []string{"up"}},
		{"alt", tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("xx"), Alt: true}, []string{"alt+x", "alt+x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Normalise(tt.msg)
			if len(got) != len(tt.want) {
				t.Fatalf("got %v, want %v", got, tt.want)
			}
			for i, m := range got {
				if m.String() != tt.want[i] {
					t.Errorf("message %d is %q, want %q", i, m, tt.want[i])
				}
			}
		})
	}
}
