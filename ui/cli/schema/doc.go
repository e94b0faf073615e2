// Package schema holds the JSON Schemas (2020-12) of the documents that commands
// print, and says which command prints which.
//
// Start reading at [Publish], with which a command says what it prints. The
// schemas are made from the Go types and their comments by package schematest,
// whose tests keep them fresh, here and in docs/schema.
package schema
