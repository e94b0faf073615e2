package order

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

	"certty/backend/repository"
	"certty/config"
	"certty/model"
	"certty/ui/cli/command"
)

// selecting are the flags that say which orders an import takes over.
type selecting struct {
	statuses, organizations []string
	from, to                string
	deleted                 bool
}

// phases are the words for how far an order got, in the account's spelling.
var phases = []struct {
	word  string
	phase model.OrderPhase
}{
	{"requested", model.OrderRequested}, {"approved", model.OrderApproved}, {"applied", model.OrderApplied},
	{"issued", model.OrderIssued}, {"expired", model.OrderExpired}, {"revoked", model.OrderRevoked}, {"replaced", model.OrderReplaced},
	{"declined", model.OrderDeclined}, {"rejected", model.OrderRejected}, {"invalid", model.OrderInvalid}, {"others", model.OrderUnknown},
}

func (s *selecting) add(cmd *cobra.Command) {
	var words []string
	for _, p := range phases {
		words = append(words, p.word)
	}
	f := cmd.Flags()
	f.StringSliceVar(&s.statuses, "status", nil, "only orders of this `status` (repeatable): "+strings.Join(words, ", "))
	f.StringArrayVar(&s.organizations, "organization", nil, "only those of this organization, by `name` or id (repeatable); it brings its departments")
	f.StringVar(&s.from, "expires-from", "", "only certificates that end on this `day` or later, such as 2026-11-21")
	f.StringVar(&s.to, "expires-until", "", "only certificates that end on this `day` or earlier")
	f.BoolVar(&s.deleted, "deleted-here", false, "show those again, too, that were deleted here")
}

// given is the selection, as far as the flags alone say it.
func (s *selecting) given() (repository.Selection, error) {
	out := repository.Selection{Deleted: s.deleted}
	var err error
	if out.ExpiresFrom, err = day("expires-from", s.from); err != nil {
		return out, err
	}
	if out.ExpiresTo, err = day("expires-until", s.to); err != nil {
		return out, err
	}
	if !out.ExpiresTo.IsZero() {
		if out.ExpiresTo.Before(out.ExpiresFrom) {
			return out, command.Usage(errors.New("--expires-until lies before --expires-from"))
		}
		out.ExpiresTo = out.ExpiresTo.AddDate(0, 0, 1) // this day included
	}
	for _, word := range s.statuses {
		phase, ok := phaseOf(word)
		if !ok {
			return out, command.Usage(fmt.Errorf("--status %s: certty import-orders --help lists what there is", word))
		}
		out.Phases = append(out.Phases, phase)
	}
	return out, nil
}

func phaseOf(word string) (model.OrderPhase, bool) {
	for _, p := range phases {
		if strings.EqualFold(p.word, word) {
			return p.phase, true
		}
	}
	return 0, false
}

// day reads a date; zero for none.
func day(flag, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return at, command.Usage(fmt.Errorf("--%s %s: a date is needed, such as 2026-11-21", flag, value))
	}
	return at, nil
}

func newImport(env *command.Env) *cobra.Command {
	var r command.Reaching
	var dry command.DryRun
	var s selecting
	var at string
	cmd := &cobra.Command{
		Use:   "import-orders",
		Short: "Take existing orders of the account over into the local repository",
		Long: `Takes the orders of an account over into the local repository, so that they are
managed here: checked every day, collected once they are issued. All are taken
without a choice; with choices those that fit all of them. With a bound an order
without a certificate does not count. Nothing changes at the account.

Its progress is said on standard error. The list is read whole before anything is
taken over; what was taken over before an interruption stays, and started again the
import takes the rest. What was not the whole list is said to be that, with exit
code 1.`,
		Example: "  certty import-orders\n  certty import-orders --status issued --organization \"Example Inc\" --expires-until 2027-03-31",
		Args:    command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			selection, err := s.given()
			if err != nil {
				return err
			}
			return r.At(cmd, env, at, config.KindSCM, func(ctx context.Context, f *command.Fleet, t *command.Target) error {
				if dry.Dry() {
					return env.Would("It would list the orders of " + t.Name() + ", and keep those that fit the choices in " + here(f))
				}
				known, err := catalogueOf(ctx, env, f, t)
				if err != nil && len(s.organizations) > 0 {
					return err
				}
				for _, name := range s.organizations {
					o, err := organization(&known, known.Organizations, name)
					if err != nil {
						return err
					}
					selection.Organizations = append(selection.Organizations, known.WithDepartments(o.ID)...)
				}
				return adopt(ctx, env, f, t, selection)
			})
		},
	}
	r.Add(cmd)
	dry.Add(cmd)
	s.add(cmd)
	cmd.Flags().StringVar(&at, "account", "", "the `target` whose orders are meant, where there are several")
	return cmd
}

// tellEvery is how many orders lie between two lines about the progress.
const tellEvery = 500

func adopt(ctx context.Context, env *command.Env, f *command.Fleet, t *command.Target, selection repository.Selection) error {
	begun := ctx
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	told := 0
	p, err := t.Repository.Import(ctx, selection, func(p repository.Progress) {
		if n := p.Listed + p.Added + p.Restored; n-told >= tellEvery {
			told = n
			env.Say(fmt.Sprintf("%d orders listed, %d selected, %d of them new here", p.Listed, p.Selected, p.Added))
		}
	})
	err = f.Heed(context.WithoutCancel(ctx), t, err)
	if _, kept := f.Keep(context.WithoutCancel(ctx), t.Name(), t.News()...); kept != nil && err == nil {
		err = fmt.Errorf("store what was taken over: %w", kept)
	}
	if lacking := p.Lacking(); lacking != "" {
		env.Say(lacking)
	}
	_, printed := fmt.Fprintf(env.Stdout, "listed %d\nselected %d\nnew %d\nshown-again %d\nmanaged-before %d\n",
		p.Listed, p.Selected, p.Added, p.Restored, p.Kept)
	switch {
	case err != nil && ctx.Err() != nil && begun.Err() == nil:
		// The last call ended with it; that tells nothing of the service.
		return errors.New("interrupted")
	case err != nil:
		return err
	case !p.Whole:
		return errors.New("the list was not read to its end")
	}
	return printed
}
