// Package console joins what stands behind the screen: the stores, the
// configured vaults and CA accounts or the sandbox, their guards, repositories and
// refresh, and hands them to the screen as capabilities. [Run] is all of it;
// [Work] is the same for CA accounts without a screen.
//
// It is main's joining room: only here and in main may backends that know
// nothing of each other meet. Nothing else is decided here.
//
// Where to look: console.go for the life of a console, opening.go for the order
// in which things are opened and what is done without, targets.go for how a
// configured vault is reached and account.go for a CA account, follow.go for what
// is done beside an account's refresh and work.go for the same without a screen,
// signin.go for the codes that people enter elsewhere, book.go and entry.go for
// adding a target while it runs.
package console
