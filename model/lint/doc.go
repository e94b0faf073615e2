// Package lint knows the rules that every publicly trusted certificate is made
// under, whoever orders it and wherever: the CA/Browser Forum's limits with the
// days from which they hold. [Lifetime] says what an order can expect of them.
//
// It does no input or output and knows no clock: the moment is an argument. A
// CA that browsers don't trust keeps rules of its own; for its certificates none
// of this holds.
package lint
