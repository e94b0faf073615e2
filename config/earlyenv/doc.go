// Package earlyenv keeps Bubble Tea v1 from talking to the terminal before
// main runs.
//
// Bubble Tea v1 calls lipgloss.HasDarkBackground from its package
// initialisation. That writes two queries to the terminal (OSC 11 and a cursor
// position report) and waits up to five seconds for the answer. A program that
// merely links Bubble Tea pays this on every start, for --version too, and an
// answer that comes late is read as keys.
//
// termenv asks nothing where TERM is "dumb". So this package remembers TERM and
// sets it to "dumb" while it is initialised, and [Restore], the first line of
// main, puts it back. Colours are not affected: the colour profile is found
// when the first style is rendered, after Restore.
//
// The trick rests on the order of initialisation. The Go specification
// initialises packages sorted by import path, each as soon as its imports are
// done (since Go 1.21). This package imports os and nothing else, so it is
// ready before anything that imports unicode, and Lip Gloss, termenv and Bubble
// Tea all do. Another import here would break that; a test keeps it so.
package earlyenv
