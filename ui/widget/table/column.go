package table

// Align says on which side a cell's text stands.
type Align uint8

// The alignments.
const (
	Left Align = iota
	Right
)

// Column is one column of rows of type R.
type Column[R any] struct {
	Title string
	// Min is the width in cells below which the column is not shown, Ideal the
	// width that it gets where there is room.
	Min, Ideal int
	// Flexible columns share what is left beyond every Ideal, each up to Max; 0
	// means without end. What they don't take stays blank at the end of the line.
	Flexible bool
	Max      int
	// Priority decides who stays on a narrow table: the column of the lowest
	// priority is hidden first; of equals, the one further right. Room up to
	// Ideal is given to the highest first.
	Priority int
	// Unless is the title of another column; while that one is shown this one
	// is not. It is for a short form that takes the place of a long one.
	Unless string
	Align  Align
	// Cell is the row's text: plain, on one line, cleaned already.
	Cell func(R) string
	// Style paints the cell; nil, and a nil result, paint nothing.
	Style func(R) Style
}

// slot is a shown column.
type slot struct {
	col   int
	width int
}

// layout chooses the columns that fit into avail cells, and their widths.
func layout[R any](cols []Column[R], avail, gap int) []slot {
	shown := choose(cols, avail, gap)
	slots := make([]slot, 0, len(cols))
	room := avail
	for i, on := range shown {
		if !on {
			continue
		}
		if len(slots) > 0 {
			room -= gap
		}
		// Only the last column left can be wider than the table.
		width := min(max(0, cols[i].Min), max(0, room))
		slots = append(slots, slot{col: i, width: width})
		room -= width
	}
	room = growToIdeal(cols, slots, max(0, room))
	growFlexible(cols, slots, room)
	return slots
}

// choose hides columns until the rest fits.
func choose[R any](cols []Column[R], avail, gap int) []bool {
	shown := make([]bool, len(cols))
	given := make([]bool, len(cols)) // was hidden for want of room
	for {
		need, count, last := -gap, 0, -1
		for i, c := range cols {
			shown[i] = !given[i] && !stands(cols, given, c.Unless)
			if !shown[i] {
				continue
			}
			need += gap + max(0, c.Min)
			count++
			if last < 0 || c.Priority <= cols[last].Priority {
				last = i
			}
		}
		if need <= avail || count <= 1 {
			return shown
		}
		given[last] = true
	}
}

// stands reports whether the column of that title was not hidden for want of
// room.
func stands[R any](cols []Column[R], given []bool, title string) bool {
	if title == "" {
		return false
	}
	for i, c := range cols {
		if c.Title == title && !given[i] {
			return true
		}
	}
	return false
}

// growToIdeal gives room to the columns in order of priority and returns what is
// left.
func growToIdeal[R any](cols []Column[R], slots []slot, room int) int {
	done := make([]bool, len(slots))
	for range slots {
		best := -1
		for i, s := range slots {
			if !done[i] && (best < 0 || cols[s.col].Priority > cols[slots[best].col].Priority) {
				best = i
			}
		}
		done[best] = true
		more := min(room, max(0, cols[slots[best].col].Ideal-slots[best].width))
		slots[best].width += more
		room -= more
	}
	return room
}

// growFlexible shares room among the flexible columns.
func growFlexible[R any](cols []Column[R], slots []slot, room int) {
	var flexible []int
	for i, s := range slots {
		if cols[s.col].Flexible {
			flexible = append(flexible, i)
		}
	}
	for n, i := range flexible {
		share := room / (len(flexible) - n)
		if most := cols[slots[i].col].Max; most > 0 {
			share = min(share, max(0, most-slots[i].width))
		}
		slots[i].width += share
		room -= share
	}
}
