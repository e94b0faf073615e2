package completion

import (
	"slices"
	"testing"

	"github.com/spf13/cobra"
)

// TestPlaces: each argument is completed as what stands in its place of the use
// line.
func TestPlaces(t *testing.T) {
	for use, want := range map[string]struct {
		words    []string
		repeated bool
	}{
		"doctor":                                             {nil, false},
		"csr NAME":                                           {[]string{"NAME"}, false},
		"merge NAME [FILE...]":                               {[]string{"NAME", "FILE"}, true},
		"status [NAME | TARGET/NAME]...":                     {[]string{"NAME"}, true},
		"tags NAME [TAG=VALUE | TAG-]...":                    {[]string{"NAME", "TAG=VALUE"}, true},
		"validation (ORDER | --domain NAME)":                 {[]string{"ORDER"}, false},
		"decide REFERENCE (--is ID | --never-placed)":        {[]string{"REFERENCE"}, false},
		"policy NAME [--set PART=VALUE]... [--file FILE]":    {[]string{"NAME"}, false},
		"revoke ORDER --reason REASON --message TEXT [FILE]": {[]string{"ORDER", "FILE"}, false},
	} {
		if words, repeated := places(use); !slices.Equal(words, want.words) || repeated != want.repeated {
			t.Errorf("%s: %q, repeated %t", use, words, repeated)
		}
	}
}

// TestValues: what a flag's usage lists is offered, and nothing that is no list.
func TestValues(t *testing.T) {
	for usage, want := range map[string][]string{
		"`level` of a request that failed: ok, warning or critical":   {"ok", "warning", "critical"},
		"`reason` for everybody to read: unspecified, key-compromise": {"unspecified", "key-compromise"},
		"read the `file`":                        nil,
		"text: what happened, and why":           nil,
		"make a `key` of this kind, such as rsa": nil,
	} {
		cmd := &cobra.Command{}
		cmd.Flags().String("flag", "", usage)
		var got []string
		if complete := values(cmd.Flags().Lookup("flag")); complete != nil {
			got, _ = complete(cmd, nil, "")
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", usage, got)
		}
	}
}
