package schematest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Check says what is wrong with a document, by a schema as this package makes them:
// a keyword that it does not know is an error, and so is a property that the schema
// does not tell of, because this program has it from nowhere else.
func Check(schema, document []byte) error {
	var rules map[string]any
	if err := json.Unmarshal(schema, &rules); err != nil {
		return fmt.Errorf("the schema: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return fmt.Errorf("the document: %w", err)
	}
	if decoder.More() {
		return errors.New("the document: something stands behind it")
	}
	c := checker{top: rules}
	c.value("$", rules, value)
	return errors.Join(c.wrong...)
}

// checker checks one document.
type checker struct {
	top   map[string]any
	wrong []error
}

func (c *checker) fail(at, format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...)))
}

// value checks a value by its schema.
func (c *checker) value(at string, rules map[string]any, value any) {
	if object, ok := value.(map[string]any); ok {
		c.object(at, rules, object)
		return
	}
	for _, keyword := range slices.Sorted(maps.Keys(rules)) {
		c.keyword(at, keyword, rules[keyword], value)
	}
}

// keyword checks a value that is no object.
func (c *checker) keyword(at, keyword string, rule, value any) {
	switch keyword {
	case "description", "title", "$schema", "$defs":
	case "type":
		if !isType(value, rule) {
			c.fail(at, "%v is no %v", value, rule)
		}
	case "enum":
		if list, _ := rule.([]any); !slices.ContainsFunc(list, func(word any) bool { return reflect.DeepEqual(word, value) }) {
			c.fail(at, "%v is none of %v", value, list)
		}
	case "const", "minimum", "maximum":
		n, _ := value.(json.Number)
		f, err := n.Float64()
		bound, _ := rule.(float64)
		if err != nil || keyword == "const" && f != bound || keyword == "minimum" && f < bound || keyword == "maximum" && f > bound {
			c.fail(at, "%v, want %s %v", value, keyword, rule)
		}
	case "format":
		text, _ := value.(string)
		// A moment that is not known is absent, see package row.
		if moment, err := time.Parse(time.RFC3339, text); err != nil || rule != "date-time" || moment.IsZero() {
			c.fail(at, "%v is no %v", value, rule)
		}
	case "items":
		list, _ := value.([]any)
		of, _ := rule.(map[string]any)
		for i, item := range list {
			c.value(fmt.Sprintf("%s[%d]", at, i), of, item)
		}
	case "properties", "required", "allOf", "additionalProperties", "$ref":
		c.fail(at, "%v is no object", value)
	default:
		c.fail(at, "the schema says %s, which nobody checks", keyword)
	}
}

// isType reports whether a value that is no object has a type.
func isType(value, name any) bool {
	switch value := value.(type) {
	case string:
		return name == "string"
	case bool:
		return name == "boolean"
	case []any:
		return name == "array"
	case json.Number:
		return name == "number" || name == "integer" && !strings.ContainsAny(value.String(), ".eE")
	}
	return false
}

// object checks an object: every property is known, and none is missing.
func (c *checker) object(at string, rules map[string]any, object map[string]any) {
	if len(rules) == 1 && rules["description"] != nil || len(rules) == 0 {
		return // whatever it is
	}
	known := map[string]map[string]any{}
	rest, open := c.gather(at, rules, object, known)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		of, ok := known[name]
		switch {
		case ok:
			c.value(at+"."+name, of, object[name])
		case open:
			c.value(at+"."+name, rest, object[name])
		default:
			c.fail(at, "the schema does not tell of %q", name)
		}
	}
}

// gather collects the properties of a schema and of those that it is made of, and
// says which of the required ones are missing.
func (c *checker) gather(at string, rules, object map[string]any, known map[string]map[string]any) (rest map[string]any, open bool) {
	if name, ok := rules["$ref"].(string); ok {
		defs, _ := c.top["$defs"].(map[string]any)
		of, ok := defs[strings.TrimPrefix(name, "#/$defs/")].(map[string]any)
		if !ok {
			c.fail(at, "the schema has no %s", name)
		}
		return c.gather(at, of, object, known)
	}
	if rules["type"] != "object" {
		c.fail(at, "an object is no %v", rules["type"])
	}
	properties, _ := rules["properties"].(map[string]any)
	for name, property := range properties {
		known[name], _ = property.(map[string]any)
	}
	required, _ := rules["required"].([]any)
	for _, name := range required {
		if _, ok := object[fmt.Sprint(name)]; !ok {
			c.fail(at, "%v is missing", name)
		}
	}
	parts, _ := rules["allOf"].([]any)
	for _, part := range parts {
		of, _ := part.(map[string]any)
		c.gather(at, of, object, known)
	}
	rest, open = rules["additionalProperties"].(map[string]any)
	return rest, open
}
