// Package schematest makes the JSON Schemas of documents from their Go types and
// the comments that stand there, keeps the published ones fresh, and checks
// documents against them. Only tests import it.
//
// Start reading at [Fresh], which a package calls for each document that its
// commands print, and [Check], which says what is wrong with a document.
//
//	UPDATE=1 go test ./ui/cli/... -run TestSchema
package schematest
