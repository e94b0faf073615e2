package app

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/theme"
	"certty/ui/view/vaults"
)

// SignIn makes the message that a person has to sign in elsewhere, with a code.
func SignIn(in vaults.SignIn) Message { return in }

// SignInEnded makes the message that the sign-in of that ID needs nobody any
// more.
func SignInEnded(id uint64) Message { return vaults.SignInEnded{ID: id} }

// signIns are the sign-ins under way. The zero value has none.
type signIns struct {
	open []vaults.SignIn
	// unshown are those whose card waits until nobody types.
	unshown []vaults.SignIn
}

// end forgets a sign-in.
func (s *signIns) end(id uint64) {
	is := func(in vaults.SignIn) bool { return in.ID == id }
	s.open, s.unshown = slices.DeleteFunc(s.open, is), slices.DeleteFunc(s.unshown, is)
}

// of reports whether a sign-in to target is under way.
func (s *signIns) of(target string) bool {
	return slices.ContainsFunc(s.open, func(in vaults.SignIn) bool { return in.Target == target })
}

// signIn shows a sign-in behind those that are shown already. Where keys are
// text its card waits: it would take them from who is typing, unless that person
// asked for it.
func (m *Model) signIn(in vaults.SignIn) tea.Cmd {
	m.signIns.open = append(m.signIns.open, in)
	for _, v := range m.stack {
		if prompt, ok := v.(*vaults.Prompt); ok {
			prompt.Add(in)
			return nil
		}
	}
	if in.Asked {
		return m.Open(vaults.NewPrompt(m.s, in))
	}
	m.signIns.unshown = append(m.signIns.unshown, in)
	return nil
}

// showSignIns opens the card of what waits, once nobody types any more.
func (m *Model) showSignIns() tea.Cmd {
	waits := m.signIns.unshown
	if len(waits) == 0 || m.top().Capturing() {
		return nil
	}
	m.signIns.unshown = nil
	prompt := vaults.NewPrompt(m.s, waits[0])
	for _, in := range waits[1:] {
		prompt.Add(in)
	}
	return m.Open(prompt)
}

// waitingSignIns says in the status line that a card waits; "" when none does.
func (m *Model) waitingSignIns() string {
	if len(m.signIns.unshown) == 0 {
		return ""
	}
	names := make([]string, len(m.signIns.unshown))
	for i, in := range m.signIns.unshown {
		names[i] = in.Target
	}
	t := m.s.Theme
	return t.Paint(theme.Warn, t.Glyphs.Warn+" sign-in waits: "+strings.Join(names, ", ")+"; the code is shown when you leave this")
}
