package row

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"certty/model"
	"certty/ui/cli/schema"
	"certty/ui/cli/schema/schematest"
)

// TestSchemas holds the schemas to the types and their comments.
func TestSchemas(t *testing.T) {
	schematest.Fresh(t, document[Document]("status", "What certty status prints as json and yaml", reflect.TypeFor[Line]()))
	schematest.Fresh(t, document[Line](schema.Row, "A row, as the commands print it that change one or wait for it"))
}

// document is a document of rows.
func document[T any](name, title string, beside ...reflect.Type) schematest.Document {
	return schematest.Document{
		Name: name, Title: title, Type: reflect.TypeFor[T](), Version: SchemaVersion, Beside: beside, Words: Words(),
		Fields: map[string]map[string]any{"Row.LifeLeft": {"minimum": 0, "maximum": 1}},
	}
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
