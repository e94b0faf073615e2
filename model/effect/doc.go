// Package effect says in sentences what a change of a certificate or an order does
// and whether it can be undone: what a question tells before the person says yes,
// the same on the screen and in a terminal.
package effect
