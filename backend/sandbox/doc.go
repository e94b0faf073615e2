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
package sandbox
