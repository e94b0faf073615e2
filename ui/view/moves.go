package view

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
)

// Mover is what has a cursor: a table.
type Mover interface {
	Move(step int)
	Page(step int)
	HalfPage(step int)
	Home()
	End()
}

// Moves are the actions that move a list's cursor. after follows each move; nil
// follows with nothing.
func Moves(list Mover, after func() tea.Cmd) []keys.Action {
	move := func(def keys.Def, step func()) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd {
			step()
			if after == nil {
				return nil
			}
			return after()
		}}
	}
	return []keys.Action{
		move(keys.Up, func() { list.Move(-1) }), move(keys.Down, func() { list.Move(1) }),
		move(keys.PageUp, func() { list.Page(-1) }), move(keys.PageDown, func() { list.Page(1) }),
		move(keys.HalfUp, func() { list.HalfPage(-1) }), move(keys.HalfDown, func() { list.HalfPage(1) }),
		move(keys.Top, list.Home), move(keys.Bottom, list.End),
	}
}
