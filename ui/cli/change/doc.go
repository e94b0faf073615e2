// Package change is the commands for certificates in a vault: everything that the
// screen can do with one, and what only reads: its CSR, its versions, a download,
// waiting for a request, the journal.
//
// Start reading at Commands: a command that changes something says
// what it would do (a command.Change), and package command asks, sends, reads again
// and reports, the same for all. What a state allows is decided in package model,
// what a change does is said by model/effect; here stands neither.
package change
