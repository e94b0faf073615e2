// Package approval is the form in which an administrator of a CA account decides
// on an order that waits: approve or decline, each with a message that is kept
// with the order. Cancelling an order that waits is declining it.
package approval
