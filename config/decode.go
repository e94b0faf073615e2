package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// choice is a setting that takes one of a few words.
type choice interface{ choices() []string }

var (
	durationType = reflect.TypeFor[time.Duration]()
	secretType   = reflect.TypeFor[Secret]()
	targetType   = reflect.TypeFor[Target]()
)

// decoder fills a Config from a file and goes on after a problem, so that one
// run names them all. go-yaml's own strict decoder stops at the first.
type decoder struct {
	file     string
	problems Problems
	// at says where each setting stands, by path.
	at map[string]Position
	// bad holds the paths that have a problem already: a rule that fails
	// because of it is not reported a second time.
	bad map[string]bool
	// anchors are the values that have a name (&name), in the order of the file.
	anchors map[string]ast.Node
}

func newDecoder(file string) *decoder {
	return &decoder{
		file:    file,
		at:      map[string]Position{},
		bad:     map[string]bool{},
		anchors: map[string]ast.Node{},
	}
}

// decode fills cfg, which holds the defaults, from a file's content.
func (d *decoder) decode(data []byte, cfg *Config) {
	body, problem := parse(d.file, data)
	if problem != nil {
		d.problems = append(d.problems, *problem)
		d.bad["targets"] = true
		return
	}
	if body == nil {
		return
	}
	d.value("", body, reflect.ValueOf(cfg).Elem())
}

func (d *decoder) report(path string, node ast.Node, format string, args ...any) {
	d.bad[path] = true
	d.problems = append(d.problems, Problem{
		Position: d.position(node), Path: path, Text: fmt.Sprintf(format, args...),
	})
}

// doubtful reports whether a setting, or one within it, has a problem: then
// nothing can be concluded from its value.
func (d *decoder) doubtful(path string) bool {
	for bad := range d.bad {
		if strings.HasPrefix(bad, path) {
			return true
		}
	}
	return false
}

// position is where a person would look for a node: a mapping starts at its
// first key, not at the colon that go-yaml names.
func (d *decoder) position(node ast.Node) Position {
	if mapping, ok := node.(ast.MapNode); ok {
		if it := mapping.MapRange(); it.Next() {
			node = it.Key()
		}
	}
	return d.place(node.GetToken())
}

func (d *decoder) place(tk *token.Token) Position {
	if tk == nil || tk.Position == nil {
		return Position{Source: d.file, Line: 1, Column: 1}
	}
	return Position{Source: d.file, Line: tk.Position.Line, Column: tk.Position.Column}
}

// value decodes one node by the type it goes into. Null is as good as absent.
func (d *decoder) value(path string, node ast.Node, into reflect.Value) {
	node, ok := d.follow(path, node)
	if !ok {
		return
	}
	if _, null := node.(*ast.NullNode); null {
		return
	}
	if _, set := d.at[path]; !set {
		d.at[path] = d.position(node)
	}
	switch {
	case into.Type() == secretType:
		d.secret(path, node, into)
	case into.Type() == durationType:
		d.duration(path, node, into)
	case into.Kind() == reflect.Struct:
		d.mapping(path, node, into)
	case into.Kind() == reflect.Slice:
		d.sequence(path, node, into)
	case into.Kind() == reflect.Pointer:
		pointed := reflect.New(into.Type().Elem())
		into.Set(pointed)
		d.value(path, node, pointed.Elem())
	case into.Kind() == reflect.Bool:
		d.boolean(path, node, into)
	default:
		d.text(path, node, into)
	}
}

