// Package wire is what every adapter that talks HTTP shares: how a connection
// is made, what of an answer is read, and what can be said of an answer that
// never came or that somebody else gave. It knows no service.
//
// An adapter puts its client together from parts and adds what its service
// needs in between:
//
//   - [NewTransport] verifies TLS and goes through the proxy, which [Environment]
//     or [ProxyWithLogin] may choose.
//   - [TellProxy] says why a proxy did not connect.
//   - [TrustLate] reads the trusted authorities when the first connection is
//     made.
//   - [Bound] ends an answer that is too long, with [ErrTooLong].
//   - [NewClient] follows no redirect.
//
// Texts for people come from [Reason] for an error of the network, from
// [ContentType] and [Excerpt] for a page of a proxy or a portal, and from
// [RedirectTarget] for a place that an answer points to. None of them holds what
// was sent.
//
// Whether a call may have left this machine is not told here: it depends on
// what counts as one try of a call, which each adapter knows of its own.
package wire
