// Package guard stands between a backend and the screen or a command, and enforces
// what neither may be trusted with:
//
//   - read-only: the changing capabilities are taken away, and
//     [ReadOnlyTransport] refuses everything but reads before the network, so
//     that even a mistake in an adapter changes nothing;
//   - the journal: the intent of a changing call is on the disk before the
//     call is made, its outcome after it;
//   - time limits: a read ends with whoever asked for it and after a while in
//     any case; a changing call is detached from whoever asked for it, because
//     hanging up in the middle would only hide how it ended;
//   - one changing call per row at a time;
//   - rehearsals: a [Rehearsal] lets reads through and writes changing calls down
//     instead of sending them.
//
// Start reading at [Wrap]. An outcome is one of three, see [backend.Result];
// whatever does not prove that the service did it or refused it counts as
// uncertain and is never repeated by the program.
//
// Reconciliation is the caller's: entries of the journal without an outcome,
// and uncertain ones, are settled by reading the row again and telling the
// journal with [backend.Journal].Finish. What a change is known by afterwards
// stands in its intent: the request's id, the merged leaf's hash, the state that
// was asked for, the id that it left in a tag (see [Trace]).
package guard
