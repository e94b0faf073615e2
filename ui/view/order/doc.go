// Package order is the forms that end in an order at a CA account, each of which
// costs one certificate: a new order ([New]), one like another ([Again]), a
// renewal ([NewRenew]) and a replacement ([NewReplace]). [WhyNoOrder],
// [WhyNoRenew] and [WhyNoReplace] say why one can't be made.
//
// What can be chosen comes from the account's catalogue as it was last synced
// (model.Account); what the catalogue says against an order is said at the
// field, by model.OrderSpec.Problems. What it does not tell is said, too, and
// stands in nobody's way.
//
// Where the key comes from is asked by all three in the same way (keySource):
// made here, a CSR that is pasted, in a file, or of a vault's request that waits
// for a merge. Passwords are masked, leave the form with the call, and are
// cleared when it has ended.
//
// An order is never sent twice from here. Where it may have been placed, or is
// written down and was not sent, the form closes and a card says what becomes of
// it: another try from the form would be another order.
package order
