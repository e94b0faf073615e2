// Package catalog is the commands that list what a vault has set up for its
// certificates: the issuers that they can be asked from, and the contacts that are
// told of them.
//
// Start reading at listing, which makes both.
package catalog