// follow resolves names (&name, *name). A tag, and a name that is not known
// yet, are problems.
func (d *decoder) follow(path string, node ast.Node) (ast.Node, bool) {
	switch n := node.(type) {
	case *ast.AnchorNode:
		if n.Value == nil {
			d.report(path, n, "the anchor names no value")
			return nil, false
		}
		// A value that names itself makes no loop: each level has another type.
		value, ok := d.follow(path, n.Value)
		if ok {
			d.anchors[n.Name.GetToken().Value] = value
		}
		return value, ok
	case *ast.AliasNode:
		name := n.Value.GetToken().Value
		value, ok := d.anchors[name]
		if !ok {
			d.report(path, n, "nothing above is named %s", quote("&"+name))
		}
		return value, ok
	case *ast.TagNode:
		d.report(path, n, "tags such as %s are not taken, write the value alone", quote(n.Start.Value))
		return nil, false
	}
	return node, true
}

func (d *decoder) mapping(path string, node ast.Node, into reflect.Value) {
	mapping, ok := node.(ast.MapNode)
	if !ok {
		d.report(path, node, "%s where settings are expected (%s)", describe(node), list(keys(into.Type())))
		return
	}
	seen := map[string]int{}
	for it := mapping.MapRange(); it.Next(); {
		key, isText := it.Key().(*ast.StringNode)
		if !isText {
			d.report(join(path, it.Key().GetToken().Value), it.Key(),
				"%s is no setting, allowed are %s", quote(it.Key().GetToken().Value), list(keys(into.Type())))
			continue
		}
		name, inner := key.Value, join(path, key.Value)
		field, known := fieldOf(into, name)
		if line, twice := seen[name]; twice {
			d.report(inner, key, "set a second time, line %d sets it already", line)
			continue
		}
		seen[name] = d.position(key).Line
		if !known {
			d.unknown(path, key, into.Type())
			continue
		}
		d.at[inner] = d.position(key)
		if !isContainer(it.Value()) {
			d.at[inner] = d.position(it.Value())
		}
		d.value(inner, it.Value(), field)
	}
}

func (d *decoder) unknown(path string, key *ast.StringNode, in reflect.Type) {
	names := keys(in)
	d.report(join(path, key.Value), key, "unknown setting, allowed are %s%s", list(names), meant(key.Value, names))
	if near := nearest(key.Value, names); near != "" {
		// It was meant, so it is not missing as well.
		d.bad[join(path, near)] = true
	}
}

func (d *decoder) sequence(path string, node ast.Node, into reflect.Value) {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		d.report(path, node, "%s where a list is expected: start each entry with \"- \"", describe(node))
		return
	}
	for i, entry := range sequence.Values {
		inner := path + "[" + strconv.Itoa(i) + "]"
		element := reflect.New(into.Type().Elem()).Elem()
		if element.Type() == targetType {
			element.Set(reflect.ValueOf(defaultTarget()))
		}
		d.at[inner] = d.position(entry)
		d.value(inner, entry, element)
		into.Set(reflect.Append(into, element))
	}
}

func (d *decoder) secret(path string, node ast.Node, into reflect.Value) {
	if _, ok := node.(ast.MapNode); !ok {
		// The value is not repeated: it may be the secret.
		d.report(path, node, "a secret is never written here: say where it is, with one of %s",
			list(keys(secretType)))
		return
	}
	d.mapping(path, node, into)
}

func isContainer(node ast.Node) bool {
	switch n := node.(type) {
	case ast.MapNode, *ast.SequenceNode, *ast.NullNode:
		return true
	case *ast.AnchorNode:
		return isContainer(n.Value)
	}
	return false
}

// keys are the settings of a group, in the order of the documentation.
func keys(group reflect.Type) []string {
	var names []string
	for field := range group.Fields() {
		if name := field.Tag.Get("yaml"); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

func fieldOf(group reflect.Value, name string) (reflect.Value, bool) {
	for i := range group.NumField() {
		if tag := group.Type().Field(i).Tag.Get("yaml"); tag == name && tag != "-" {
			return group.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func join(path, key string) string {
	// A key of another person's making must not break the message's line.
	if strings.ContainsFunc(key, func(r rune) bool { return !strconv.IsPrint(r) }) || key == "" {
		key = quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}
