// Package model holds the values certty shows and the rules that follow from
// them: certificates, pending requests, policies, and what a person has to do
// next. It is pure: no input or output, no clock, no randomness and no
// knowledge of a screen. Whatever depends on the time takes the time as an
// argument.
//
// Start reading at [Item] (one row of the board: a certificate and its pending
// request, two facts under one name), go on to [Item.Status] (the one place
// that derives state, severity, next action and who has to act) and to
// [Snapshot] (an immutable set of one target's items that grows by merging
// the pages a backend delivers).
//
// All text in these values comes from outside and was cleaned where it was
// decoded (package backend/text); nothing here cleans it a second time.
package model
