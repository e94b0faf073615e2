package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// update rewrites the generated documents: go test ./config -run TestDocs -update.
var update = flag.Bool("update", false, "rewrite docs/config.md and docs/config.schema.json")

// TestDocs holds the reference and the schema to the types and their comments.
func TestDocs(t *testing.T) {
	schema, err := json.MarshalIndent(fileSchema(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{
		"config.md":          reference(t),
		"config.schema.json": append(schema, '\n'),
		// What certty config schema prints.
		filepath.Join("..", "config", "schema.json"): append(schema, '\n'),
	} {
		path := filepath.Join("..", "docs", name)
		if *update {
			if err := os.WriteFile(path, want, 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v: run go test ./config -run TestDocs -update", err)
			continue
		}
		if !bytes.Equal(got, want) {
			t.Errorf("docs/%s is stale: run go test ./config -run TestDocs -update", name)
		}
	}
}

// group is a type of the configuration and what can be set in it.
type group struct {
	name     string
	path     string
	goType   reflect.Type
	settings []setting
}

type setting struct {
	name  string
	field string
	typ   reflect.Type
}

// groups lists the types of the file, outermost first.
func groups() []group {
	var all []group
	var add func(path string, t reflect.Type)
	add = func(path string, t reflect.Type) {
		g := group{name: t.Name(), path: path, goType: t}
		for field := range t.Fields() {
			if name := field.Tag.Get("yaml"); name != "-" {
				g.settings = append(g.settings, setting{name, field.Name, field.Type})
			}
		}
		all = append(all, g)
		for _, s := range g.settings {
			switch {
			case s.typ.Kind() == reflect.Struct:
				add(join(path, s.name), s.typ)
			case s.typ.Kind() == reflect.Slice && s.typ.Elem().Kind() == reflect.Struct:
				add(join(path, s.name)+"[]", s.typ.Elem())
			}
		}
	}
	add("", reflect.TypeFor[Config]())
	return all
}

// comments reads the comments of the fields, as "Type.Field".
func comments(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, file := range []string{"config.go", "secret.go"} {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			body, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range body.Fields.List {
				for _, name := range field.Names {
					found[spec.Name.Name+"."+name.Name] = strings.Join(strings.Fields(field.Doc.Text()), " ")
				}
			}
			return true
		})
	}
	return found
}

// describeSetting is a field's comment with the setting's name in place of the
// field's. A setting without one fails the test.
func describeSetting(t *testing.T, all map[string]string, g group, s setting) string {
	t.Helper()
	text := all[g.name+"."+s.field]
	rest, ok := strings.CutPrefix(text, s.field+" ")
	if !ok {
		t.Errorf("the comment of %s.%s does not start with its name: %q", g.name, s.field, text)
		return text
	}
	verb, rest, _ := strings.Cut(rest, " ")
	switch verb {
	case "is", "are", "says":
		return strings.ToUpper(rest[:1]) + rest[1:]
	}
	return strings.ToUpper(verb[:1]) + verb[1:] + " " + rest
}

func reference(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(`<!-- Generated from package config by its TestDocs; do not edit. -->
# Configuration

certty reads one YAML file: the one that ` + "`--config`" + ` names, else the one that
` + "`CERTTY_CONFIG`" + ` names, else ` + "`certty/config.yaml`" + ` in ` + "`$XDG_CONFIG_HOME`" + ` (where that
is not set, in ` + "`~/.config`" + `), else in one of ` + "`$XDG_CONFIG_DIRS`" + `. A file that is named
must exist. Without any file the console starts on its sandbox.

A flag counts over the environment, the environment over the file, the file over
the defaults. What is not understood is an error; all errors come at once, each
with its line and column. Relative paths start at the file's folder, and ` + "`~/`" + ` is
the home folder. A file that anybody can change is refused.

Editors complete and check the file with [config.schema.json](config.schema.json).

`)
	all := comments(t)
	base := reflect.ValueOf(*defaults(Paths{StateDir: "$XDG_STATE_HOME/certty", CacheDir: "$XDG_CACHE_HOME/certty"}))
	for _, g := range groups() {
		title := "The file"
		if g.path != "" {
			title = "`" + g.path + "`"
		}
		fmt.Fprintf(&b, "## %s\n\n| setting | value | default | |\n|-|-|-|-|\n", title)
		for _, s := range g.settings {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.name, valueOf(s.typ), defaultOf(base, g, s), describeSetting(t, all, g, s))
		}
		b.WriteString("\n")
	}
	b.WriteString(`## Environment

| variable | |
|-|-|
| ` + "`CERTTY_CONFIG`" + ` | The file to read, as ` + "`--config`" + ` |
| ` + "`CERTTY_READ_ONLY`" + ` | ` + "`true`" + ` or ` + "`false`" + `, as ` + "`--read-only`" + `; a target that is read-only in the file stays so |
| ` + "`CERTTY_LOG`" + ` | ` + "`info`" + ` or ` + "`debug`" + `, as the setting ` + "`log`" + ` |
| ` + "`CERTTY_TARGET`" + ` | Names of targets, separated by commas, as ` + "`--target`" + ` |
| ` + "`AZURE_KEYVAULT_URL`, `VAULT_URL`" + ` | The address of one vault, with the credential ` + "`default`" + `; read only where the file names no target, the first that is set counts |

## Example

` + "```yaml\n")
	b.Write(Example())
	b.WriteString("```\n")
	return b.Bytes()
}

