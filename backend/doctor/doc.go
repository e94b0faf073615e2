// Package doctor examines why a target works or does not: from this machine's
// name resolution up to each thing the credential may read. It never writes, and
// it never uses a credential that the service has refused before.
//
// Start reading at Examine. What is found are backend.Findings in the order in
// which one rests on the other: whoever reads from the top finds the first cause
// first. What can't be known without writing is said to be unknown.
package doctor
