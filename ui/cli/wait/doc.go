// Package wait is the command that waits for a request or an order: it looks at the
// row, as often as its service asks for, until it stands as a person wants it, or
// can't any more.
//
// Start reading at waiter.run. What a row's state is, package model decides.
package wait
