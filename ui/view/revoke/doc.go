// Package revoke is the form that revokes the certificate of an order for good:
// which one, by serial number and fingerprint, a reason of RFC 5280 §5.3.1, a
// message, and the name typed last.
package revoke
