// Package activity shows what was changed from here: the entries of the
// journal, with who did what, when, and how it ended. What has no known end
// stands first, for somebody has to look at it; the rest goes from the newest
// to the oldest. Each can be read in full and copied, with the id under which
// the service's support finds the call.
package activity
