package doctor

import (
	"reflect"
	"testing"

	"certty/backend"
	"certty/ui/cli/schema/schematest"
)

// TestSchema holds the schema to the types and their comments.
func TestSchema(t *testing.T) {
	var verdicts []string
	for _, v := range []backend.Verdict{backend.VerdictGood, backend.VerdictWarn, backend.VerdictBad, backend.VerdictUnknown} {
		verdicts = append(verdicts, v.String())
	}
	schematest.Fresh(t, schematest.Document{
		Name: "doctor", Title: "What certty doctor prints as json", Type: reflect.TypeFor[document](), Version: schemaVersion,
		Fields: map[string]map[string]any{"check.Verdict": {"enum": verdicts}},
	})
}
