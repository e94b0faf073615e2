package ask

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/view"
	"certty/ui/widget/confirm"
)

// Overwrite asks before the file at path, a clean text, is replaced by what.
func Overwrite(s *view.Session, path, what string, do func() tea.Cmd) *View {
	return New(s, confirm.Question{
		Title: "The file exists", Lines: []string{path, "", "It is replaced by " + what + "."},
		Yes: "Replace", No: "Back",
	}, do)
}
