// Package spelling tells how far a word that a person typed is from one that is
// known, for commands that say what may have been meant. See [Distance].
package spelling
