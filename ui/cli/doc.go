// Package cli is the command line of certty and the commands that need no
// screen. It imports no Bubble Tea: what shows the screen is handed in by main.
//
// Data goes to standard output, words for people to standard error. Exit codes:
// 0 done, 1 failed, 2 wrong usage or configuration, 128 and the signal's number when a signal
// ended it.
package cli
