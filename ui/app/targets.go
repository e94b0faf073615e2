package app

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend/poll"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/vaults"
)

// joinedMsg says that a target was opened while the screen runs.
type joinedMsg struct {
	target view.Target
	box    *poll.Mailbox
}

// Joined makes the message that a target was opened while the screen runs. It
// stands on the board from then on.
func Joined(target view.Target, box *poll.Mailbox) Message {
	return joinedMsg{target: target, box: box}
}

// Synced makes the message that what an account offers was read anew, beside the
// screen.
func Synced(target string) Message { return view.AccountSynced{Target: target} }

// joined takes a target in. Before the parts are open there is nothing to join.
func (m *Model) joined(msg joinedMsg) tea.Cmd {
	if m.parts == nil {
		return nil
	}
	parts := *m.parts
	parts.Targets = append(slices.Clone(parts.Targets), msg.target)
	parts.Boxes = append(slices.Clone(parts.Boxes), msg.box)
	m.parts = &parts
	m.s.Desk.Join(msg.target)
	m.s.Data.Join(msg.target.Info.Name)
	return tea.Batch(m.wait(len(parts.Boxes)-1), m.all(view.DataChanged{Target: msg.target.Info.Name}), m.s.Desk.ReadPassword(msg.target.Info.Name))
}

// showTargets is the action that opens the targets.
func (m *Model) showTargets() keys.Action {
	codes := func() []vaults.SignIn { return m.signIns.open }
	a := keys.Action{Def: keys.Targets, Run: func() tea.Cmd { return m.Open(vaults.NewList(m.ctx, m.s, m.book, codes)) }}
	if m.book == nil {
		a.Disabled = "this screen knows no configuration"
	}
	return a
}
