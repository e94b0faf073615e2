package explain

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"certty/backend"
	"certty/ui/cli/command"
	"certty/ui/cli/jsontext"
	"certty/ui/cli/schema"
)

// New makes the command.
func New(env *command.Env) *cobra.Command {
	var format command.Format
	cmd := &cobra.Command{
		Use:   "explain [CODE...]",
		Short: "Say what a code means, how to mend it, and who has to",
		Long: `Looks up the code of an error: what it means, why it comes, what to do about it,
and who has to do that. Known are the codes of Azure Key Vault and of requests
that failed, those with which Microsoft Entra ID refuses a token, those of
Sectigo Certificate Manager, the HTTP statuses that a proxy or a firewall gives,
and certty's own words such as uncertain and latched. Nothing is called.

A code may be spelled in several ways: with or without its minus sign, in any
case of its letters, or as a whole message that it stands in. A service before
it (vault, entra, scm, http, certty) keeps to that service's codes. Services give
some codes to several errors; then each is explained, with the calls that it
belongs to.

Without a code all of them are listed. They also stand in docs/codes.md.

Exit codes: 0 done, 2 wrong usage, 3 no such code; the nearest ones are named.`,
		Example: `  certty explain -1400
  certty explain PendingCertificateNotFound
  certty explain Certificate issuer error
  certty explain http 407
  certty explain -o json -- -3`,
		// A code such as -1400 is no flag, see arguments.
		DisableFlagParsing: true,
		Args:               cobra.ArbitraryArgs,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return words(env.Codes()), cobra.ShellCompDirectiveNoFileComp
		},
	}
	format.Add(cmd)
	schema.Publish(cmd, "explain")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		queries, err := arguments(cmd, args)
		if errors.Is(err, pflag.ErrHelp) {
			return cmd.Help()
		}
		if err != nil {
			return err
		}
		asJSON, err := format.JSON()
		if err != nil {
			return err
		}
		return run(env, queries, asJSON)
	}
	return cmd
}

// number is a code of Sectigo Certificate Manager on the command line.
var number = regexp.MustCompile(`^-\d+$`)

// arguments parses the flags and gives the codes in their order.
func arguments(cmd *cobra.Command, args []string) ([]string, error) {
	const escape = "\x00" // no argument of a process holds it
	rest := slices.Clone(args)
	for i, arg := range rest {
		if arg == "--" {
			break
		}
		if number.MatchString(arg) {
			rest[i] = escape + arg
		}
	}
	cmd.DisableFlagParsing = false
	defer func() { cmd.DisableFlagParsing = true }()
	if err := cmd.ParseFlags(rest); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return nil, err
		}
		return nil, command.Usage(err)
	}
	if help, err := cmd.Flags().GetBool("help"); err == nil && help {
		return nil, pflag.ErrHelp
	}
	queries := cmd.Flags().Args()
	for i, q := range queries {
		queries[i] = strings.TrimPrefix(q, escape)
	}
	return queries, nil
}

func run(env *command.Env, queries []string, asJSON bool) error {
	all := env.Codes()
	if len(queries) == 0 {
		if asJSON {
			return jsontext.Print(env.Stdout, document(all))
		}
		return printList(env.Stdout, all)
	}
	found, unknown := lookUp(all, queries)
	if len(found) > 0 {
		var err error
		if asJSON {
			err = jsontext.Print(env.Stdout, document(found))
		} else {
			err = printCodes(env.Stdout, found, env.Width())
		}
		if err != nil {
			return err
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	lines := make([]error, len(unknown))
	for i, q := range unknown {
		lines[i] = notKnown(all, q)
	}
	return &command.Ended{Code: command.ExitNotFound, Err: errors.Join(lines...)}
}

// lookUp finds what each query names. Several words may be one code.
func lookUp(all []backend.Code, queries []string) (found []backend.Code, unknown []string) {
	if len(queries) > 1 {
		if found := named(all, strings.Join(queries, " ")); len(found) > 0 {
			return found, nil
		}
	}
	for _, q := range queries {
		of := find(all, q)
		if len(of) == 0 {
			unknown = append(unknown, q)
		}
		for _, c := range of {
			if !slices.ContainsFunc(found, func(other backend.Code) bool { return same(c, other) }) {
				found = append(found, c)
			}
		}
	}
	return found, unknown
}

func same(a, b backend.Code) bool {
	return a.Service == b.Service && a.Code == b.Code && a.Means == b.Means && slices.Equal(a.At, b.At)
}

func notKnown(all []backend.Code, q string) error {
	text := fmt.Sprintf("no code %q is known", shown(q))
	if near := nearest(all, q); len(near) > 0 {
		text += "; near are " + strings.Join(near, ", ")
	}
	return errors.New(text + "; certty explain lists all of them")
}

// shown is a query of a length that fits a line.
func shown(q string) string {
	const most = 60
	if runes := []rune(q); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return q
}
