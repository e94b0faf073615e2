// Package explain is the command that looks up what a code means: of Key Vault,
// of Microsoft Entra ID, of Sectigo Certificate Manager, of HTTP, and the words
// that certty itself has for what went wrong. It calls nobody and needs no
// configuration.
//
// Start reading at New. The codes come from the adapters, which read answers by
// the same tables (backend.Code); how a person may spell one is in find.go.
package explain
