package row

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"certty/model"
)

// update rewrites the schema: go test ./ui/cli/row -run TestSchema -update.
var update = flag.Bool("update", false, "rewrite status.schema.json, here and in docs")

// TestSchemaIsFresh holds the schema to the types and their comments.
func TestSchemaIsFresh(t *testing.T) {
	g := generator{t: t, comments: comments(t, "row.go", "document.go"), defs: map[string]any{}}
	g.object(reflect.TypeFor[Document]())
	g.object(reflect.TypeFor[Line]())
	root := g.defs["Document"].(map[string]any)
	delete(g.defs, "Document")
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "What certty status prints as json and yaml"
	root["$defs"] = g.defs
	want, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	for _, path := range []string{"status.schema.json", filepath.Join("..", "..", "..", "docs", "status.schema.json")} {
		if *update {
			if err := os.WriteFile(path, want, 0o600); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale (%v): run go test ./ui/cli/row -run TestSchema -update", path, err)
		}
	}
}

// generator makes definitions of types.
type generator struct {
	t        *testing.T
	comments map[string]string
	defs     map[string]any
}

// object defines a struct.
func (g *generator) object(typ reflect.Type) {
	g.defs[typ.Name()] = nil // it may contain itself
	properties, required := map[string]any{}, []string{}
	var embedded []any
	for field := range typ.Fields() {
		if field.Anonymous {
			embedded = append(embedded, g.value(field.Type))
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		property := g.value(field.Type)
		text, ok := strings.CutPrefix(g.comments[typ.Name()+"."+field.Name], field.Name+" ")
		if !ok || name == "" {
			g.t.Errorf("%s.%s has no name, or no comment that begins with its own", typ.Name(), field.Name)
		}
		property["description"] = field.Name + " " + text
		if field.Name == "SchemaVersion" {
			property["const"] = SchemaVersion
		}
		properties[name] = property
		switch options {
		case "":
			required = append(required, name)
		case "omitzero":
		default:
			g.t.Errorf("%s.%s has the option %q", typ.Name(), field.Name, options)
		}
	}
	def := map[string]any{
		"type": "object", "description": g.comments[typ.Name()], "properties": properties, "required": required,
	}
	if embedded != nil {
		def["allOf"] = embedded
	}
	g.defs[typ.Name()] = def
}

// value is the schema of a type.
func (g *generator) value(typ reflect.Type) map[string]any {
	switch typ {
	case reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case reflect.TypeFor[State]():
		return map[string]any{"enum": States()}
	case reflect.TypeFor[Actor]():
		return map[string]any{"enum": Actors()}
	case reflect.TypeFor[Kind]():
		return map[string]any{"enum": Kinds()}
	case reflect.TypeFor[Severity]():
		return map[string]any{"enum": Severities()}
	case reflect.TypeFor[Event]():
		return map[string]any{"enum": Events()}
	case reflect.TypeFor[ErrorKind]():
		return map[string]any{"enum": ErrorKinds()}
	}
	switch typ.Kind() {
	case reflect.Pointer:
		return g.value(typ.Elem())
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number", "minimum": 0, "maximum": 1}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.value(typ.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": g.value(typ.Elem())}
	case reflect.Struct:
		if _, ok := g.defs[typ.Name()]; !ok {
			g.object(typ)
		}
		return map[string]any{"$ref": "#/$defs/" + typ.Name()}
	}
	g.t.Fatalf("a schema of %s is not known", typ)
	return nil
}

// comments reads the comments of types and their fields, as "Type" and
// "Type.Field".
func comments(t *testing.T, files ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	one := func(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range tree.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range decl.Specs {
				spec, ok := s.(*ast.TypeSpec)
				if !ok {
					continue
				}
				found[spec.Name.Name] = one(decl.Doc)
				if body, ok := spec.Type.(*ast.StructType); ok {
					for _, field := range body.Fields.List {
						if len(field.Names) == 0 {
							continue
						}
						found[spec.Name.Name+"."+field.Names[0].Name] = one(field.Doc)
					}
				}
			}
		}
	}
	return found
}

// TestStatesAreComplete: every state that the model has is in the enumeration.
func TestStatesAreComplete(t *testing.T) {
	tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "..", "model", "status.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, s := range States() {
		listed[string(s)] = true
	}
	for _, a := range Actors() {
		listed[string(a)] = true
	}
	n := 0
	ast.Inspect(tree, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); ok && (typ.Name == "State" || typ.Name == "Actor") {
			word := strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`)
			if n++; word != string(model.ActorNobody) && !listed[word] {
				t.Errorf("%s %q is not listed", typ.Name, word)
			}
		}
		return true
	})
	if want := len(States()) + len(Actors()) + 1; n != want {
		t.Errorf("%d words found, want %d", n, want)
	}
}
