package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"certty/ui/cli/spelling"
)

// FlagError says what is wrong with the flags of a command in plain words: which
// flags a person may have meant, and what a value looks like. It is an error of the
// command line.
func FlagError(cmd *cobra.Command, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		typed := unknown.GetSpecifiedName()
		if letters := unknown.GetSpecifiedShortnames(); len(letters) > len(typed) {
			typed = letters // -target in place of --target
		}
		if near := nearFlags(cmd, typed); len(near) > 0 {
			return Usage(fmt.Errorf("%w; near are %s", err, strings.Join(near, ", ")))
		}
		return Usage(err)
	}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		f := invalid.GetFlag()
		why := ""
		switch f.Value.Type() {
		case "duration":
			why = "a duration is a number with a unit, such as 30s, 5m or 1h30m"
		case "int":
			why = "a whole number is wanted"
		case "bool":
			why = "it is true or false"
		default:
			if cause := invalid.Unwrap(); cause != nil {
				why = cause.Error()
			}
		}
		return Usage(fmt.Errorf("--%s %s: %s", f.Name, invalid.GetValue(), why))
	}
	if bare, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		what, _ := pflag.UnquoteUsage(bare.GetFlag())
		return Usage(fmt.Errorf("--%s needs a value: its %s", bare.GetFlag().Name, what))
	}
	return Usage(err)
}

// nearFlags are up to three flags of a command that a person may have meant: those
// that begin with what was typed or the other way around, and those that are a slip
// away.
func nearFlags(cmd *cobra.Command, typed string) []string {
	const most = 3
	if len(typed) < 2 {
		return nil // a single letter is near to everything
	}
	far := map[string]int{}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		distance := spelling.Distance(typed, f.Name)
		if distance <= 1+len(typed)/4 || strings.HasPrefix(f.Name, typed) || strings.HasPrefix(typed, f.Name) {
			far["--"+f.Name] = distance
		}
	})
	near := make([]string, 0, len(far))
	for name := range far {
		near = append(near, name)
	}
	slices.SortFunc(near, func(a, b string) int {
		if far[a] != far[b] {
			return far[a] - far[b]
		}
		return strings.Compare(a, b)
	})
	return near[:min(most, len(near))]
}

// NoArgs takes no argument. What stands in the place of a command is told as one
// that is not known.
func NoArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 && cmd.HasSubCommands() {
		return Usage(cobra.NoArgs(cmd, args))
	}
	return counted(cmd, args, 0, 0)
}

// ExactArgs takes n arguments.
func ExactArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error { return counted(cmd, args, n, n) }
}

// MinimumArgs takes n arguments or more.
func MinimumArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error { return counted(cmd, args, n, len(args)) }
}

// MaximumArgs takes at most n arguments.
func MaximumArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error { return counted(cmd, args, 0, n) }
}

// counted says how many arguments a command takes where it got another number, and
// shows how it is used. It is an error of the command line.
func counted(cmd *cobra.Command, args []string, least, most int) error {
	if len(args) >= least && len(args) <= most {
		return nil
	}
	wanted := arguments(least)
	switch {
	case len(args) < least && most != least:
		wanted += " or more"
	case len(args) > most && most != least:
		wanted = "at most " + arguments(most)
	}
	usage := strings.TrimSuffix(cmd.UseLine(), " [flags]")
	given := arguments(len(args))
	if len(args) > most && most == 0 {
		given = fmt.Sprintf("%q", args[0])
	}
	return Usage(fmt.Errorf("it takes %s, and got %s: %s", wanted, given, usage))
}

func arguments(n int) string {
	switch n {
	case 0:
		return "no argument"
	case 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}
