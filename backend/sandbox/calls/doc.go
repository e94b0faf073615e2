// Package calls counts what a sandbox server was asked, so that a test can say
// what a client did and did not send.
package calls
