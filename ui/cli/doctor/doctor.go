package doctor

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/doctor"
	"certty/config"
	"certty/ui/cli/command"
	"certty/ui/cli/schema"
)

// New makes the command.
func New(env *command.Env) *cobra.Command {
	var targets command.Flags
	var format command.Format
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say why targets work or do not, and who can mend it",
		Long: `Looks at every target from the bottom up: name resolution, proxy, connection and
TLS, clock, tenant, credential, and each thing that the credential may read, with
the cheapest call for each. Says what is missing, what to do and who can, and
lists every host and port that a firewall has to let through.

It never writes. What can't be known without writing is said to be unknown. A
credential that was refused before is not tried again.

Exit codes: 0 nothing is missing, 1 something is, 2 wrong usage or configuration,
4 a credential is not accepted.`,
		Example: `  certty doctor
  certty doctor --target prod -o json`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			asJSON, err := format.JSON()
			if err != nil {
				return err
			}
			cfg, err := targets.Load(cmd)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			return run(ctx, env, cfg, asJSON)
		},
	}
	targets.Add(cmd)
	format.Add(cmd)
	schema.Publish(cmd, "doctor")
	cmd.Flags().DurationVar(&timeout, "timeout", 20*time.Second, "give up what is not answered after this `duration`")
	return cmd
}

// report is what was found out about one target.
type report struct {
	info      backend.Info
	endpoints []doctor.Endpoint
	checks    []doctor.Check
}

func run(ctx context.Context, env *command.Env, cfg *config.Config, asJSON bool) (err error) {
	fleet, err := env.Open(ctx, cfg, command.OpenOptions{Now: env.Now, Say: env.Say})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fleet.Release()) }()
	reports := make([]report, len(fleet.Targets))
	var wait sync.WaitGroup
	for i := range fleet.Targets {
		wait.Go(func() { reports[i] = examine(ctx, env, fleet, &fleet.Targets[i]) })
	}
	wait.Wait()
	here := thisMachine(cfg, fleet)
	if asJSON {
		err = writeJSON(env.Stdout, here, reports)
	} else {
		err = writeText(env.Stdout, here, reports)
	}
	if err != nil {
		return err
	}
	return verdict(here, reports)
}

func examine(ctx context.Context, env *command.Env, fleet *command.Fleet, t *command.Target) report {
	target := doctor.Target{
		Backend: t.Backend, Endpoints: t.Endpoints, Tenant: t.Config.Credential.Tenant, APIVersion: t.Config.APIVersion,
	}
	latch, latched, err := fleet.Store.GetLatch(ctx, t.Name())
	if latched {
		target.Latch = &latch
	}
	out := report{info: t.Info(), endpoints: t.Endpoints}
	out.checks = doctor.Examine(ctx, target, doctor.Options{Now: env.Now, Getenv: func(name string) string {
		value, _ := env.Lookup(name)
		return value
	}})
	if err != nil {
		out.checks = append(out.checks, doctor.Check{Finding: backend.Finding{What: "latch", Verdict: backend.VerdictWarn, Text: err.Error(), Err: err}})
	}
	return out
}

// thisMachine looks at what every target needs here.
func thisMachine(cfg *config.Config, fleet *command.Fleet) []doctor.Check {
	file := cfg.File
	if file == "" {
		file = "none"
	}
	out := []doctor.Check{{Finding: backend.Finding{What: "configuration", Verdict: backend.VerdictGood, Text: file}}}
	state := backend.Finding{What: "state", Verdict: backend.VerdictGood, Text: "can be written"}
	if err := fleet.Store.Unwritable(); err != nil {
		state.Verdict, state.Text, state.Fix = backend.VerdictBad, err.Error(), "Nothing can be changed without a journal: make the folder writable, or choose another one by state_dir."
	}
	out = append(out, doctor.Check{Finding: state})
	for _, note := range fleet.Store.Notes() {
		out = append(out, doctor.Check{Finding: backend.Finding{What: "state", Verdict: backend.VerdictWarn, Text: note}})
	}
	return out
}

// verdict is how the command ends.
func verdict(here []doctor.Check, reports []report) error {
	bad := doctor.Worst(here) == backend.VerdictBad
	for _, r := range reports {
		if !doctor.SignedIn(r.checks) {
			return &command.Ended{Code: command.ExitSignIn}
		}
		bad = bad || doctor.Worst(r.checks) == backend.VerdictBad
	}
	if bad {
		return &command.Ended{Code: command.ExitFailed}
	}
	return nil
}
