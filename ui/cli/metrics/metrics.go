package metrics

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"certty/backend/staging"
	"certty/backend/text"
	"certty/model/timetext"
	"certty/ui/cli/command"
	"certty/ui/cli/survey"
)

// publicMode lets the collector read the file, which is another user's.
const publicMode = 0o644

// settings are what a person wants.
type settings struct {
	choose   command.Flags
	to       string
	subjects bool
	deep     bool
	maxAge   time.Duration
	timeout  time.Duration
	dry      command.DryRun
}

// New makes the command.
func New(env *command.Env) *cobra.Command {
	var s settings
	cmd := &cobra.Command{
		Use:   "metrics",
		Short: "Write metrics in the text format of Prometheus",
		Long: `Looks at every target once and writes what it found in the text format of
Prometheus: to standard output, or with --to to a file for the textfile collector
of the node exporter, which finds the old file or the new one, never half of one.

Certificates have the names of x509 exporters (x509_cert_not_after,
x509_cert_not_before, x509_cert_expired), so that alerts that are there already
work. Requests, orders, domain validations, passwords and targets have names that
begin with certty_. The label name is that of a vault's certificate, or an order's
id; --subjects adds subject and issuer.

A target that can't be read has certty_target_up 0 and what is stored of it. The
file is written then as well, and the exit code is 1. Nothing but reads leaves
this machine. --dry-run looks as well and says what it would write to the file.
docs/monitoring.md has a timer and alert rules.`,
		Example: `  certty metrics
  certty metrics --to /var/lib/node_exporter/textfile/certty.prom
  certty metrics --target prod --subjects --max-age 10m`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd, env, &s) },
	}
	f := cmd.Flags()
	s.choose.Add(cmd)
	s.dry.Add(cmd)
	f.StringVar(&s.to, "to", "", "write to this `file`, whose name ends in .prom")
	f.BoolVar(&s.subjects, "subjects", false, "add subject and issuer as labels")
	f.BoolVar(&s.deep, "deep", false, "read the pending request of every certificate")
	f.DurationVar(&s.maxAge, "max-age", 0, "take what is stored of a target that was listed within this `duration`")
	f.DurationVar(&s.timeout, "timeout", 30*time.Second, "give up a target after this `duration`")
	return cmd
}

func (s *settings) check() error {
	switch {
	case s.to != "" && (filepath.Ext(s.to) != ".prom" || filepath.Base(s.to) == ".prom"):
		return command.Usage(fmt.Errorf("--to %s: the textfile collector reads nothing but *.prom", s.to))
	case s.timeout <= 0:
		return command.Usage(errors.New("--timeout is a time above zero, such as 10s"))
	case s.maxAge < 0:
		return command.Usage(errors.New("--max-age is a time such as 5m, and not negative"))
	}
	return nil
}

func run(cmd *cobra.Command, env *command.Env, s *settings) (err error) {
	if err := s.check(); err != nil {
		return err
	}
	cfg, err := s.choose.Load(cmd)
	if err != nil {
		return err
	}
	cfg.ReadOnly = true
	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fleet, err := env.Open(ctx, cfg, command.OpenOptions{Now: env.Now, Say: env.Say})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fleet.Release()) }()
	return gather(ctx, fleet, env, s)
}

// gather looks at the targets of a fleet and writes what it found. What could
// not be read is the error.
func gather(ctx context.Context, fleet *command.Fleet, env *command.Env, s *settings) error {
	looks := survey.Make(ctx, fleet, survey.Options{
		Deep: s.deep, MaxAge: s.maxAge, Timeout: s.timeout, Passwords: true, Domains: true, Now: env.Now,
	})
	if ctx.Err() != nil {
		return errors.New("interrupted; nothing was written")
	}
	g := newGathering(env.Now(), s.subjects, env.Program.Version)
	untold := 0
	for i := range looks {
		g.target(&looks[i])
		untold += tell(env, &looks[i])
	}
	err := s.put(env, g.families())
	if err == nil && untold > 0 {
		err = &command.Ended{Code: command.ExitFailed} // what failed was said, target by target
	}
	return err
}

// put writes metrics to a file, of which a reader finds the old one or the new
// one, whole, or to standard output where none is named. While it is written, the
// file's name does not end in .prom, so that the collector leaves it alone.
// Everybody may read it.
func (s *settings) put(env *command.Env, families []*family) error {
	if s.to == "" {
		return write(env.Stdout, families)
	}
	var b bytes.Buffer
	if err := write(&b, families); err != nil {
		return err
	}
	if s.dry.Dry() {
		return s.wouldPut(env, b.Bytes())
	}
	if err := staging.Replace(s.to, b.Bytes(), publicMode); err != nil {
		return fmt.Errorf("write %s: %w", s.to, err)
	}
	return nil
}

// wouldPut says what put would write, and where.
func (s *settings) wouldPut(env *command.Env, text []byte) error {
	if folder, err := os.Stat(filepath.Dir(s.to)); err != nil || !folder.IsDir() {
		return fmt.Errorf("write %s: there is no folder %s", s.to, filepath.Dir(s.to))
	}
	what := "a new file"
	if old, err := os.Stat(s.to); err == nil {
		what = "in place of the file of " + timetext.Moment(old.ModTime())
	}
	_, err := fmt.Fprintf(env.Stdout, "It would write %d lines, %d bytes, to %s, %s. Nothing but reads was sent, and the file was not written.\n",
		bytes.Count(text, []byte("\n")), len(text), s.to, what)
	return err
}

// tell says what could not be read of a target, and how much that is. A right that
// nothing depends on is said to be missing, and does not count.
func tell(env *command.Env, l *survey.Look) int {
	untold := 0
	say := func(err error) {
		untold++
		env.Say("certty: " + l.Info.Name + ": " + text.Flat(err.Error()))
	}
	if err := l.Trouble(); err != nil {
		say(err)
	}
	if l.Lacks != nil {
		env.Say("certty: " + l.Info.Name + ": without its deleted certificates: " + text.Flat(l.Lacks.Error()))
	}
	if l.KeeperErr != nil {
		say(fmt.Errorf("what was learned could not be kept: %w", l.KeeperErr))
	}
	if l.Password != nil && l.Password.Err != nil && l.Latch == nil {
		say(fmt.Errorf("password expiry: %w", l.Password.Err))
	}
	if l.DomainsErr != nil && l.Latch == nil {
		say(fmt.Errorf("domain validations: %w", l.DomainsErr))
	}
	return untold
}
