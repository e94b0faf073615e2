package order

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/repository"
	"certty/config"
	"certty/model"
	"certty/model/effect"
	"certty/model/timetext"
	"certty/ui/cli/command"
)

func newPlace(env *command.Env) *cobra.Command {
	var c command.Changing
	var twice bool
	cmd := &cobra.Command{
		Use:   "place-order REFERENCE",
		Short: "Send an order that was prepared here and not sent",
		Long: `Sends an order that is written down here and was not sent: certty order prints
its reference then, and certty status lists it. It is looked for at the account
first, and one that was placed meanwhile is not sent again. It costs one
certificate of the contract. REFERENCE may also be the common name.

Where it was not sent because somebody else had ordered for the same name, it is
sent with --order-twice only.`,
		Example: "  certty place-order certty:5d41402abc4b2a76:1\n  certty place-order sectigo/portal.example.com --yes",
		Args:    command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				return place(ctx, env, f, &c, row, twice)
			})
		},
	}
	c.Add(cmd)
	cmd.Flags().BoolVar(&twice, "order-twice", false, "order beside those for the same name that were placed elsewhere; it costs another certificate")
	return cmd
}

func place(ctx context.Context, env *command.Env, f *command.Fleet, c *command.Changing, row *command.Row, twice bool) error {
	caps := row.Target.Capabilities()
	if err := row.Refuse(command.Cant(caps.Order == nil, caps.OrderWhy), row.Item.WhyNotPlaced()); err != nil {
		return err
	}
	r := row.Item.Record
	facts := []fact{{"name", r.CommonName}, {"prepared", timetext.Moment(r.StepAt)}, {"reference", r.Reference}, {"last try", r.Trouble}}
	var beside []string
	if r.Namesakes != "" && !twice {
		return row.Refuse("the account has orders for this name that were not placed from here: " + r.Namesakes + ". --order-twice orders another one; " + forgetting(row.Target, r) + " forgets this one")
	} else if twice {
		beside = r.NamesakeIDs()
	}
	records, err := f.Store.Records(ctx, row.Target.Name())
	if err != nil {
		return fmt.Errorf("look what was ordered from here: %w", err)
	}
	all := make([]*model.Record, len(records))
	for i := range records {
		all[i] = &records[i]
	}
	said := append(append(append(effect.Beside(r), effect.BesideOwn(r, all)...), lines(facts)...), "",
		"It costs one certificate of the contract. It is looked for at the account first, and sent once, whatever happens.", "",
		sends(row.Target, "/ssl/v1/enroll"))
	p := placing{target: row.Target}
	return c.Run(ctx, env, f, command.Change{
		Target: row.Target, Row: row, Ref: row.Item.Ref, Became: p.ref,
		Question: command.Question{Title: title("Order", row), Lines: said},
		Send: func(ctx context.Context) (backend.Change, error) {
			if !c.Dry() {
				return p.came(row.Target.Repository.Place(ctx, r.Key, beside...))
			}
			held, err := f.Store.Holding(ctx, row.Target.Name(), r.Key)
			if err != nil {
				return change(fmt.Errorf("read the order %s: %w", r.Key, err))
			}
			return caps.Order.Order(ctx, *held.Spec)
		},
	})
}

// placing follows the record of an order that is sent.
type placing struct {
	target *command.Target
	record model.Record
}

// came takes what became of the order, and names the way on where it was not
// placed.
func (p *placing) came(record model.Record, err error) (backend.Change, error) {
	p.record = record
	if err == nil {
		return change(nil)
	}
	name := p.target.Name() + "/" + record.Key
	if record.Step == model.StepPrepared && record.Namesakes != "" {
		err = fmt.Errorf("%w\n  The order is written down with everything that it needs. If both are meant, certty place-order %s --order-twice sends it; %s forgets it",
			err, name, forgetting(p.target, &record))
		return change(err)
	}
	switch record.Step {
	case model.StepPrepared:
		err = fmt.Errorf("%w\n  Nothing was sent. The order is written down with everything that it needs; certty place-order %s sends it. Another certty order would be another order", err, name)
	case model.StepRefused:
		err = fmt.Errorf("%w\n  Nothing was ordered. %s forgets what was written down", err, forgetting(p.target, &record))
	case model.StepSending, model.StepUndecided, model.StepDoubled:
		err = fmt.Errorf("%w\n  It may have been ordered. Nothing is sent again, and it must not be ordered once more before that is known: it would cost another certificate.\n"+
			"  certty find-order %s looks for it; where it is not found for 20 minutes, certty decide %s takes your word", err, name, name)
	case model.StepPlaced, model.StepCollected, model.StepUnreadable:
	}
	return change(err)
}

// ref is the row of the order as far as it got.
func (p *placing) ref() model.Ref {
	return model.Ref{Target: p.target.Name(), Kind: model.KindCertificate, Key: p.record.Key}
}

func newFind(env *command.Env) *cobra.Command {
	var c command.Changing
	cmd := &cobra.Command{
		Use:   "find-order REFERENCE",
		Short: "Look at the account for an order whose answer was lost",
		Long: `Looks at the account for an order or a renewal that was sent and whose answer was
lost: by its reference, or by the order that it renews. Nothing is sent again. A
console and certty work do this by themselves.

An order that is still looked for ends with exit code 8, one that waits for your
word with 1: see certty decide. REFERENCE may also be the common name.`,
		Example: "  certty find-order certty:5d41402abc4b2a76:1\n  certty find-order sectigo/portal.example.com",
		Args:    command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				return find(ctx, env, f, &c, row)
			})
		},
	}
	c.AddLocal(cmd)
	return cmd
}

func find(ctx context.Context, env *command.Env, f *command.Fleet, c *command.Changing, row *command.Row) error {
	if err := row.Refuse(row.Item.WhyNotMissing()); err != nil {
		return err
	}
	p := placing{target: row.Target}
	err := c.Run(ctx, env, f, command.Change{
		Target: row.Target, Row: row, Ref: row.Item.Ref, Became: p.ref,
		Local: "It would look for " + row.Name() + " among the orders of " + row.Target.Name() + ", and note what it finds in " + here(f),
		Send: func(ctx context.Context) (backend.Change, error) {
			record, err := row.Target.Repository.Settle(ctx, row.Item.Ref.Key)
			p.record = record
			return change(err)
		},
	})
	if err != nil || c.Dry() {
		return err
	}
	name := row.Target.Name() + "/" + p.record.Key
	switch p.record.Step {
	case model.StepSending:
		return &command.Ended{Code: command.ExitPending, Err: fmt.Errorf("%s: not found so far. Lists of the account lag behind; it is looked for until %s", name, timetext.Moment(p.record.StepAt.Add(repository.Patience)))}
	case model.StepUndecided, model.StepDoubled:
		return fmt.Errorf("%s: %s; certty decide says which order it is, or that there is none", name, settled(&p.record))
	default:
		return nil
	}
}

// settled says why an order waits for a person.
func settled(r *model.Record) string {
	if r.Step == model.StepDoubled {
		return "more than one order carries the reference"
	}
	if r.Trouble != "" {
		return "it can't be settled by itself: " + r.Trouble
	}
	return "it was not found for 20 minutes"
}

// sentAt is when an order was sent, as well as that is known.
func sentAt(r *model.Record) time.Time {
	if r.SentAt.IsZero() {
		return r.StepAt
	}
	return r.SentAt
}
