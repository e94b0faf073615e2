// Package ledger is a framed list of what was noted, with the entry under the
// cursor below it, for screens that only show: the journal and the log. They
// embed a [Ledger] and say what an entry is.
package ledger
