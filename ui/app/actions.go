package app

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/activity"
	"certty/ui/view/help"
	"certty/ui/view/logs"
	"certty/ui/view/palette"
)

// actions are what the keys do now.
func (m *Model) actions() []keys.Action { return m.actionsOf(m.top()) }

// actionsOf are a view's actions, and the global ones: help and palette
// everywhere, what leaves the board only where nothing covers it.
func (m *Model) actionsOf(v view.View) []keys.Action {
	actions := v.Actions()
	if _, helping := v.(*help.View); helping {
		return actions
	}
	actions = append(actions,
		keys.Action{Def: keys.Help, Run: m.help},
		keys.Action{Def: keys.Palette, Run: m.palette},
		keys.Action{Def: keys.Redraw, Run: m.redraw},
		m.goToShell(),
	)
	if v != view.View(m.base) {
		return actions
	}
	return append(actions, m.showTargets(), m.showActivity(), m.showLog(), m.toggleMouse(),
		keys.Action{Def: keys.Quit, Run: func() tea.Cmd { return m.quit(false) }})
}

// goToShell is the action that suspends the program; its key works anywhere.
func (m *Model) goToShell() keys.Action {
	return keys.Action{Def: keys.Suspend, Disabled: m.noSuspend, Run: func() tea.Cmd { return m.suspend }}
}

func (m *Model) help() tea.Cmd { return m.Open(help.New(m.s, m.actions())) }

// palette offers the actions of the view that it is opened over.
func (m *Model) palette() tea.Cmd {
	under := m.top()
	return m.Open(palette.New(m.s, func() []keys.Action { return m.actionsOf(under) }))
}

func (m *Model) showActivity() keys.Action {
	a := keys.Action{Def: keys.Activity, Run: func() tea.Cmd { return m.Open(activity.New(m.ctx, m.s)) }}
	if m.s.Journal == nil {
		a.Disabled = "the journal is not open yet"
	}
	return a
}

func (m *Model) showLog() keys.Action {
	a := keys.Action{Def: keys.Log, Run: func() tea.Cmd { return m.Open(logs.New(m.s, m.log)) }}
	if m.log == nil {
		a.Disabled = "nothing keeps the log of this screen"
	}
	return a
}
