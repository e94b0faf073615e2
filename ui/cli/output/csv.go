package output

import (
	"encoding/csv"
	"io"
	"strings"

	"certty/backend/text"
)

// writeCSV writes the records with the columns' names as heading, quoted as
// RFC 4180 §2 says; lines end with a newline alone, as most programs write it.
func writeCSV[T any](w io.Writer, columns []Column[T], headers, terminal bool, records []T) error {
	out := csv.NewWriter(w)
	fields := make([]string, len(columns))
	if headers {
		for i := range columns {
			fields[i] = columns[i].Name
		}
		if err := out.Write(fields); err != nil {
			return err
		}
	}
	for r := range records {
		for i := range columns {
			s := columns[i].value(&records[r])
			if !columns[i].isNumber(&records[r]) {
				s = harmless(s)
			}
			if terminal {
				s = text.Clean(s)
			}
			fields[i] = s
		}
		if err := out.Write(fields); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless puts an apostrophe before a text that a spreadsheet would take for a
// formula (OWASP, CSV Injection); it then shows the text as it is.
func harmless(s string) string {
	if strings.IndexAny(s, "=+-@\t\r\n＝＋－＠") == 0 {
		return "'" + s
	}
	return s
}
