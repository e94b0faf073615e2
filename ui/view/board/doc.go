// Package board is the first screen: every certificate and request of every
// target in one list, the most urgent first, with what has to be done next and
// by whom. Beside it, where there is room, stands the row in full.
//
// A refresh never moves the cursor, the scroll position or a column: cursor and
// marks go by Ref.
package board
