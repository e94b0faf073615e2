// Package cli is the command line of certty: it brings the commands of the packages
// below it together, and says how the program ends. It imports no Bubble Tea: what
// shows the screen is handed in by main.
//
// Start reading at [App]. Data goes to standard output, words for people to standard
// error. The exit codes are those of [command.ExitCodes]; a signal that ends the
// program gives 128 and its number.
package cli
