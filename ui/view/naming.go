package view

import (
	"strings"

	"certty/model"
)

// IsOrder reports whether a row is an order at a CA account, placed or not, and
// no certificate in a vault.
func IsOrder(it *model.Item) bool { return it != nil && (it.Order != nil || it.Record != nil) }

// Called names a row in a title: several orders may have one name, so theirs
// comes with the id.
func Called(it *model.Item) string {
	switch {
	case it.Order != nil && it.Order.ID != "":
		return it.Name() + " (" + it.Ref.Target + ", order " + it.Order.ID + ")"
	case IsOrder(it):
		return it.Name() + " (" + it.Ref.Target + ", no id yet)"
	}
	return it.Name() + " (" + it.Ref.Target + ")"
}

// TypedName is what has to be typed to confirm something about a row that can't be
// undone, see [model.Item.Typed], and what to call that.
func TypedName(it *model.Item) (typed, label string) {
	typed, isID := it.Typed()
	if isID {
		return typed, "Type the order's id to confirm"
	}
	return typed, "Type the name to confirm"
}

// longestName is the longest name of a file, in characters.
const longestName = 64

// FileName is a name for a file of a row, without an ending: its name, with
// everything replaced that a file system or a shell could take amiss.
func FileName(it *model.Item) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, it.Name())
	name = name[:min(len(name), longestName)]
	switch {
	case strings.Trim(name, "._-") == "":
		return "certificate"
	case name[0] == '.' || name[0] == '-':
		return "_" + name[1:]
	}
	return name
}
