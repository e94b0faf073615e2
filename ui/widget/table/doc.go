// Package table is a list of rows in columns that costs the same at a hundred
// and at a hundred thousand rows: only the rows of the window are drawn.
//
// Cursor and marks go by the rows' IDs, never by position. A refresh that adds,
// removes or reorders rows leaves the cursor on its row and the row on its line
// of the screen; a row that vanished hands the cursor to its neighbour. Column
// widths depend on the size of the table and on nothing else, so data that
// changes moves no column.
//
// The first cells of each line are markers: ">" is the cursor, "*" a mark. So
// the selection shows without any colour.
//
// A Table knows nothing of what it lists and nothing of Bubble Tea: it has
// methods to move, mark and draw, and whoever owns it calls them. It is not
// safe for use by several goroutines.
//
//	t := table.New[model.Ref](table.Options{Header: true, Ellipsis: "…"}, columns...)
//	t.SetSize(80, 20)
//	t.SetRows(rows)
//	t.Move(1)
//	fmt.Println(t.View())
package table
