package output

import (
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"certty/backend/text"
)

const (
	// gap is between two columns.
	gap = "  "
	// narrowest is how many cells a column keeps when there is little room.
	narrowest = 8
	ellipsis  = "…"
)

// writeTable writes columns that stand under each other by the cells that a
// terminal gives to their text. Where width is not 0 the widest columns are
// made narrower until a line has that many cells.
func writeTable[T any](w io.Writer, columns []Column[T], headers bool, width int, records []T) error {
	var lines [][]string
	if headers {
		line := make([]string, len(columns))
		for i := range columns {
			line[i] = columns[i].Title
		}
		lines = append(lines, line)
	}
	for r := range records {
		line := make([]string, len(columns))
		for i := range columns {
			line[i] = text.Clean(columns[i].cell(&records[r]))
		}
		lines = append(lines, line)
	}
	widths := make([]int, len(columns))
	for _, line := range lines {
		for i, s := range line {
			widths[i] = max(widths[i], ansi.StringWidth(s))
		}
	}
	if width > 0 {
		squeeze(widths, width)
	}
	var b strings.Builder
	for _, line := range lines {
		writeRow(&b, columns, widths, line, width)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// squeeze makes the widest column narrower until all fit, as far as it goes.
func squeeze(widths []int, width int) {
	total := len(gap) * (len(widths) - 1)
	for _, n := range widths {
		total += n
	}
	for total > width {
		widest := 0
		for i := range widths {
			if widths[i] > widths[widest] {
				widest = i
			}
		}
		if widths[widest] <= narrowest {
			return
		}
		widths[widest]--
		total--
	}
}

func writeRow[T any](b *strings.Builder, columns []Column[T], widths []int, cells []string, width int) {
	var line strings.Builder
	for i, s := range cells {
		if i > 0 {
			line.WriteString(gap)
		}
		s = ansi.Truncate(s, widths[i], ellipsis)
		pad := strings.Repeat(" ", widths[i]-ansi.StringWidth(s))
		if columns[i].Right {
			line.WriteString(pad + s)
		} else {
			line.WriteString(s + pad)
		}
	}
	out := strings.TrimRight(line.String(), " ")
	if width > 0 {
		out = ansi.Truncate(out, width, ellipsis)
	}
	b.WriteString(out)
	b.WriteByte('\n')
}
