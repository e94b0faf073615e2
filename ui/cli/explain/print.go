package explain

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"certty/backend"
)

// schemaVersion is that of the JSON document. It grows with a change that a
// program would stumble over.
const schemaVersion = 1

// catalogue is the JSON document.
type catalogue struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// Codes are those that were asked for; all without one.
	Codes []entry `json:"codes"`
}

// entry is a code as JSON.
type entry struct {
	// Service is whose code it is.
	Service string `json:"service"`
	// Code is the code as the service spells it.
	Code string `json:"code"`
	// At are the calls that it belongs to, where the service gives the code to
	// several errors; empty for all.
	At []string `json:"at"`
	// Means says what it means.
	Means string `json:"means"`
	// Cause says why it comes.
	Cause string `json:"cause"`
	// Fix is what to do about it.
	Fix string `json:"fix"`
	// Who has to do that; nobody where there is nothing to do.
	Who string `json:"who"`
	// Kind sorts errors by what follows from them.
	Kind string `json:"kind"`
}

func document(codes []backend.Code) catalogue {
	out := catalogue{SchemaVersion: schemaVersion, Codes: make([]entry, 0, len(codes))}
	for _, c := range codes {
		out.Codes = append(out.Codes, entry{
			Service: string(c.Service), Code: c.Code, At: append([]string{}, c.At...), Means: c.Means,
			Cause: c.Cause, Fix: c.Next, Who: who(c), Kind: c.Kind.String(),
		})
	}
	return out
}

// who has to act, as a word.
func who(c backend.Code) string { return cmp.Or(string(c.Who), "nobody") }

// titles are the services in words.
var titles = map[backend.Service]string{
	backend.ServiceVault: "Key Vault", backend.ServiceEntra: "Microsoft Entra ID", backend.ServiceSCM: "Sectigo Certificate Manager",
	backend.ServiceHTTP: "HTTP status", backend.ServiceCertty: "certty",
}

// printList lists all codes, a line each.
func printList(w io.Writer, codes []backend.Code) error {
	codes = slices.Clone(codes)
	slices.SortStableFunc(codes, func(a, b backend.Code) int {
		if a.Service != b.Service || a.Service != backend.ServiceSCM {
			return 0
		}
		// What is no number is none of SCM's codes.
		x, _ := strconv.Atoi(a.Code)
		y, _ := strconv.Atoi(b.Code)
		return cmp.Compare(y, x)
	})
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range codes {
		means := c.Means
		if len(c.At) > 0 {
			means += " (" + strings.Join(c.At, ", ") + ")"
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\n", c.Service, c.Code, means); err != nil {
			return err
		}
	}
	return table.Flush()
}

// printCodes explains codes in full, on lines of at most width cells; 0 is as
// long as they are.
func printCodes(w io.Writer, codes []backend.Code, width int) error {
	var b strings.Builder
	for i, c := range codes {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(c.Code + "  " + titles[c.Service])
		switch {
		case len(c.At) > 0:
			b.WriteString(": " + strings.Join(c.At, ", "))
		case slices.ContainsFunc(codes, func(o backend.Code) bool { return o.Service == c.Service && o.Code == c.Code && len(o.At) > 0 }):
			b.WriteString(": elsewhere")
		}
		b.WriteByte('\n')
		for _, line := range [][2]string{
			{"Means", c.Means}, {"Cause", c.Cause}, {"Fix", c.Next}, {"Who", who(c)}, {"Kind", c.Kind.String()},
		} {
			const indent = 9
			for n, part := range wrap(line[1], width-indent) {
				label := ""
				if n == 0 {
					label = line[0]
				}
				fmt.Fprintf(&b, "  %-6s %s\n", label, part)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// wrap breaks a text of ours, which is ASCII, between words.
func wrap(text string, width int) []string {
	const least = 20
	if width < least || len(text) <= width {
		return []string{text}
	}
	var lines []string
	line := ""
	for w := range strings.FieldsSeq(text) {
		if line != "" && len(line)+1+len(w) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + w)
	}
	return append(lines, line)
}
