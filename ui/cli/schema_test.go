package cli

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"certty/ui/cli/command"
	"certty/ui/cli/manual"
	"certty/ui/cli/schema"
	"certty/ui/cli/schema/schematest"
)

// TestSchemaOfVersion holds the schema to the types and their comments.
func TestSchemaOfVersion(t *testing.T) {
	schematest.Fresh(t, schematest.Document{
		Name: "version", Title: "What certty version prints as json", Type: reflect.TypeFor[build](), Version: buildVersion,
	})
}

// TestSchemasAreComplete: every command that prints JSON says which schema
// describes it, and no schema is left over.
func TestSchemasAreComplete(t *testing.T) {
	used := map[string]bool{}
	for _, cmd := range manual.Commands(tree()) {
		name := schema.Published(cmd)
		f := cmd.Flags().Lookup("output")
		asJSON := f != nil && f.Shorthand == "o" && strings.Contains(f.Usage, "json")
		if asJSON != (name != "") {
			t.Errorf("%s: prints JSON: %t, its schema: %q", cmd.CommandPath(), asJSON, name)
		}
		if name == "" {
			continue
		}
		used[name] = true
		if text, ok := schema.Of(name); !ok || !versioned(text) {
			t.Errorf("%s: there is no schema %s, or it has no schema_version", cmd.CommandPath(), name)
		}
	}
	for _, name := range schema.Names() {
		if !used[name] {
			t.Errorf("no command prints what the schema %s describes", name)
		}
	}
}

// versioned reports whether a schema wants one schema_version in each document, and
// in each line where it has lines.
func versioned(text []byte) bool {
	type object struct {
		Required   []string `json:"required"`
		Properties struct {
			Version struct {
				Const int `json:"const"`
			} `json:"schema_version"`
		} `json:"properties"`
	}
	var s struct {
		object
		Defs map[string]object `json:"$defs"`
	}
	wants := func(o object) bool {
		return o.Properties.Version.Const > 0 && slices.Contains(o.Required, "schema_version")
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return false
	}
	line, lines := s.Defs["Line"]
	return wants(s.object) && (!lines || wants(line))
}

// TestSchemaCommand: a schema is found by the command, by its alias, and by its own
// name.
func TestSchemaCommand(t *testing.T) {
	for args, want := range map[string]string{
		"status": "certty status prints", "config view": "certty config view prints", "create": "A row, ", "row": "A row, ",
		"journal": "certty activity prints", "": "config view     config-view\n",
	} {
		code, out := printed(t, append([]string{"schema"}, strings.Fields(args)...)...)
		if code != command.ExitDone || !strings.Contains(out, want) {
			t.Errorf("%q: exit code %d: %.200s", args, code, out)
		}
	}
	for _, args := range []string{"stat", "schema", "config", "status row"} {
		if code, out := printed(t, append([]string{"schema"}, strings.Fields(args)...)...); code != command.ExitUsage || out != "" {
			t.Errorf("%q: exit code %d: %s", args, code, out)
		}
	}
}

// printed is what a command prints.
func printed(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	var stdout bytes.Buffer
	a := &App{Env: command.Env{Stdout: &stdout, Stderr: t.Output()}}
	code = a.Execute(t.Context(), args)
	return code, stdout.String()
}
