package check

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"certty/backend/text"
	"certty/ui/cli/command"
	"certty/ui/cli/jsontext"
	"certty/ui/cli/survey"
)

// New makes the command.
func New(env *command.Env) *cobra.Command {
	var s settings
	cmd := &cobra.Command{
		Use:   "check [NAME | TARGET/NAME]...",
		Short: "Check certificates, requests and accounts, as a monitoring plug-in",
		Long: `Looks at every target once and says in one line how it stands, with performance
data, as Nagios, Icinga and their relatives want it. Exit codes: 0 OK, 1 WARNING,
2 CRITICAL, 3 UNKNOWN. The worst of these counts:

  certificates  that have little left (-w, -c); CRITICAL once expired
  requests      and orders that wait for somebody for long (--stuck-warning,
                --stuck-critical), that failed (--failed), that are in doubt
                here, and certificates that were not collected or whose keystore
                or files are still to be made
  domains       of CA accounts whose validation ends (--domain-warning,
                --domain-critical), or has ended under a certificate in use
  passwords     of CA accounts that end (--password-warning, --password-critical)

A target that can't be read, or only in part, is UNKNOWN: what is stored of it is
judged as well, and may be CRITICAL, which beats UNKNOWN, which beats WARNING. So
are a wrong flag, no configuration, and a login that was refused before. Only the
right to list the deleted certificates of a vault may be missing (-vv says so).

A threshold is a share of a certificate's lifetime (20%) or a span (30d; m, h, d,
w, y; days without a unit), or a range of them in the syntax of the Monitoring
Plugins guidelines: 10: alerts below, ~:10 above, 10:20 outside, @10:20 inside. A
number alone is the least that may be left, or the longest that may be waited.
"" is none.

With NAME, or --filter, only these certificates and orders are checked, each with
performance data of its own where it is named. A name that nothing has, and a
filter that nothing passes, are UNKNOWN, a name without a certificate in use or a
request under way CRITICAL.

-o json says the same as a document, which certty schema check describes; the exit
codes are the same.

Nothing but reads leaves this machine. docs/monitoring.md has definitions for
Nagios and Icinga.`,
		Example: `  certty check
  certty check -w 25% -c 10% --target prod -v
  certty check -w 30d -c 14d prod/api-eu sectigo/shop.example.com
  certty check --filter 'tag:team=web' --max-age 5m --timeout 20
  certty check -o json | jq -r '.findings[].text'`,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			s.names = args
			return guarded(env, &s, func() (*report, error) { return run(cmd, env, &s) })
		},
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return guarded(env, &s, func() (*report, error) { return nil, command.FlagError(cmd, err) })
	})
	if err := s.bind(cmd); err != nil {
		panic(err) // a default above is wrong
	}
	return cmd
}

// guarded runs a check and ends the program with its code: with UNKNOWN when it
// could not be made, whatever the reason.
func guarded(env *command.Env, s *settings, check func() (*report, error)) error {
	rep, err := recovered(env, check)
	if err != nil {
		rep = failure(err)
	}
	if asJSON, wrong := s.format.JSON(); wrong == nil && asJSON {
		err = jsontext.Print(env.Stdout, rep.document(env.Now()))
	} else {
		_, err = io.WriteString(env.Stdout, rep.String())
	}
	if err != nil {
		return &command.Ended{Code: levelUnknown.code(), Err: fmt.Errorf("write the result: %w", err)}
	}
	return &command.Ended{Code: rep.worst().code()}
}

// recovered turns a panic into an error: a plug-in that dies with Go's exit code
// 2 would be CRITICAL.
func recovered(env *command.Env, check func() (*report, error)) (rep *report, err error) {
	defer func() {
		if p := recover(); p != nil {
			env.Say(fmt.Sprintf("panic: %v\n%s", p, debug.Stack()))
			said, _, _ := strings.Cut(fmt.Sprint(p), "\n")
			err = fmt.Errorf("certty failed: %s; this is a mistake in certty", said)
		}
	}()
	return check()
}

// failure is what is reported when nothing could be checked.
func failure(err error) *report {
	return &report{findings: []finding{{level: levelUnknown, kind: kindTrouble, text: text.Flat(err.Error())}}}
}

func run(cmd *cobra.Command, env *command.Env, s *settings) (rep *report, err error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	cfg, err := s.choose.Load(cmd)
	if err != nil {
		return nil, err
	}
	cfg.ReadOnly = true
	// A monitoring system that loses patience still gets its line.
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fleet, err := env.Open(ctx, cfg, command.OpenOptions{Now: env.Now, Say: env.Say})
	if err != nil {
		return nil, err
	}
	defer func() {
		if failed := fleet.Release(); failed != nil && err == nil {
			rep, err = nil, fmt.Errorf("close the local state: %w", failed)
		}
	}()
	return look(ctx, fleet, env, s), nil
}

// look looks at the targets of a fleet and judges what is found.
func look(ctx context.Context, fleet *command.Fleet, env *command.Env, s *settings) *report {
	wanted := only(fleet, s.names)
	looks := survey.Make(ctx, wanted, s.survey(env.Now))
	j := judge{settings: s, now: env.Now(), means: fleet.Means}
	j.all(looks)
	return &j.report
}

// only is a fleet of those targets that the names are about; all where one of
// them says no target.
func only(fleet *command.Fleet, names []string) *command.Fleet {
	var targets []string
	for _, name := range names {
		target, _ := fleet.Split(name)
		if target == "" {
			return fleet
		}
		targets = append(targets, target)
	}
	if len(targets) == 0 {
		return fleet
	}
	out := *fleet
	out.Targets = slices.DeleteFunc(slices.Clone(fleet.Targets), func(t command.Target) bool {
		return !slices.Contains(targets, t.Name())
	})
	return &out
}
