// Package store keeps certty's local state in two SQLite files:
//
//   - cache.db, in the cache directory, holds the last snapshot of each target
//     so that the first frame has something to show. It may be deleted at any
//     time, also while certty runs; a damaged one is set aside and made anew.
//   - certty.db, in the state directory, holds what can't be read again from
//     anywhere: the journal of changes, the timeline of each row, latched
//     targets, and the repository with its keys, which are encrypted before
//     they come here and overwritten when they are destroyed. A damaged one is an error that names the file; it is never
//     replaced.
//
// Start reading at [Open]. [Store.SaveSnapshot] and [Store.LoadSnapshot] are
// the cache; [Store.Begin] and [Store.Finish] make a Store the
// [backend.Journal] that package guard wants.
//
// Several processes may use the same files at once. SQLite's write-ahead log
// lets them read while one writes, and every writing transaction takes the
// write lock when it begins ("immediate"), so none fails half way because
// another one was faster. The write-ahead log lives in shared memory, which no
// network file system offers: such a directory is refused, see
// [ErrNetworkFileSystem].
//
// A journal entry is on the disk before Begin returns (synchronous=FULL). The
// journal's rows are chained by hashes, see [Store.VerifyJournal].
package store
