// Package sandbox is the embedded default target: a Key Vault and a Sectigo
// Certificate Manager account with a real CA behind them, on this machine's
// loopback, speaking the real protocols over TLS. Nothing leaves the machine.
//
// [Start] listens and returns at once; the stored state is loaded behind it,
// and requests wait for that. [Sandbox.Seed] fills an empty vault and an empty
// account with the scenario. [Sandbox.Access] says how any client reaches
// them, the vendors' SDKs included.
//
// The parts: ca signs, vaultserver speaks Key Vault's protocol, scmserver
// SCM's, each at an address of its own; scenario says what they hold from the
// start; fault, calls, folder and gate are what both servers share. All state
// lies in one folder that only its owner can read and that one process at a
// time may use.
//
// # Changing it while it runs
//
// From Go, [Sandbox.Clock] moves the clock of both, and [Sandbox.Vault] and
// [Sandbox.SCM] take faults and count what was asked. The finished program
// offers the same over HTTPS, at either address, to whoever has the vault's
// access token or signs in as to the SCM account:
//
//	GET    /sandbox/clock    {"now":"2026-11-21T12:00:00Z","offset":"0s"}
//	PUT    /sandbox/clock    {"advance":"72h"} or {"offset":"0s"} or {"now":"2027-01-01T00:00:00Z"}
//	GET    /sandbox/faults   {"faults":[…]}, times being what is left of each
//	POST   /sandbox/faults   {"kind":"refuse","status":429,"retry_after":"5","operation":"GetCertificates","times":3}
//	DELETE /sandbox/faults   ends all
//	GET    /sandbox/calls    {"calls":[{"method":"GET","operation":"GetCertificates","status":200,"times":1}]}
//	POST   /sandbox/ca/sign  a CSR in PEM, answered with its chain; wants no token
//
//	GET, POST, DELETE /sandbox/scm/faults    the same for the SCM account, under the names of [scmserver.Operations]
//	GET    /sandbox/scm/calls
//	GET    /sandbox/scm/settings             strict, listing_delay, report_delay, …; see [scmserver.Settings]
//	PUT    /sandbox/scm/settings             {"listing_delay":"10m"}; what is not named stays
//	GET    /sandbox/scm/orders               all orders, and how often each was enrolled; ?reference= counts one
//	POST   /sandbox/scm/orders/ID/approve    or decline, as another administrator
//	POST   /sandbox/scm/publish/NAME         the DNS record that a domain or an order waits for
//
// A fault has a kind (slow, hang, reset-before, reset-after, refuse, html,
// truncated-json, unauthorized, redirect; foreign-next-link for the vault,
// empty for SCM) and may have operation, name, times, latency, status, code,
// message, inner_code, retry_after and host; see [fault.Fault]. The clock moves
// requests, deletions, orders and the dates of certificates; tokens and TLS
// stay with the machine's clock.
package sandbox
