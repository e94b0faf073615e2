package schematest

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"
)

const dialect = "https://json-schema.org/draft/2020-12/schema"

// generate makes the schema of a document.
func generate(t *testing.T, d Document) map[string]any {
	t.Helper()
	g := generator{t: t, Document: d, comments: comments{}, defs: map[string]any{}, types: map[string]reflect.Type{}}
	out := g.object(d.Type)
	for _, beside := range d.Beside {
		g.value(beside)
	}
	out["$schema"], out["title"] = dialect, d.Title
	if len(g.defs) > 0 {
		out["$defs"] = g.defs
	}
	for name := range d.Fields {
		t.Errorf("%s has no field %s", d.Name, name)
	}
	return out
}

// generator makes the definitions of one schema.
type generator struct {
	Document
	t        *testing.T
	comments comments
	defs     map[string]any
	types    map[string]reflect.Type // what each definition was made of
}

// object describes a struct.
func (g *generator) object(typ reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	var embedded []any
	for field := range typ.Fields() {
		if field.Anonymous {
			embedded = append(embedded, g.value(field.Type))
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		property := g.value(field.Type)
		text := g.comments.of(g.t, typ, field.Name)
		if !strings.HasPrefix(text, field.Name+" ") || name == "" {
			g.t.Errorf("%s.%s has no name, or no comment that begins with its own", typ, field.Name)
		}
		property["description"] = text
		if field.Name == "SchemaVersion" {
			property["const"] = g.Version
		}
		path := local(typ) + "." + field.Name
		maps.Copy(property, g.Fields[path])
		delete(g.Fields, path)
		properties[name] = property
		switch options {
		case "":
			required = append(required, name)
		case "omitzero", "omitempty":
		default:
			g.t.Errorf("%s.%s has the option %q", typ, field.Name, options)
		}
	}
	out := map[string]any{"type": "object", "description": g.comments.of(g.t, typ, ""), "properties": properties, "required": required}
	if embedded != nil {
		out["allOf"] = embedded
	}
	return out
}

// value describes a value of a type.
func (g *generator) value(typ reflect.Type) map[string]any {
	if words, ok := g.Words[typ]; ok {
		return map[string]any{"enum": words}
	}
	switch typ {
	case reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case reflect.TypeFor[json.Number]():
		return map[string]any{"type": "number"}
	}
	switch typ.Kind() {
	case reflect.Pointer:
		return g.value(typ.Elem())
	case reflect.Interface:
		return map[string]any{} // whatever it is
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.value(typ.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": g.value(typ.Elem())}
	case reflect.Struct:
		return g.reference(typ)
	}
	g.t.Fatalf("a schema of %s is not known", typ)
	return nil
}

// reference describes a struct by its definition.
func (g *generator) reference(typ reflect.Type) map[string]any {
	name := local(typ)
	name = strings.ToUpper(name[:1]) + name[1:]
	if other, ok := g.types[name]; !ok {
		g.types[name] = typ // first: it may contain itself
		g.defs[name] = g.object(typ)
	} else if other != typ {
		g.t.Errorf("%s and %s would both be %s", typ, other, name)
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

// local is the name of a type in its package, without what it is made of.
func local(typ reflect.Type) string {
	name, _, _ := strings.Cut(typ.Name(), "[")
	return name
}
