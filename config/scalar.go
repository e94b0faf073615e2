package config

import (
	"reflect"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"
)

func (d *decoder) boolean(path string, node ast.Node, into reflect.Value) {
	b, ok := node.(*ast.BoolNode)
	if !ok {
		d.report(path, node, "%s where true or false is expected", describe(node))
		return
	}
	into.SetBool(b.Value)
}

func (d *decoder) duration(path string, node ast.Node, into reflect.Value) {
	const example = "write a number and a unit, such as 90s, 10m or 1h30m"
	raw, ok := scalar(node)
	if !ok {
		d.report(path, node, "%s where a duration is expected: %s", describe(node), example)
		return
	}
	duration, err := time.ParseDuration(raw)
	if err != nil {
		d.report(path, node, "%s is no duration: %s", quote(raw), example)
		return
	}
	into.SetInt(int64(duration))
}

func (d *decoder) text(path string, node ast.Node, into reflect.Value) {
	raw, ok := scalar(node)
	if !ok {
		d.report(path, node, "%s where text is expected", describe(node))
		return
	}
	if c, limited := reflect.TypeAssert[choice](into); limited && !slices.Contains(c.choices(), raw) {
		d.report(path, node, "%s is not known, allowed are %s%s", quote(raw), list(c.choices()), meant(raw, c.choices()))
		return
	}
	into.SetString(raw)
}

// scalar is the text of a value as it was written: 7.10 as a version is not
// the number 7.1.
func scalar(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// describe says what a person wrote, without the value.
func describe(node ast.Node) string {
	switch node.(type) {
	case ast.MapNode:
		return "a group of settings"
	case *ast.SequenceNode:
		return "a list"
	case *ast.BoolNode:
		return "true or false"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	}
	return "text"
}
