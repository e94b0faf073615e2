package order

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
		Name: "account", Title: "What certty account prints as json and yaml", Type: reflect.TypeFor[output.Listing[entry]](), Version: row.SchemaVersion,
		Fields: map[string]map[string]any{"entry.Kind": {"enum": []string{kindOrganization, kindDepartment, kindDomain, kindProfile, kindField}}},
	})
	schematest.Fresh(t, schematest.Document{
		Name: "validation", Title: "What certty validation prints as json and yaml", Type: reflect.TypeFor[output.Listing[proof]](), Version: row.SchemaVersion,
	})
}
