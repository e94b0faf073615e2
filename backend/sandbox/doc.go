// Package sandbox is the embedded default target: a Key Vault with a real CA
// behind it, on this machine's loopback, speaking the real protocol over TLS.
// Nothing leaves the machine.
//
// [Start] listens and returns at once; the stored state is loaded behind it,
// and requests wait for that. [Sandbox.Seed] fills an empty vault with the
// scenario. [Sandbox.Access] says how any client reaches it, the vendor's
// SDKs included.
//
// The parts: ca signs, vaultserver speaks Key Vault's protocol, scenario says
// what a fresh vault holds. All state lies in one folder that only its owner
// can read and that one process at a time may use.
//
// # Changing it while it runs
//
// From Go, [Sandbox.Clock] moves the vault's clock, and [Sandbox.Vault] takes
// faults and counts what was asked. The finished program offers the same over
// HTTPS, to whoever has the access token:
//
//	GET    /sandbox/clock    {"now":"2026-11-21T12:00:00Z","offset":"0s"}
//	PUT    /sandbox/clock    {"advance":"72h"} or {"offset":"0s"} or {"now":"2027-01-01T00:00:00Z"}
//	GET    /sandbox/faults   {"faults":[…]}, times being what is left of each
//	POST   /sandbox/faults   {"kind":"refuse","status":429,"retry_after":"5","operation":"GetCertificates","times":3}
//	DELETE /sandbox/faults   ends all
//	GET    /sandbox/calls    {"calls":[{"method":"GET","operation":"GetCertificates","status":200,"times":1}]}
//	POST   /sandbox/ca/sign  a CSR in PEM, answered with its chain; wants no token
//
// A fault has a kind (slow, hang, reset-before, reset-after, refuse, html,
// truncated-json, unauthorized, redirect, foreign-next-link) and may have
// operation, name, times, latency, status, code, message, inner_code,
// retry_after and host; see [vaultserver.Fault]. The clock moves requests,
// deletions and the dates of certificates; tokens and TLS stay with the
// machine's clock.
package sandbox
