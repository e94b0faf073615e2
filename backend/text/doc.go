// Package text makes text from outside safe to show: names, subjects, tags,
// error messages and whatever else a service, a proxy or a certificate says.
//
// A terminal obeys control sequences wherever they stand, so a certificate's
// subject may move the cursor, set the clipboard (OSC 52), or ask the terminal
// to answer into the keyboard's input. Text is therefore cleaned exactly once,
// at the place where it is decoded, and everything behind that place (screen,
// commands, logs, file names) may rely on it.
//
// Nothing is dropped silently: what can't be shown as it is becomes a visible
// escape in Go's notation, so that a person sees that somebody tried.
//
//   - [Clean] gives one line and shows line breaks as \n.
//   - [Flat] gives one line and turns line breaks into a space.
//   - [Lines] keeps line breaks.
package text
