// Package x5c understands certificate chains. It reads whatever a person
// pastes or opens ([Read]), puts the certificates in order, matches them to the
// request they were signed for, and says what a vault and its clients will make
// of them ([Judge]), before anything is sent. The name is that of the JSON
// member in which a Key Vault merge carries the chain (RFC 7517 §4.7).
//
// Start at [Read] and follow one paste: bytes become text (text.go), text is
// cut at its PEM markers (armor.go), what lies between them or stands alone is
// searched for base64 (base64.go), and what comes out is told apart by its first
// bytes (der.go). Then read [Judge]: path.go finds the way from the leaf up,
// checks.go says what there is to say of it.
//
// A private key has no business here: wherever one is found, reading stops with
// [ErrPrivateKey], and nothing of it is repeated. Every input is bounded: a
// megabyte, a hundred certificates, and work in proportion.
//
// The package does no input or output and knows no clock. Text out of
// certificates is cleaned by the function that [Judge] is given.
package x5c
