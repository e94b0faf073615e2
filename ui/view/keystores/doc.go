// Package keystores is the form that writes the keystore of a collected
// certificate whose private key was made here. The password opens the key and
// protects the file; it is kept nowhere. The file is 0600 and never takes the
// place of another one.
package keystores
