package support

import (
	"reflect"
	"testing"

	"certty/ui/cli/schema/schematest"
)

// TestSchema holds the schema to the types and their comments.
func TestSchema(t *testing.T) {
	schematest.Fresh(t, schematest.Document{
		Name: "support", Title: "What certty support prints as json", Type: reflect.TypeFor[report](), Version: schemaVersion,
		Fields: map[string]map[string]any{"failure.From": {"enum": []string{"journal", "log"}}},
	})
}
