package bulk

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// choice asks which way to go where rows stand in both states. What is chosen
// is asked about before anything is sent.
type choice struct {
	s    *view.Session
	ways []way
	n    []int
	pick func(Job) tea.Cmd
	at   int
	w, h int
}

func (v *choice) Init() tea.Cmd          { return nil }
func (v *choice) SetSize(w, h int)       { v.w, v.h = w, h }
func (v *choice) Capturing() bool        { return true }
func (v *choice) Actions() []keys.Action { return nil }

func (v *choice) Update(msg tea.Msg) tea.Cmd {
	key, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	switch key.String() {
	case "esc", "q":
		v.s.Host.Close(v)
	case "up", "k", "down", "j", "tab":
		v.at = (v.at + 1) % len(v.ways)
	case "enter":
		return v.choose(v.at)
	default:
		for i, w := range v.ways {
			if w.key == key.String() {
				return v.choose(i)
			}
		}
	}
	return nil
}

func (v *choice) choose(i int) tea.Cmd {
	v.s.Host.Close(v)
	return v.pick(v.ways[i].job)
}

func (v *choice) View() []string {
	t := v.s.Theme
	var lines []string
	for i, w := range v.ways {
		marker, name := "  ", w.job.heading(v.n[i])
		if i == v.at {
			marker, name = "> ", t.Paint(theme.Selected, name)
		}
		lines = append(lines, marker+t.Paint(theme.Key, w.key)+"  "+name)
	}
	lines = append(lines, "", t.Paint(theme.Faint, fmt.Sprintf("%d marked rows; nothing is sent before you confirm", v.total())))
	return box.Frame(t, "Which of them", lines, min(v.w, 60), v.h)
}

// total counts the rows of every way.
func (v *choice) total() int {
	sum := 0
	for _, n := range v.n {
		sum += n
	}
	return sum
}
