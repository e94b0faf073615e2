package keys

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// Def is one action as registered.
type Def struct {
	// ID names it for ever: in the configuration and in documents.
	ID string
	// Keys are the default keys, as Bubble Tea spells them; the first is shown.
	Keys []string
	// Help is a verb or two for the hint line.
	Help string
	// Long says what it does, for the help and the documents.
	Long string
	// Tag groups actions in the help.
	Tag string
	// Dangerous marks what changes something outside this machine.
	Dangerous bool
	// Hint is the rank in the hint line, 1 first; 0 stays out of it.
	Hint int
}

// Matches reports whether the key message is one of the action's keys.
func (d Def) Matches(msg tea.KeyMsg) bool { return slices.Contains(d.Keys, msg.String()) }

// Label is the first key as a person reads it.
func (d Def) Label() string {
	if len(d.Keys) == 0 {
		return ""
	}
	return Label(d.Keys[0])
}

// Label spells a key for a person.
func Label(key string) string {
	switch key {
	case " ":
		return "space"
	case "enter":
		return "⏎"
	}
	return key
}

// Action is a Def with what it means at this moment.
type Action struct {
	Def
	// Disabled is why it can't be done now; "" when it can.
	Disabled string
	// Elsewhere is true when it is disabled because only rows of another kind
	// have it. The help names such actions in one line.
	Elsewhere bool
	// Run does it. It is called on the screen's goroutine.
	Run func() tea.Cmd
}

// Find returns the first action that the key belongs to.
func Find(actions []Action, msg tea.KeyMsg) (Action, bool) {
	i := slices.IndexFunc(actions, func(a Action) bool { return a.Matches(msg) })
	if i < 0 {
		return Action{}, false
	}
	return actions[i], true
}

// Hints are the enabled actions that belong on the hint line, by rank. What
// [Find] does not give for its key, because another action has it, does not.
func Hints(actions []Action) []Action {
	var hints []Action
	taken := map[string]bool{}
	for _, a := range actions {
		if a.Hint > 0 && a.Disabled == "" && len(a.Keys) > 0 && !taken[a.Keys[0]] {
			hints = append(hints, a)
		}
		for _, key := range a.Keys {
			taken[key] = true
		}
	}
	slices.SortStableFunc(hints, func(a, b Action) int { return a.Hint - b.Hint })
	return hints
}

// Markdown is the reference of every action, as docs/keys.md holds it.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# Keys\n\nGenerated from the action registry in `ui/keys`; do not edit. Actions marked ! change something outside this machine and are confirmed first.\n")
	tag := ""
	for _, d := range All() {
		if d.Tag != tag {
			tag = d.Tag
			b.WriteString("\n## " + tag + "\n\n| keys | action | what it does |\n|-|-|-|\n")
		}
		var labels []string
		for _, k := range d.Keys {
			labels = append(labels, "`"+strings.ReplaceAll(Label(k), "|", "\\|")+"`")
		}
		danger := ""
		if d.Dangerous {
			danger = " !"
		}
		b.WriteString("| " + strings.Join(labels, " ") + " | " + d.ID + danger + " | " + d.Long + " |\n")
	}
	return b.String()
}
