package command

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// TestUsageErrors: who slips reads what was meant, what a value looks like and how
// the command is used; each is an error of the command line.
func TestUsageErrors(t *testing.T) {
	for _, tt := range []struct {
		args []string
		says string
	}{
		{[]string{"x", "--targt", "a"}, "unknown flag: --targt; near are --target"},
		{[]string{"x", "--time", "1s"}, "near are --timeout"},
		{[]string{"x", "-target", "a"}, "'t' in -target; near are --target"},
		{[]string{"x", "--nonsense"}, "unknown flag: --nonsense"},
		{[]string{"x", "--timeout", "5"}, "--timeout 5: a duration is a number with a unit, such as 30s"},
		{[]string{"x", "--limit", "many"}, "--limit many: a whole number is wanted"},
		{[]string{"x", "--yes=si"}, "--yes si: it is true or false"},
		{[]string{"x", "--timeout"}, "--timeout needs a value: its duration"},
		{nil, "it takes 1 argument, and got no argument: wait NAME"},
		{[]string{"x", "y"}, "it takes 1 argument, and got 2 arguments: wait NAME"},
	} {
		cmd := &cobra.Command{Use: "wait NAME", Args: ExactArgs(1), SilenceErrors: true, SilenceUsage: true, RunE: func(*cobra.Command, []string) error { return nil }}
		cmd.SetFlagErrorFunc(FlagError)
		cmd.Flags().StringSlice("target", nil, "`names`")
		cmd.Flags().Duration("timeout", time.Second, "give up after this `duration`")
		cmd.Flags().Int("limit", 1, "at most `number`")
		cmd.Flags().Bool("yes", false, "")
		cmd.SetArgs(tt.args)
		if tt.args == nil {
			cmd.SetArgs([]string{})
		}
		err := cmd.Execute()
		if err == nil || !strings.Contains(err.Error(), tt.says) || ExitCode(err) != ExitUsage {
			t.Errorf("%v: %v (code %d), want %q", tt.args, err, ExitCode(err), tt.says)
		}
	}
	for says, check := range map[string]cobra.PositionalArgs{
		`it takes no argument, and got "x": c`:                 NoArgs,
		"it takes 3 arguments or more, and got 2 arguments: c": MinimumArgs(3),
		"it takes at most 1 argument, and got 2 arguments: c":  MaximumArgs(1),
		"it takes 1 argument, and got 2 arguments: c":          ExactArgs(1),
	} {
		if err := check(&cobra.Command{Use: "c", DisableFlagsInUseLine: true}, []string{"x", "y"}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}
