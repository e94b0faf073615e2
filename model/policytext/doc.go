// Package policytext says certificate policies of Key Vault in words, the same in
// the forms and in the commands: what one says ([Facts]), what differs between two
// ([Changes]), and the names of usages, keys and moments, which it reads as well.
package policytext
