package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certty/ui/cli/schema"
)

// TestEverySchemaIsProved: a script holds real output against each schema.
func TestEverySchemaIsProved(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(script)
	}
	for _, name := range schema.Names() {
		if !strings.Contains(all.String(), "\nconforms "+name+" ") {
			t.Errorf("no script holds what is printed against the schema %s", name)
		}
	}
}
