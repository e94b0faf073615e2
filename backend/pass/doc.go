// Package pass looks at targets once, all beside each other, for programs that
// have no screen: what the poller learns in the course of time is read here in
// one go, and merged into what is stored.
//
// Start reading at Make. A Result always holds what is known, also of a target
// that failed or did not answer in time; Result.Err says then what is missing.
//
// # What is called
//
// At a vault: the pages of the list, those of the list of deleted certificates,
// and the pending request of each row that was known to be in progress, that has
// nothing issued, whose list entry changed, or that is new since an earlier
// look; with Options.Deep of every row. A request that completed meanwhile, or
// another version of a certificate that a person had looked at, has the
// certificate read, too.
//
// At a CA account: what changed, or everything where that was not listed within
// a day, as the poller does; and the details of orders that nothing was read of
// yet, or of which no list tells how they stand: once an hour, with Options.Deep
// each time. With it, those that wait for their CA as well, and some of them with
// Options.Explain: where these can't be read nothing failed.
//
// The first call of each target goes alone: a credential that is not accepted is
// tried once. Its refusal latches the target, for every other process, too.
//
// # Files
//
//	pass.go    the types, and Make
//	look.go    one look at one target: the owner of all its state
//	listing.go one way through a list, page by page
//	want.go    what is read, and in which order
//	fail.go    what ends a look, and what is only counted
//	keep.go    what is loaded and stored
//	crash.go   what becomes of a panic
package pass
