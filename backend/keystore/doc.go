// Package keystore makes private keys, the certificate requests for them, and
// the keystores that programs read: PKCS#12 (RFC 7292), Java's JKS, and PEM.
//
// A private key made here is encrypted before it leaves the package: [Maker.Lock]
// gives a PKCS#8 EncryptedPrivateKeyInfo (RFC 5958) with PBES2 (RFC 8018), and
// nothing here writes files. Who stores a key stores what Lock gave.
//
// One password protects a key and the keystore that is made of it. It is never
// kept, logged or put into an error.
package keystore
