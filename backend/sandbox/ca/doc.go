// Package ca is the certificate authority of the embedded sandbox: a root, an
// intermediate under it, and what they sign. It does real X.509 (RFC 5280), so
// that what a person practises with in the sandbox is what a public CA sends.
//
// Start at [Open], which makes the authority once and keeps it in a folder,
// then [Authority.Sign], which turns a PKCS#10 certificate request (RFC 2986)
// into a [Chain], and [Chain.PEM], which writes the chain in the orders that
// CAs really deliver.
//
// Nobody outside the sandbox trusts this root, and the sandbox installs it
// nowhere: clients get it as a pool or a file.
package ca
