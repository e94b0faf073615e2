// Package poll keeps what is known of one target up to date, for the whole
// process, however many screens look at it.
//
// Start reading at [Poller]: [New] takes a backend and a [Keeper], [Poller.Run]
// does the work until its context ends, and [Poller.Subscribe] gives each screen
// a [Mailbox] with the latest [State]. Everything else on a Poller is a remark
// from a person's side (Look, Watch, Acted, Refresh, Retry, Rest); none of them
// blocks.
//
// Inside, one goroutine (type loop) owns all state. Calls to the service run in
// goroutines of their own and bring their answers to it, so there is no lock
// around the schedule and no two calls for one thing. The files:
//
//	poller.go    the type, its remarks, and Run
//	mailbox.go   State and Mailbox
//	loop.go      the owner of all state and what it waits for
//	sweep.go     listing, page by page
//	account.go   what is otherwise at a CA account
//	deleted.go   the deleted certificates, and lists that lag
//	read.go      reading single requests and certificates
//	spare.go     what is not kept of an answer
//	news.go      what an answer changes and what has to be read because of it
//	schedule.go  which read comes next
//	slice.go     the rotating slice of answers that went stale
//	ages.go      when a row says that its answer is old
//	pause.go     throttling, failures, the latch
//	publish.go   when a state is handed to the screens
//	pack.go      moving what was read as a whole to memory without holes
//	rules.go     what holds without a poller, too
//	scribe.go    what is handed to the Keeper, and when
//
// # What is read when
//
// A Key Vault list tells no request's status, so status costs a call for each
// row, and nothing about it is final: a terminal answer may be replaced by a
// renewal without any sign in the list. The order of work is: what a person
// waits for; requests in progress, each at the Retry-After its answer carried;
// rows with nothing issued that were never read; rows whose list entry changed;
// and then, with a slot left free for the former, rows that were never read and
// the answers that went stale. A steady sweep costs the pages of the list, the
// polls of requests in progress, and a slice of rows × interval ÷ age reads, and
// not one call more.
//
// The soft-deleted certificates are in a list of their own, which is read after
// the first sweep, every ten minutes, and after an own deletion, recovery or
// purge: at once and again a minute later, since the service's lists lag behind.
// Until they have caught up they are not believed where they say otherwise, so
// a row does not go to and fro. A deleted row is never read. A purged one is
// told of once, stands as "gone", and is not there at the next start.
//
// # At a CA account
//
// An account whose backend tells what changed is listed as a whole once a day
// only: that takes a call for each 200 orders and some reports. In between it is
// asked every minute what changed, and every 20 seconds while an open order is on
// a screen: six calls, and one for each order that left an open list. One that
// seems to hold no order is listed as a whole every minute instead, which is one
// call: its list may lag, or the login may not have been let see the orders yet,
// and what changed tells of no order that is older than the last listing. What its
// lists prove is not read for itself; an order is when a person opens it, after
// an own action, and, as second readings are, where no list tells how it stands.
// One that waits for the CA is read when it comes on a screen, or else in its
// turn, one with each look, and an hour after that: no list tells whether somebody
// has to publish a record for it.
// Refresh asks what changed; a second one within a minute lists everything.
//
// What the local repository holds is not read but told ([Poller.Note]), and
// stands beside what the account says. A row that is in no list because it was
// not placed is never missing, and goes with its record.
//
// # When something fails
//
// A poller never gives up. Throttling pauses the whole target for as long as
// the service says; an unreachable service is tried again at growing intervals;
// after either, one call goes out alone until it has succeeded. The one
// exception is a credential that is not accepted: that latches the target,
// because repeated tries lock accounts. The latch is stored, so other processes
// respect it too.
package poll
