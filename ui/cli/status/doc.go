// Package status is the command that shows the board without a screen: one look
// at every target, by the board's own rules, in a form that a program can read;
// and the command that prints the schema of that form.
//
// Start reading at New, then at job, which looks, and view, which is what is
// printed of a look. What is said on standard error is in remarks.go, how the
// command ends in ending.go, and --watch in watch.go (lines for programs) and
// screen.go (a table that is drawn again).
package status
