// Package bundle finds out what a file is that a person wants to import: a
// certificate with its private key, as PFX (PKCS#12, RFC 7292) or as PEM. Before
// anything is sent it says what is in it, or why Key Vault would refuse it and
// which command mends that.
//
// It is the only reader here that takes private keys in; chains without one are
// read by package x5c.
package bundle
