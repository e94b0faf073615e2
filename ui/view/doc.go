// Package view is what every screen of certty shares: the contract of a
// screen ([View]), what it may look at ([Data]), what it may do ([Desk]) and
// whom it asks for the rest ([Host]).
//
// One goroutine, Bubble Tea's, runs every Update and View. Screens do no input
// or output there and read no clock: they return commands that get values,
// never a screen, and the time arrives as a message. One package below this
// one is one screen.
package view
