package status

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"certty/backend/pass"
	"certty/model"
	"certty/model/query"
	"certty/ui/cli/command"
	"certty/ui/cli/output"
	"certty/ui/cli/schema"
)

// settings are what a person sets for the command.
type settings struct {
	targets command.Flags
	output  output.Flags
	filter  string
	watch   time.Duration
	maxAge  time.Duration
	timeout time.Duration
	deep    bool
	retry   bool
	names   []string
}

const (
	watchByDefault = time.Minute
	// watchAtLeast keeps a slip of the finger from costing a service's patience.
	watchAtLeast = 5 * time.Second
)

// New makes the command.
func New(env *command.Env) *cobra.Command {
	var s settings
	cmd := &cobra.Command{
		Use:   "status [NAME | TARGET/NAME]...",
		Short: "Show certificates, requests and orders without a screen",
		Long: `Looks at every target once, all beside each other, and prints the rows of the
board: what state they are in, what has to be done next and by whom. With NAME
only these rows are printed; at a CA account NAME is an order's id, or its common
name.

A list tells nothing of pending requests, so those are read that were in progress
or may have changed, and standard error says how old the rest is; --deep reads
them all, and asks why each order waits that is with its CA. --max-age 5m takes
what is stored of a target that was listed within five minutes, without a call.

--filter is the board's language (docs/filter.md). --sort-by takes the board's
keys urgency, name, target, state, age, left and expiry, and every column. Columns
are the properties of the JSON form, which certty schema status describes.

--watch looks again every minute, or --watch=30s: on a terminal the table is drawn
anew until ctrl+c, elsewhere each row is printed as a line of JSON, and again when
it changed, with what happened as event.

Nothing but reads leaves this machine. Exit codes: 0 everything was read, 1 a
target failed or was not read to the end (its rows are printed as they were known),
2 wrong usage or configuration, 3 a NAME has no row, 4 like 1, but all that failed
is refused or missing logins. A login without the right to list the deleted
certificates of a vault is told so, and that is no failure; without the right to
list certificates the target failed. docs/status.md says more.`,
		Example: `  certty status
  certty status --filter 'state:waits age>3d' --sort-by age
  certty status prod/api-eu --deep -o json
  certty status -o csv --columns name,target,state,not_after
  certty status --jq '.items[] | select(.days_left < 30) | .name'
  certty status --watch=30s --max-age 30s`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			s.names = args
			return run(cmd, env, &s)
		},
	}
	s.targets.Add(cmd)
	s.output.Add(cmd)
	schema.Publish(cmd, "status")
	output.Complete(cmd, list)
	f := cmd.Flags()
	f.StringVar(&s.filter, "filter", "", "print only rows that pass this `filter`")
	f.DurationVar(&s.watch, "watch", 0, "look again at this `interval` until ctrl+c")
	f.Lookup("watch").NoOptDefVal = watchByDefault.String()
	f.DurationVar(&s.maxAge, "max-age", 0, "take what is stored of a target that was listed within this `duration`")
	f.DurationVar(&s.timeout, "timeout", 30*time.Second, "give up a target after this `duration`")
	f.BoolVar(&s.deep, "deep", false, "read the pending request of every certificate")
	f.BoolVar(&s.retry, "retry", false, "try logins again that were refused")
	return cmd
}

// check says what is wrong with the flags, and gives the filter.
func (s *settings) check() (*query.Filter, error) {
	filter, err := query.Parse(s.filter)
	switch {
	case err != nil:
		return nil, command.Usage(fmt.Errorf("--filter: %w", err))
	case s.watch != 0 && s.watch < watchAtLeast:
		return nil, command.Usage(fmt.Errorf("--watch=%s: look at most every %s", s.watch, watchAtLeast))
	case s.maxAge < 0:
		return nil, command.Usage(errors.New("--max-age can't be negative"))
	case s.timeout <= 0:
		return nil, command.Usage(errors.New("--timeout must be more than nothing"))
	}
	for _, name := range s.names {
		if name == "" || strings.HasSuffix(name, "/") {
			return nil, command.Usage(fmt.Errorf("%q is no name: say NAME or TARGET/NAME", name))
		}
	}
	return filter, nil
}

func run(cmd *cobra.Command, env *command.Env, s *settings) (err error) {
	filter, err := s.check()
	if err != nil {
		return err
	}
	printer, err := output.New(&s.output, list())
	if err != nil {
		return err
	}
	width := env.Width()
	drawn := width > 0 && printer.Format == output.Table
	if s.watch > 0 && !drawn && printer.Format != output.JSONL {
		if cmd.Flags().Changed("output") || cmd.Flags().Changed("jq") {
			return command.Usage(errors.New("--watch draws a table on a terminal and prints JSON Lines elsewhere: leave the format out, or say -o jsonl"))
		}
		printer.Format = output.JSONL
	}
	cfg, err := s.targets.Load(cmd)
	if err != nil {
		return err
	}
	cfg.ReadOnly = true
	say := &sayer{say: env.Say}
	fleet, err := env.Open(cmd.Context(), cfg, command.OpenOptions{Now: env.Now, Say: say.line})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fleet.Release()) }()
	j := &job{env: env, settings: s, filter: filter, printer: printer, means: fleet.Means, now: env.Now, say: say}
	if err := j.choose(fleet); err != nil {
		return err
	}
	if s.retry {
		if err := fleet.Retry(cmd.Context()); err != nil {
			return err
		}
	}
	if s.watch == 0 {
		return j.once(cmd.Context(), width)
	}
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if drawn {
		return j.draw(ctx)
	}
	return j.follow(ctx)
}

// job is one call of the command.
type job struct {
	env      *command.Env
	settings *settings
	filter   *query.Filter
	printer  *output.Printer[entry]
	// means reports whether an argument names a row, see command.Fleet.Means.
	means func(arg string, it *model.Item) bool
	// look looks at every target once.
	look func(context.Context) []pass.Result
	now  func() time.Time
	say  *sayer
}

// choose settles which targets are looked at: all, or those that the names say.
func (j *job) choose(fleet *command.Fleet) error {
	chosen := map[string]bool{}
	for _, arg := range j.settings.names {
		target, _ := fleet.Split(arg)
		if before, _, ok := strings.Cut(arg, "/"); ok && target == "" {
			return &command.Ended{Code: command.ExitNotFound, Err: fmt.Errorf("%s: there is no target %q here", arg, before)}
		}
		chosen[target] = true
	}
	var targets []pass.Target
	for i := range fleet.Targets {
		t := &fleet.Targets[i]
		if len(chosen) > 0 && !chosen[""] && !chosen[t.Name()] {
			continue
		}
		target := pass.Target{Backend: t.Backend}
		if t.Repository != nil {
			target.Records = t.Repository.Records
		}
		targets = append(targets, target)
	}
	options := pass.Options{
		Keeper: fleet.Store, Deep: j.settings.deep, MaxAge: j.settings.maxAge, Timeout: j.settings.timeout, Now: j.now,
	}
	j.look = func(ctx context.Context) []pass.Result { return pass.Make(ctx, targets, options) }
	return nil
}

// once looks, prints and says what failed.
func (j *job) once(ctx context.Context, width int) error {
	v := j.view(j.look(ctx))
	if err := j.printer.Print(ctx, j.env.Stdout, width, v.entries, v.document); err != nil {
		return err
	}
	for _, line := range j.remarks(v) {
		j.env.Say(line)
	}
	return v.ending()
}
