// Package staging writes files so that nobody ever sees half of one: each is
// written completely beside its place, and takes the place in one step. What a
// program leaves that ends in between is removed by the next one that writes to
// the folder.
package staging
