// Package detail shows one row in full: what it is, what its state means, what
// to do next and who has to, and everything that was seen of it.
//
// The same lines serve the pane beside the board ([Lines]) and the screen of
// its own ([View]).
package detail
