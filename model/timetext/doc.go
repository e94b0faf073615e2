// Package timetext says times in words, for screens and commands alike: how long a
// span is, when something was or will be, which day a date is. It reads no clock:
// now is an argument.
package timetext
