// Package console joins what stands behind the screen: the stores, the
// configured vaults or the sandbox, their guards and their refresh, and hands
// them to the screen as capabilities. [Run] is all of it.
//
// It is main's joining room: only here and in main may backends that know
// nothing of each other meet. Nothing else is decided here.
//
// Where to look: console.go for the life of a console, opening.go for the order
// in which things are opened and what is done without, targets.go for how a
// configured vault is reached, signin.go for the codes that people enter
// elsewhere, book.go and entry.go for adding a vault while it runs.
package console
