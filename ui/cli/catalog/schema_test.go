package catalog

import (
	"reflect"
	"testing"

	"certty/ui/cli/output"
	"certty/ui/cli/row"
	"certty/ui/cli/schema/schematest"
)

// TestSchemas holds the schemas to the types and their comments.
func TestSchemas(t *testing.T) {
	schematest.Fresh(t, schematest.Document{
		Name: "issuers", Title: "What certty issuers prints as json and yaml", Type: reflect.TypeFor[output.Listing[issuer]](), Version: row.SchemaVersion,
	})
	schematest.Fresh(t, schematest.Document{
		Name: "contacts", Title: "What certty contacts prints as json and yaml", Type: reflect.TypeFor[output.Listing[contact]](), Version: row.SchemaVersion,
	})
}
