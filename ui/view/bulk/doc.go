// Package bulk does one thing to many rows.
//
// [Open] asks first: it lists every row, those that nobody sees on the board at
// the time before the others, and those that it can't be done to with the
// reason; the number has to be typed, and a word with it where it can't be taken
// back. Then a screen of its own shows one line a row and how it went, while at
// most four calls run at a time. A row that fails stops no other; a target that
// refuses the login gets no further call, one that throttles none for as long as
// it asks. Rows that were refused can be asked for again, alone; what has no
// answer is never sent twice.
package bulk
