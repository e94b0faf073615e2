// Package download is the form that writes a certificate to a file: the leaf
// alone or with its chain, as PEM, DER or PKCS#7.
//
// The vault tells only the leaf outside of its secrets, and those are never
// read. So the chain is what was met: certificates of CAs that went into a
// merge from here, and what the person pastes or opens for it. What will be in
// the file and what will not stands in the form before anything is written.
package download
