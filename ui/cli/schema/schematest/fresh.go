package schematest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// Document is a document that a command prints.
type Document struct {
	// Name is that of its schema.
	Name string
	// Title says in a line what it is.
	Title string
	// Type is its Go type, Version what its schema_version is.
	Type    reflect.Type
	Version int
	// Beside are types that are defined as well: those of lines.
	Beside []reflect.Type
	// Words lists the values that a type can have, as a slice.
	Words map[reflect.Type]any
	// Fields are the keywords of single fields beside those of their types, by
	// "Type.Field".
	Fields map[string]map[string]any
}

// Fresh fails where the published schema of a document is not the one that its
// type makes; with UPDATE=1 in the environment it writes it.
func Fresh(t *testing.T, d Document) {
	t.Helper()
	want, err := json.MarshalIndent(generate(t, d), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	top := root(t)
	for _, dir := range []string{filepath.Join("ui", "cli", "schema", "published"), filepath.Join("docs", "schema")} {
		path := filepath.Join(top, dir, d.Name+".json")
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(path, want, 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale (%v): UPDATE=1 go test ./ui/cli/... -run TestSchema", path, err)
		}
	}
}

// root is the folder of the module.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}
