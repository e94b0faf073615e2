// Package staging writes files of which nobody finds half of one later: one that
// replaces another is written completely beside its place, and takes the place in
// one step; a new one goes again when it can't be written to its end. What a
// program leaves that ends in between is removed by the next one that writes to
// the folder.
package staging
