package output

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Column is a property of records of type T, as tables and CSV show it.
type Column[T any] struct {
	// Name is the JSON property; that of a nested one is "error.code".
	Name string
	// Also are other names that a person may give.
	Also []string
	// Title is the heading in a table.
	Title string
	// Right is true where a table aligns it to the right.
	Right bool
	// Cell is what a table shows; nil shows what CSV has.
	Cell func(*T) string

	path [][]int // of the fields, each from the struct before it
}

// Columns lists a column for each JSON property of the struct type T, with those
// of structs within. Lists and maps are joined to one text with "; ".
func Columns[T any]() []Column[T] {
	var all []Column[T]
	var add func(typ reflect.Type, prefix string, path [][]int)
	add = func(typ reflect.Type, prefix string, path [][]int) {
		for _, field := range reflect.VisibleFields(typ) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if !field.IsExported() || field.Anonymous || name == "" || name == "-" {
				continue
			}
			here := append(slices.Clone(path), field.Index)
			inner := field.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct && inner != timeType {
				add(inner, prefix+name+".", here)
				continue
			}
			name = prefix + name
			all = append(all, Column[T]{
				Name: name, Title: strings.ToUpper(strings.NewReplacer("_", " ", ".", " ").Replace(name)),
				Right: numeric(inner.Kind()), path: here,
			})
		}
	}
	add(reflect.TypeFor[T](), "", nil)
	return all
}

var timeType = reflect.TypeFor[time.Time]()

func numeric(k reflect.Kind) bool {
	return k == reflect.Int || k == reflect.Int64 || k == reflect.Float64
}

// of is the column's value in a record; ok is false where it is not known.
func (c *Column[T]) of(record *T) (v reflect.Value, ok bool) {
	v = reflect.ValueOf(record).Elem()
	for _, index := range c.path {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.FieldByIndex(index)
	}
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return v, false
		}
		return v.Elem(), true // what is pointed to is known, also when it is zero
	}
	return v, v.Kind() == reflect.Bool || numeric(v.Kind()) || !v.IsZero()
}

// value is the column's value as text, as CSV has it; "" where it is not known.
func (c *Column[T]) value(record *T) string {
	v, ok := c.of(record)
	if !ok {
		return ""
	}
	if v.Type() == timeType {
		return v.Interface().(time.Time).Format(time.RFC3339)
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Float64:
		return strconv.FormatFloat(v.Float(), 'f', -1, 64)
	case reflect.Slice:
		words := make([]string, v.Len())
		for i := range words {
			words[i] = fmt.Sprint(v.Index(i).Interface())
		}
		return strings.Join(words, "; ")
	case reflect.Map:
		var words []string
		for key, value := range v.Seq2() {
			words = append(words, fmt.Sprint(key.Interface())+"="+fmt.Sprint(value.Interface()))
		}
		slices.Sort(words)
		return strings.Join(words, "; ")
	}
	return fmt.Sprint(v.Interface())
}

// called reports whether name is one of the column's.
func (c *Column[T]) called(name string) bool { return c.Name == name || slices.Contains(c.Also, name) }

// cell is what a table shows.
func (c *Column[T]) cell(record *T) string {
	if c.Cell != nil {
		return c.Cell(record)
	}
	return c.value(record)
}

// isNumber reports whether the column holds numbers, which can't be formulas.
func (c *Column[T]) isNumber(record *T) bool {
	v, ok := c.of(record)
	return ok && numeric(v.Kind())
}

// compare orders two records by the column; what is not known comes last,
// whichever way around.
func (c *Column[T]) compare(a, b *T, flip bool) int {
	va, oka := c.of(a)
	vb, okb := c.of(b)
	switch {
	case !oka && !okb:
		return 0
	case !oka:
		return 1
	case !okb:
		return -1
	}
	n := compareValues(va, vb, func() int { return cmp.Compare(c.value(a), c.value(b)) })
	if flip {
		return -n
	}
	return n
}

// compareValues orders two values of one type; text compares what has no order
// of its own.
func compareValues(a, b reflect.Value, text func() int) int {
	if a.Type() == timeType {
		return a.Interface().(time.Time).Compare(b.Interface().(time.Time))
	}
	switch a.Kind() {
	case reflect.Int, reflect.Int64:
		return cmp.Compare(a.Int(), b.Int())
	case reflect.Float64:
		return cmp.Compare(a.Float(), b.Float())
	}
	return text()
}

// Key is something to sort by that is no column.
type Key[T any] struct {
	Name string
	// Compare orders two records, the other way around when flip is set.
	Compare func(a, b *T, flip bool) int
}

// keysOf are the keys of a list: its own before its columns.
func keysOf[T any](own []Key[T], columns []Column[T]) map[string]Key[T] {
	keys := map[string]Key[T]{}
	for i := range columns {
		c := &columns[i]
		keys[c.Name] = Key[T]{c.Name, c.compare}
		for _, name := range c.Also {
			keys[name] = Key[T]{name, c.compare}
		}
	}
	for _, k := range own {
		keys[k.Name] = k
	}
	return keys
}

func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
