package output

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestComplete: the shell is offered what New takes, each name once.
func TestComplete(t *testing.T) {
	type record struct {
		State string `json:"state"`
		Since string `json:"since"`
		Name  string `json:"name"`
	}
	list := func() List[record] {
		return List[record]{Columns: Columns[record](), Shown: []string{"name"}, Keys: []Key[record]{{Name: "severity"}}}
	}
	var f Flags
	cmd := &cobra.Command{}
	f.Add(cmd)
	Complete(cmd, list)
	for typed, want := range map[string]string{
		"columns ":             "state since name",
		"columns s":            "state since",
		"columns state,":       "state,since state,name",
		"columns state,s":      "state,since",
		"columns x":            "",
		"sort-by ":             "name severity since state",
		"sort-by se":           "severity",
		"sort-by -se":          "-severity",
		"sort-by -state,-s":    "-state,-severity -state,-since",
		"sort-by state,name,n": "",
	} {
		flag, word, _ := strings.Cut(typed, " ")
		complete, ok := cmd.GetFlagCompletionFunc(flag)
		if !ok {
			t.Fatalf("--%s is not completed", flag)
		}
		got, directive := complete(cmd, nil, word)
		if !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("--%s: %q, want %s", typed, got, want)
		}
		if directive != cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace {
			t.Errorf("--%s: directive %d", typed, directive)
		}
		for _, value := range got {
			f := Flags{}
			cmd := &cobra.Command{}
			f.Add(cmd)
			if err := cmd.Flags().Set(flag, value); err != nil {
				t.Fatal(err)
			}
			if _, err := New(&f, list()); err != nil {
				t.Errorf("--%s %s is offered and refused: %v", flag, value, err)
			}
		}
	}
}
