package check

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"certty/ui/cli/row"
	"certty/ui/cli/schema/schematest"
)

// TestSchema holds the schema to the types and their comments.
func TestSchema(t *testing.T) {
	states := []string{levelOK.String(), levelWarning.String(), levelUnknown.String(), levelCritical.String()}
	schematest.Fresh(t, schematest.Document{
		Name: "check", Title: "What certty check prints as json", Type: reflect.TypeFor[Document](), Version: schemaVersion, Words: row.Words(),
		Fields: map[string]map[string]any{
			"Document.State": {"enum": states}, "Finding.State": {"enum": states[1:]},
			"Finding.Kind": {"enum": slices.Sorted(maps.Values(words))},
		},
	})
}

// TestKindsHaveWords: no finding is without its kind in the document.
func TestKindsHaveWords(t *testing.T) {
	for k := kindTrouble; k <= kindPassword; k++ {
		if words[k] == "" || phrases[k] == "" {
			t.Errorf("kind %d has no word, or no phrase", k)
		}
	}
}
