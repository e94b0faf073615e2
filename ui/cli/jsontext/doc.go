// Package jsontext writes values as JSON that is safe to look at: what a terminal
// would obey or hide is escaped, also beyond what JSON asks for (RFC 8259 §7
// allows it for every character). The value stays the same.
//
// Start reading at [Print] and [Marshal]. Every command that prints JSON does it
// through this package.
package jsontext
