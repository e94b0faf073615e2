package certificate

import (
	"reflect"
	"testing"

	"certty/ui/cli/output"
	"certty/ui/cli/row"
	"certty/ui/cli/schema/schematest"
)

// TestSchema holds the schema to the types and their comments.
func TestSchema(t *testing.T) {
	schematest.Fresh(t, schematest.Document{
		Name: "versions", Title: "What certty versions prints as json and yaml", Type: reflect.TypeFor[output.Listing[version]](), Version: row.SchemaVersion,
	})
}
