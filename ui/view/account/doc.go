// Package account shows what a CA account offers, as it was last synced:
// organizations with their departments, domains with their validation, profiles
// and custom fields, each in a list with id and state. What the account does not
// list any more is marked.
//
// [New] opens the lists. enter shows one entry in full; for a domain that is also
// the record to publish, read at that moment, and the orders that wait for it.
// Which orders a domain holds up is decided in holds.go.
package account
