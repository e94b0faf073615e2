// Package doubt is the form in which a person ends the doubt about an order: one
// whose answer was lost and that was not found, or one that was found twice. It
// shows what is known of it and what was looked at, and takes one of two
// answers: which order it is, or that it was never placed.
package doubt
