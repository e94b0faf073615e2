package table

import (
	"cmp"
	"slices"
)

// ToggleMark marks the row under the cursor, or takes its mark away. A range
// then begins there.
func (t *Table[K, R]) ToggleMark() {
	r, ok := t.Cursor()
	if !ok {
		return
	}
	id := r.ID()
	t.anchor = &id
	if _, marked := t.marks[id]; marked {
		delete(t.marks, id)
		return
	}
	t.mark(id)
}

// MarkRange marks every row from where a mark was last toggled to the cursor.
// If that row is not listed, only the one under the cursor is marked.
func (t *Table[K, R]) MarkRange() {
	if len(t.rows) == 0 {
		return
	}
	from := t.cursor
	if t.anchor != nil {
		if i := t.find(*t.anchor); i >= 0 {
			from = i
		}
	}
	for _, r := range t.rows[min(from, t.cursor) : max(from, t.cursor)+1] {
		t.mark(r.ID())
	}
	id := t.rows[t.cursor].ID()
	t.anchor = &id
}

// MarkAll marks every listed row, and none that a filter hides.
func (t *Table[K, R]) MarkAll() {
	for _, r := range t.rows {
		t.mark(r.ID())
	}
}

// ClearMarks takes all marks away, those of hidden rows too.
func (t *Table[K, R]) ClearMarks() {
	clear(t.marks)
	t.hidden, t.anchor = 0, nil
}

// RetainMarks takes away the marks for which keep is false. The table can't tell
// a row that a filter hides from one that is gone for good; its owner can.
func (t *Table[K, R]) RetainMarks(keep func(K) bool) {
	for id := range t.marks {
		if !keep(id) {
			delete(t.marks, id)
		}
	}
	t.countHidden()
}

// IsMarked reports whether a row is marked, listed or not.
func (t *Table[K, R]) IsMarked(id K) bool {
	_, ok := t.marks[id]
	return ok
}

// Marked are the marked rows' IDs: those listed in their order, then the hidden
// ones in the order in which they were marked.
func (t *Table[K, R]) Marked() []K {
	if len(t.marks) == 0 {
		return nil
	}
	out := make([]K, 0, len(t.marks))
	for _, r := range t.rows {
		if id := r.ID(); t.IsMarked(id) {
			out = append(out, id)
		}
	}
	if t.hidden == 0 {
		return out
	}
	return append(out, t.hiddenIDs(out)...)
}

// MarkCount is the number of marks, hidden ones included.
func (t *Table[K, R]) MarkCount() int { return len(t.marks) }

// HiddenMarks is the number of marks whose rows are not listed now. An action on
// the marks must say so before it runs.
func (t *Table[K, R]) HiddenMarks() int { return t.hidden }

func (t *Table[K, R]) mark(id K) {
	if _, ok := t.marks[id]; !ok {
		t.marked++
		t.marks[id] = t.marked
	}
}

func (t *Table[K, R]) hiddenIDs(listed []K) []K {
	seen := make(map[K]bool, len(listed))
	for _, id := range listed {
		seen[id] = true
	}
	out := make([]K, 0, t.hidden)
	for id := range t.marks {
		if !seen[id] {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b K) int { return cmp.Compare(t.marks[a], t.marks[b]) })
	return out
}

func (t *Table[K, R]) countHidden() {
	t.hidden = len(t.marks)
	if t.hidden == 0 {
		return
	}
	for _, r := range t.rows {
		if t.IsMarked(r.ID()) {
			t.hidden--
		}
	}
}