// valueOf says what can be written, for a person.
func valueOf(typ reflect.Type) string {
	if c, ok := reflect.TypeAssert[choice](reflect.Zero(typ)); ok {
		return "`" + strings.Join(c.choices(), "`, `") + "`"
	}
	switch {
	case typ == durationType:
		return "duration"
	case typ.Kind() == reflect.Pointer:
		return valueOf(typ.Elem())
	case typ.Kind() == reflect.Bool:
		return "`true`, `false`"
	case typ.Kind() == reflect.Slice && typ.Elem().Kind() == reflect.String:
		return "list of texts"
	case typ.Kind() == reflect.Slice:
		return "list"
	case typ.Kind() == reflect.Struct:
		return "group"
	}
	return "text"
}

func defaultOf(base reflect.Value, g group, s setting) string {
	var in reflect.Value
	switch g.goType {
	case reflect.TypeFor[Config]():
		in = base
	case reflect.TypeFor[Refresh]():
		in = base.FieldByName("Refresh")
	case targetType:
		in = reflect.ValueOf(defaultTarget())
	case reflect.TypeFor[Credential]():
		in = reflect.ValueOf(defaultTarget().Credential)
	default:
		in = reflect.Zero(g.goType)
	}
	value := in.FieldByName(s.field)
	switch {
	case s.typ == durationType:
		return "`" + short(time.Duration(value.Int())) + "`"
	case s.typ.Kind() == reflect.Bool:
		return fmt.Sprintf("`%t`", value.Bool())
	case s.typ.Kind() == reflect.String && value.String() != "":
		return "`" + value.String() + "`"
	}
	return ""
}

// fileSchema is the JSON Schema of the file.
func fileSchema(t *testing.T) map[string]any {
	t.Helper()
	all := comments(t)
	schemas := map[string]map[string]any{}
	for _, g := range slices.Backward(groups()) {
		properties := map[string]any{}
		for _, s := range g.settings {
			property := schemaOf(s.typ, schemas)
			property["description"] = strings.ReplaceAll(describeSetting(t, all, g, s), "`", "")
			properties[s.name] = property
		}
		schema := map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
		switch g.goType {
		case targetType:
			schema["required"] = []string{"name"}
			account := map[string]any{"properties": map[string]any{"kind": map[string]any{"const": KindSCM}}, "required": []string{"kind"}}
			schema["if"], schema["then"] = map[string]any{"not": account}, map[string]any{"required": []string{"url"}}
		case secretType:
			schema["minProperties"], schema["maxProperties"] = 1, 1
		}
		schemas[g.name] = schema
	}
	root := schemas["Config"]
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Configuration of certty"
	return root
}

func schemaOf(typ reflect.Type, structs map[string]map[string]any) map[string]any {
	if c, ok := reflect.TypeAssert[choice](reflect.Zero(typ)); ok {
		return map[string]any{"enum": c.choices()}
	}
	switch {
	case typ == durationType:
		return map[string]any{"type": "string", "pattern": `^([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+$`}
	case typ.Kind() == reflect.Pointer:
		return schemaOf(typ.Elem(), structs)
	case typ.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case typ.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(typ.Elem(), structs)}
	case typ.Kind() == reflect.Struct:
		property := map[string]any{}
		maps.Copy(property, structs[typ.Name()])
		return property
	}
	// A version such as 7.4 is written without quotes.
	return map[string]any{"type": []string{"string", "number"}}
}
