// Package fault makes things go wrong between a client and a sandbox server:
// late answers, cut connections, half bodies, a proxy's page.
//
// A server has a [Board] on which faults are switched on, and lets
// [Board.Serve] handle each request. What is the same for every protocol is
// done here; what a refusal looks like is the server's ([Handling]).
package fault
