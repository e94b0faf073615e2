package activity

import (
	"reflect"
	"testing"

	"certty/backend"
	"certty/ui/cli/output"
	"certty/ui/cli/row"
	"certty/ui/cli/schema/schematest"
)

// TestSchema holds the schema to the types and their comments.
func TestSchema(t *testing.T) {
	schematest.Fresh(t, schematest.Document{
		Name: "activity", Title: "What certty activity prints as json and yaml", Type: reflect.TypeFor[output.Listing[entry]](), Version: row.SchemaVersion,
		Fields: map[string]map[string]any{
			"entry.Result": {"enum": []string{string(backend.ResultDone), string(backend.ResultRefused), string(backend.ResultUncertain), unknown}},
		},
	})
}
