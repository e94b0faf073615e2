// Package repository manages what is held here of a CA account: orders placed
// from here or taken over, their keys, certificates and keystores.
//
// It is written against the capabilities (package backend) of one account and a
// [backend.Shelf] that keeps holdings durably; it knows neither the service's
// protocol nor the database.
//
// # Ordered once
//
// An order costs money, and the service has no idempotency key. So an order
// becomes a holding first ([Manager.Prepare]): its CSR, its encrypted key and
// the reference that its comments will carry are on disk before anything is
// sent. [Manager.Place] then looks for the reference at the account, moves the
// record to "sending" in one transaction, which only one program can win, and
// sends. From there on nothing sends it again. Where the answer is lost, or the
// program dies, [Manager.Settle] looks for the reference: one order found is
// ours, two are for a person to decide, and none for 20 minutes is so as well
// ([Manager.Decide]).
//
// Another state, on another machine, has other keys and so other references. The
// same look tells of orders for the name that were not placed from here: beside
// those nothing is sent before a person says that both are meant.
//
// # After that
//
// [Manager.Follow] is called with every snapshot of the account. It settles what
// is open, collects certificates whose serial number is new, puts their chain in
// order, and makes keystores where the password is at hand. A certificate for a key
// that is none of the order's is held back until a person vouches for it
// ([Manager.Vouch]).
package repository
