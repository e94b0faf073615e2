package cli

import (
	"reflect"
	"testing"

	"certty/backend/repository"
	"certty/ui/cli/output"
	"certty/ui/cli/row"
	"certty/ui/cli/schema/schematest"
)

// TestSchemaOfWork holds the schema to the types and their comments, and its jobs
// to those that there are.
func TestSchemaOfWork(t *testing.T) {
	var jobs []string
	for _, j := range repository.Jobs() {
		jobs = append(jobs, string(j))
	}
	jobs = append(jobs, jobCommand)
	schematest.Fresh(t, schematest.Document{
		Name: "work", Title: "What certty work --dry-run prints as json and yaml", Type: reflect.TypeFor[output.Listing[dueEntry]](), Version: row.SchemaVersion,
		Fields: map[string]map[string]any{"dueEntry.Job": {"enum": jobs}, "dueEntry.After": {"enum": jobs}},
	})
}
