// Package scm is Sectigo Certificate Manager as a [certty/backend.Backend], on
// its "Admin" REST API and net/http alone. No JSON type leaves the package.
//
// Start at [New] and [Options], then at [Backend.Sweep] for reading and at
// [Backend.Order] for ordering. Every call goes through Backend.do, which knows
// what the service makes difficult:
//
//   - The password stands in a header of every call. net/http follows a
//     redirect to another host and takes such a header along, so no redirect is
//     followed, and what an answer repeats of a secret is blotted out before
//     anybody can show it.
//   - Nearly every refusal is HTTP 400. What it means stands in a table by code
//     and call (rules), together with what a person can do about it; codes are
//     not unique, and code 0 on a collection means "not yet".
//   - A call that changes something is sent once. One without an answer is
//     [certty/backend.KindUncertain] and is settled by reading: an order by the
//     reference in its comments ([Backend.FindOrders]), a renewal by the old
//     order ([Backend.FindRenewal]).
//
// A list tells ids and names only, so a sweep fills the rows from reports, year
// by year, and asks for the details of single orders where a report has none
// (sweep). Dates, names and serial numbers come in several forms each; they are
// recognised by their shape, and one that can't be read costs itself and not
// its row (day, names, serial).
//
// What else the service holds in store stands in docs/traps.md, each with its
// test.
package scm
