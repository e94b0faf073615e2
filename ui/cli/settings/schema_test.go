package settings

import (
	"reflect"
	"testing"

	"certty/ui/cli/schema/schematest"
)

// TestSchemas holds the schemas to the types and their comments.
func TestSchemas(t *testing.T) {
	schematest.Fresh(t, schematest.Document{
		Name: "config-view", Title: "What certty config view prints as json", Type: reflect.TypeFor[effective](), Version: schemaVersion,
		Fields: map[string]map[string]any{"origin.Kind": {"enum": []string{"default", "file", "environment", "flag"}}},
	})
	schematest.Fresh(t, schematest.Document{
		Name: "config-paths", Title: "What certty config paths prints as json", Type: reflect.TypeFor[placesDocument](), Version: schemaVersion,
	})
	schematest.Fresh(t, schematest.Document{
		Name: "config-check", Title: "What certty config check prints as json", Type: reflect.TypeFor[verdict](), Version: schemaVersion,
	})
}
