package board

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view/act"
	"certty/ui/view/bulk"
	"certty/ui/widget/toast"
)

// marks are the actions that set marks.
func (v *View) marks(none string) []keys.Action {
	do := func(def keys.Def, mark func()) keys.Action {
		return keys.Action{Def: def, Disabled: none, Run: func() tea.Cmd {
			mark()
			v.moved = true
			v.watch()
			return v.show()
		}}
	}
	return []keys.Action{
		do(keys.Mark, func() { v.table.ToggleMark(); v.table.Move(1) }),
		do(keys.MarkRange, v.table.MarkRange),
		do(keys.MarkAll, v.table.MarkAll),
	}
}

// onMarked turns the row's actions that can be done to many into those on the
// marked rows.
func (v *View) onMarked(actions []keys.Action) []keys.Action {
	n := v.table.MarkCount()
	if n == 0 {
		return actions
	}
	var marked []keys.Action
	var rest []keys.Action
	for _, a := range actions {
		job, ok := bulk.JobFor(a.ID)
		switch {
		case !ok:
			rest = append(rest, a)
			continue
		case !slices.ContainsFunc(v.markedIn, func(name string) bool { return act.Has(v.s.Desk.Target(name), a.ID) }):
			// The row under the cursor is not what is meant now.
			a.Disabled, a.Elsewhere = "no row of that kind is marked", true
			rest = append(rest, a)
			continue
		}
		a.Help, a.Long, a.Hint = job.Short(n), job.Long, job.Hint
		a.Disabled, a.Elsewhere = "", false
		a.Run = func() tea.Cmd { return bulk.Open(v.s, job, v.markedTargets(), v.unmark) }
		marked = append(marked, a)
	}
	// What can be done to marked rows comes first: an action that rows of another
	// kind have may have the same key.
	return append(marked, rest...)
}

// markedTargets are the marked rows, those that the filter hides first: they
// are the ones nobody sees before they are changed.
func (v *View) markedTargets() []bulk.Target {
	marked := v.table.Marked()
	listed := len(marked) - v.table.HiddenMarks()
	out := make([]bulk.Target, 0, len(marked))
	for _, ref := range marked[listed:] {
		out = append(out, bulk.Target{Ref: ref, Hidden: true})
	}
	for _, ref := range marked[:listed] {
		out = append(out, bulk.Target{Ref: ref})
	}
	return out
}

// unmark takes the mark of a row away that was done.
func (v *View) unmark(ref model.Ref) {
	v.table.RetainMarks(func(r model.Ref) bool { return r != ref })
}

// refreshMarked has the marked rows read at once.
func (v *View) refreshMarked() tea.Cmd {
	marked := v.table.Marked()
	for _, ref := range marked {
		v.s.Desk.Look(ref)
	}
	return v.s.Host.Toast(toast.Info, fmt.Sprintf("%d marked rows are read again", len(marked)))
}

// retainMarks forgets the marks of rows that are known no more.
func (v *View) retainMarks() {
	if v.table.MarkCount() == 0 {
		return
	}
	v.table.RetainMarks(func(ref model.Ref) bool {
		row, ok := v.s.Data.Row(ref)
		return ok && (!row.Item.Hidden() || v.filter.active().Deleted())
	})
}

// marksWords say how many rows are marked, and how many of them nobody sees.
func (v *View) marksWords() string {
	n, hidden := v.table.MarkCount(), v.table.HiddenMarks()
	switch {
	case n == 0:
		return ""
	case hidden == 0:
		return fmt.Sprintf("%d marked", n)
	default:
		return v.s.Theme.Paint(theme.Warn, fmt.Sprintf("%d marked, %d hidden by the filter", n, hidden))
	}
}
