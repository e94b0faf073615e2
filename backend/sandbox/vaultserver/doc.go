// Package vaultserver speaks the certificates part of Azure Key Vault's REST
// protocol, together with as much of Microsoft Entra's token service as a
// client needs to get a token. It is an [http.Handler]; package sandbox puts
// it on loopback behind TLS.
//
// Rules are as Key Vault documents them. Where traffic recorded from the real
// service differs from the documents, it is as recorded; where neither says
// anything, a comment says so.
//
// Every operation is served but backup and restore, which certty has no use
// for.
//
// Start at [Server.ServeHTTP] (what every request goes through) and [routes]
// (which operation a path is). One file each holds create, the pending object,
// merge, import, update, deletion, issuers, contacts, reading and lists. The
// rules that move things by themselves are in progress.go (requests),
// behaviour.go (what the CA behind an issuer does) and deletion.go (what is
// deleted, recovered, purged): nothing runs in the background for them, each
// object is brought up to the clock's time when somebody looks ([Server.find]),
// so a moved clock moves everything and no test has to sleep.
//
// [Server.Inject] switches faults on, [Server.Calls] counts what was asked.
//
// State is one JSON file for each certificate, private keys included, and one
// for issuers and contacts, in a folder only its owner can read. [Server.Fill]
// puts a scenario into an empty state.
package vaultserver
