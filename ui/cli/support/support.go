package support

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
	"certty/ui/cli/schema"
)

// New makes the command.
func New(env *command.Env) *cobra.Command {
	var flags command.Flags
	var format command.Format
	var redacted bool
	cmd := &cobra.Command{
		Use:   "support",
		Short: "Gather what helps whoever is asked for help",
		Long: `Prints one text to attach to a ticket: version and libraries, machine and terminal,
the settings that count, each target with what it can do and why not, refused
logins, changes whose end is not known, and the last errors with their codes and
request ids, as journal and log have them. No service is called.

No secret is in it: of a secret it says where it is taken from. Names of
certificates, hosts and people are in it unless --redact puts numbers in their
place; the same name gets the same number. Read it before you send it.

Exit codes: 0 done, 1 the text could not be written, 2 wrong usage. What is wrong
with the configuration or the local state is part of the text.`,
		Example: `  certty support > certty-support.txt
  certty support --redact -o json`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			asJSON, err := format.JSON()
			if err != nil {
				return err
			}
			g := &gatherer{env: env, redact: redacted}
			text, err := g.run(cmd.Context(), flags.Given(cmd), asJSON)
			if err != nil {
				return err
			}
			_, err = env.Stdout.Write(text)
			return err
		},
	}
	flags.Add(cmd)
	format.Add(cmd)
	schema.Publish(cmd, "support")
	cmd.Flags().BoolVar(&redacted, "redact", false, "put numbers in the place of names, hosts and people")
	return cmd
}

// gatherer makes one report.
type gatherer struct {
	env    *command.Env
	redact bool
	out    report
	hide   hider
	secret []string // values that stand in the environment
}

func (g *gatherer) run(ctx context.Context, flags config.Flags, asJSON bool) ([]byte, error) {
	g.out = report{
		SchemaVersion: schemaVersion, MadeAt: g.env.Now().UTC().Truncate(time.Second), Redacted: g.redact, Program: g.env.Program,
		Environment: []string{}, Targets: []target{}, Unfinished: []change{}, Errors: []failure{},
		Configuration: configuration{Problems: []string{}, Settings: []setting{}}, State: state{Notes: []string{}},
	}
	g.machine()
	cfg, err := config.Load(config.Options{Flags: flags, Environ: g.env.Lookup})
	var problems config.Problems
	switch {
	case errors.As(err, &problems):
		for _, p := range problems {
			g.out.Configuration.Problems = append(g.out.Configuration.Problems, p.String())
		}
	case err != nil:
		g.out.Configuration.Problems = append(g.out.Configuration.Problems, err.Error())
	default:
		g.settings(cfg)
		if err := g.fleet(ctx, cfg); err != nil {
			g.out.State.Error = err.Error()
		}
		g.logged(command.LogFile(g.out.State.StateDir))
	}
	newest(&g.out.Errors)
	if g.redact {
		g.hide.report(&g.out)
	}
	return g.blot(g.print(asJSON))
}

// fleet looks at the targets and the local state.
func (g *gatherer) fleet(ctx context.Context, cfg *config.Config) (err error) {
	if len(cfg.Targets) == 0 && !cfg.Sandbox {
		g.out.Configuration.Problems = append(g.out.Configuration.Problems, command.ErrNoTargets.Error())
	}
	f, err := g.env.Open(ctx, cfg, command.OpenOptions{Say: func(line string) { g.out.State.Notes = append(g.out.State.Notes, line) }})
	if err != nil {
		return err
	}
	defer func() {
		if released := f.Release(); released != nil {
			err = errors.Join(err, fmt.Errorf("close the local state: %w", released))
		}
	}()
	g.out.State.Notes = append(g.out.State.Notes, f.Store.Notes()...)
	for i := range f.Targets {
		t := &f.Targets[i]
		info := t.Info()
		shown := target{
			Name: info.Name, Kind: info.Kind, Address: info.Address, ReadOnly: info.ReadOnly, Sandbox: info.Sandbox,
			Capabilities: capabilities(t.Capabilities()),
		}
		l, latched, err := f.Store.GetLatch(ctx, info.Name)
		if err != nil {
			return err
		}
		if latched {
			shown.Latch = &latch{At: l.At.UTC(), Reason: l.Reason}
		}
		g.out.Targets = append(g.out.Targets, shown)
	}
	return g.journal(ctx, f.Store)
}
