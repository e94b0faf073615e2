package order

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/repository"
	"certty/config"
	"certty/model"
	"certty/model/effect"
	"certty/model/timetext"
	"certty/ui/cli/command"
)

func newDecide(env *command.Env) *cobra.Command {
	var c command.Changing
	var is string
	var never, otherKey bool
	cmd := &cobra.Command{
		Use:   "decide REFERENCE (--is ID | --never-placed)",
		Short: "Say whether an order whose answer was lost was placed",
		Long: `Takes your word about an order that was sent, whose answer was lost and that was
not found for 20 minutes, or of which the account has two. Look in SCM's own
order list first. The name has to be typed; --confirm NAME stands in for that.

With --is the record, and the key that was made for it, belong to that order from
now on. Where its certificate is issued the keys are compared first, and an order
with another key is refused, unless --other-key says that it was replaced
elsewhere. Before that nobody can tell: until the certificate fits, certty decide
for that order with another one's id takes your word back, and the key goes there.

With --never-placed it counts as refused: if the order does exist after all, it
stands among the account's rows and costs, and a second one costs again.`,
		Example: "  certty decide sectigo/certty:5d41402abc4b2a76:1 --is 3012\n  certty decide 3012 --is 3013\n  certty decide portal.example.com --never-placed --confirm portal.example.com",
		Args:    command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (is != "") == never {
				return command.Usage(errors.New("either --is or --never-placed is needed"))
			}
			if strings.Trim(is, "0123456789") != "" {
				return command.Usage(fmt.Errorf("--is %s: the id of an order is a number", is))
			}
			if otherKey && never {
				return command.Usage(errors.New("--other-key goes with --is"))
			}
			return c.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				return decide(ctx, env, f, &c, row, repository.Decision{OrderID: is, OtherKey: otherKey})
			})
		},
	}
	c.AddLocal(cmd)
	c.Confirm.AddTyped(cmd)
	cmd.Flags().StringVar(&is, "is", "", "the order `id` that SCM shows")
	cmd.Flags().BoolVar(&never, "never-placed", false, "there is no such order at the account")
	cmd.Flags().BoolVar(&otherKey, "other-key", false, "with --is: take the order although its certificate is for another key, since it was replaced elsewhere")
	return cmd
}

func decide(ctx context.Context, env *command.Env, f *command.Fleet, c *command.Changing, row *command.Row, d repository.Decision) error {
	if err := row.Refuse(row.Item.WhyNoDoubt()); err != nil {
		return err
	}
	r := row.Item.Record
	switch {
	case d.OrderID == row.Item.Ref.Key:
		return row.Refuse("it counts as that order already")
	case d.OrderID == "" && r.Decided:
		return row.Refuse("it counts as this order by your word: say with --is which other one it is")
	case d.OrderID == "" && r.Step == model.StepDoubled:
		return row.Refuse("the account has more than one order with its reference: say with --is which one it is")
	}
	facts := []fact{{"name", r.CommonName}, {"reference", r.Reference}, {"renews", r.Renews}, {"sent", timetext.Moment(sentAt(r))}, {"found", r.Trouble}}
	said := append(lines(facts), "")
	if d.OrderID == "" {
		said = append(said, "The record counts as refused from now on; ordering again is another attempt.",
			"If the order does exist after all, it stands among the account's rows, held by nobody here, and costs. A second order costs again.")
	} else {
		said = append(said, "It is order "+d.OrderID+": "+standing(ctx, row.Target, d.OrderID))
		if d.OtherKey {
			said = append(said, effect.TookOtherKey()...)
		} else {
			said = append(said, effect.Decided()...)
		}
	}
	typed, _ := row.Item.Typed()
	local := "It would note in " + here(f) + " that " + row.Name() + " was never placed"
	if d.OrderID != "" {
		local = "It would note in " + here(f) + " that " + row.Name() + " is order " + d.OrderID
	}
	p := placing{target: row.Target}
	err := c.Run(ctx, env, f, command.Change{
		Target: row.Target, Row: row, Ref: row.Item.Ref, Became: p.ref,
		Local:    local,
		Question: command.Question{Title: title("Decide on", row), Lines: said, Typed: typed},
		Send: func(ctx context.Context) (backend.Change, error) {
			record, err := row.Target.Repository.Decide(ctx, row.Item.Ref.Key, d)
			if p.record = record; p.record.Key == "" {
				p.record.Key = row.Item.Ref.Key
			}
			return change(err)
		},
	})
	if err == nil && p.record.Decided {
		env.Say("Its key could not be compared with order " + p.record.Key + ", or is another one. If it turns out to be the wrong order, certty decide " +
			row.Target.Name() + "/" + p.record.Key + " --is with the right one's id takes your word back, and the key goes there.")
	}
	return err
}

// standing says what the account tells of an order.
func standing(ctx context.Context, t *command.Target, id string) string {
	reader := t.Capabilities().Read
	if reader == nil {
		return command.Cant(true, t.Capabilities().ReadWhy)
	}
	page, err := reader.Read(ctx, model.Ref{Target: t.Name(), Kind: model.KindCertificate, Key: id})
	switch {
	case err != nil:
		return "not read (" + err.Error() + ")"
	case len(page.Items) == 0 || page.Items[0].Order == nil:
		return "the account tells nothing of it"
	}
	o := page.Items[0].Order
	text := page.Items[0].Name() + ", " + o.Status
	if !o.Requested.IsZero() {
		text += ", requested " + timetext.Moment(o.Requested)
	}
	if o.Requester != "" {
		text += " by " + o.Requester
	}
	return text
}
