// Package validation shows why an order waits for the proof that its names are
// controlled: each domain with what has to be published for it, until when a
// proof holds, when the CA looked and looks again, and which other orders wait
// for the same domain.
package validation
