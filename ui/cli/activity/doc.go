// Package activity is the command that lists the journal: every change that was
// asked for from this state, and how it ended. It calls nobody.
//
// Start reading at New. What the journal is and how its hashes chain is backend's
// and the store's; here it becomes records for ui/cli/output.
package activity
