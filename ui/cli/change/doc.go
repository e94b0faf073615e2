// Package change is the commands that change certificates in a vault: everything
// that the screen can do with one, from asking for it to purging it.
//
// Start reading at Commands. A command says what it would do (a command.Change),
// and package command asks, sends, reads again and reports, the same for all. What
// a state allows is decided in package model, what a change does is said by
// model/effect; here stands neither. The commands that only read a certificate are
// in ui/cli/certificate.
package change
