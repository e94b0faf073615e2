package output

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"certty/ui/cli/jsontext"
)

// List says how records of type T are printed.
type List[T any] struct {
	// Columns are those that can be shown, see [Columns].
	Columns []Column[T]
	// Shown are the names of those that a table shows by itself.
	Shown []string
	// Keys are what can be sorted by, beside the columns.
	Keys []Key[T]
	// Line makes the object of a line of JSON Lines; nil prints the record.
	Line func(T) any
}

// Printer prints lists as the flags say.
type Printer[T any] struct {
	// Format is the format that was chosen.
	Format Format

	list    List[T]
	columns []Column[T]
	keys    []sorting[T]
	headers bool
	program *program
}

type sorting[T any] struct {
	key  Key[T]
	flip bool
}

// New checks what was given and makes the printer of a list. Its errors are
// those of the command line.
func New[T any](f *Flags, list List[T]) (*Printer[T], error) {
	format, err := f.check()
	if err != nil {
		return nil, err
	}
	p := &Printer[T]{Format: format, list: list, headers: !f.noHeaders}
	if p.columns, err = choose(f, format, &list); err != nil {
		return nil, err
	}
	keys := keysOf(list.Keys, list.Columns)
	for _, name := range f.sortBy {
		name, flip := strings.CutPrefix(strings.TrimSpace(name), "-")
		key, ok := keys[name]
		if !ok {
			return nil, unknown("sort-by", "key or column", name, sortedNames(keys))
		}
		p.keys = append(p.keys, sorting[T]{key, flip})
	}
	if f.given("jq") {
		if p.program, err = compile(f.jq); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// choose gives the columns that are shown: those that were named, else those of
// the list in a table and all in CSV.
func choose[T any](f *Flags, format Format, list *List[T]) ([]Column[T], error) {
	names := list.Shown
	switch {
	case f.given("columns"):
		names = f.columns
	case format == CSV:
		return list.Columns, nil
	}
	if len(names) == 1 && strings.TrimSpace(names[0]) == "all" {
		return list.Columns, nil
	}
	if len(names) == 0 {
		names = []string{""}
	}
	var out []Column[T]
	for _, name := range names {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(list.Columns, func(c Column[T]) bool { return c.called(name) })
		if i < 0 {
			return nil, unknown("columns", "column", name, columnNames(list.Columns))
		}
		out = append(out, list.Columns[i])
	}
	return out, nil
}

func columnNames[T any](columns []Column[T]) []string {
	var names []string
	for i := range columns {
		names = append(append(names, columns[i].Name), columns[i].Also...)
	}
	return names
}

// Sort sorts the records as --sort-by says, and leaves them alone where nothing
// was said. Equal ones keep their order.
func (p *Printer[T]) Sort(records []T) {
	if len(p.keys) == 0 {
		return
	}
	slices.SortStableFunc(records, func(a, b T) int {
		for _, s := range p.keys {
			if n := s.key.Compare(&a, &b, s.flip); n != 0 {
				return n
			}
		}
		return 0
	})
}

// Print prints the records; document is what holds them and is printed instead
// in json, in yaml and to jq. width is that of the terminal in cells, 0 when w
// is none: then nothing is cut, and texts are what they are.
func (p *Printer[T]) Print(ctx context.Context, w io.Writer, width int, records []T, document any) error {
	err := p.print(ctx, w, width, records, document)
	if err != nil {
		return fmt.Errorf("print as %s: %w", p.Format, err)
	}
	return nil
}

func (p *Printer[T]) print(ctx context.Context, w io.Writer, width int, records []T, document any) error {
	switch {
	case p.program != nil:
		return p.program.run(ctx, w, width > 0, document)
	case p.Format == JSON:
		return jsontext.Print(w, document)
	case p.Format == YAML:
		return writeYAML(w, document)
	case p.Format == JSONL:
		for i := range records {
			if err := p.PrintLine(w, records[i]); err != nil {
				return err
			}
		}
		return nil
	case p.Format == CSV:
		return writeCSV(w, p.columns, p.headers, width > 0, records)
	default:
		return writeTable(w, p.columns, p.headers, width, records)
	}
}

// PrintLine prints a record as a line of JSON Lines.
func (p *Printer[T]) PrintLine(w io.Writer, record T) error {
	var line any = record
	if p.list.Line != nil {
		line = p.list.Line(record)
	}
	data, err := jsontext.Marshal(line)
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}
