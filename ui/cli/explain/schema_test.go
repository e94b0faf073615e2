package explain

import (
	"reflect"
	"testing"

	"certty/backend"
	"certty/ui/cli/schema/schematest"
)

// TestSchema holds the schema to the types and their comments.
func TestSchema(t *testing.T) {
	schematest.Fresh(t, schematest.Document{
		Name: "explain", Title: "What certty explain prints as json", Type: reflect.TypeFor[catalogue](), Version: schemaVersion,
		Fields: map[string]map[string]any{
			"entry.Service": {"enum": []backend.Service{backend.ServiceVault, backend.ServiceEntra, backend.ServiceSCM, backend.ServiceHTTP, backend.ServiceCertty}},
		},
	})
}
