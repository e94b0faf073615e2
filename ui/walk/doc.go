// Package walk holds tests only: they drive the finished program in a terminal,
// by keystrokes, as a person does, and look at the screen and at what the
// server then holds.
package walk
