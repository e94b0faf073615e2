package output

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certty/ui/cli/command"
)

// Format is a form of output.
type Format string

// The formats.
const (
	// Table is for people. Its layout is no promise.
	Table Format = "table"
	// JSON is one document.
	JSON Format = "json"
	// JSONL is one JSON object for each record, each on a line.
	JSONL Format = "jsonl"
	// YAML is the document of JSON in YAML 1.2.
	YAML Format = "yaml"
	// CSV is one line for each record, with a heading (RFC 4180).
	CSV Format = "csv"
)

// Formats lists every format.
func Formats() []Format { return []Format{Table, JSON, JSONL, YAML, CSV} }

// Flags are what a person sets about output.
type Flags struct {
	format    string
	jq        string
	columns   []string
	sortBy    []string
	noHeaders bool
	cmd       *cobra.Command
}

// Add adds the flags to a command.
func (f *Flags) Add(cmd *cobra.Command) {
	f.cmd = cmd
	set := cmd.Flags()
	set.StringVarP(&f.format, "output", "o", string(Table), "print as `format`: "+join(Formats()))
	set.StringVar(&f.jq, "jq", "", "print what this jq `expression` makes of the json document, texts without quotes")
	set.StringSliceVar(&f.columns, "columns", nil, "show these `columns` in a table or csv, separated by commas; all shows every one")
	set.StringSliceVar(&f.sortBy, "sort-by", nil, "sort by these `keys` or columns, separated by commas; a dash before one turns it around")
	set.BoolVar(&f.noHeaders, "no-headers", false, "leave out the heading of a table or csv")
	var formats []cobra.Completion
	for _, format := range Formats() {
		formats = append(formats, string(format))
	}
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp)) // the flag is there
}

// check settles the format and says which flags do not fit together.
func (f *Flags) check() (Format, error) {
	format := Format(f.format)
	if !slices.Contains(Formats(), format) {
		return "", command.Usage(fmt.Errorf("--output %s: the formats are %s", f.format, join(Formats())))
	}
	if f.given("jq") {
		if f.given("output") && format != JSON {
			return "", command.Usage(fmt.Errorf("--jq reads the json document, so it does not go with --output %s", format))
		}
		format = JSON
	}
	if format != Table && format != CSV {
		for _, name := range []string{"columns", "no-headers"} {
			if f.given(name) {
				return "", command.Usage(fmt.Errorf("--%s is for table and csv; choose properties of %s with --jq", name, format))
			}
		}
	}
	return format, nil
}

func (f *Flags) given(name string) bool { return f.cmd != nil && f.cmd.Flags().Changed(name) }

// unknown is an error of the command line about a name that is none of all.
func unknown(flag, what, name string, all []string) error {
	text := fmt.Sprintf("--%s: there is no %s %q", flag, what, name)
	if name == "" {
		text = fmt.Sprintf("--%s: a %s is missing", flag, what)
	}
	if near := nearest(name, all); len(near) > 0 {
		text += "; did you mean " + strings.Join(near, " or ") + "?"
	} else {
		text += "; there are " + strings.Join(all, ", ")
	}
	return command.Usage(errors.New(text))
}

func join[S ~string](all []S) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
