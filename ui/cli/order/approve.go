package order

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/model"
	"certty/ui/cli/command"
)

// decision is what an administrator can say of an order.
type decision struct {
	verb, effect string
	send         func(backend.Approver, context.Context, model.Ref, string) (backend.Change, error)
}

func newApprove(env *command.Env) *cobra.Command {
	cmd := newDecision(env, decision{
		verb: "approve",
		effect: "The order goes on to the CA, which validates and issues. From then on it can't\n" +
			"be cancelled, and it costs one certificate of the contract.",
		send: backend.Approver.Approve,
	})
	cmd.Short = "Approve an order as an administrator of the account"
	return cmd
}

func newDecline(env *command.Env) *cobra.Command {
	cmd := newDecision(env, decision{
		verb:   "decline",
		effect: "The order is refused: no certificate comes of it. Whoever ordered it can order\nagain.",
		send:   backend.Approver.Decline,
	})
	cmd.Short = "Decline an order as an administrator of the account"
	return cmd
}

func newDecision(env *command.Env, d decision) *cobra.Command {
	var c command.Changing
	var message string
	cmd := &cobra.Command{
		Use: d.verb + " ORDER --message TEXT",
		Long: "Decides on an order that waits for approval.\n\n" + d.effect + `

The account keeps the message with the order: 1 to 512 characters as it counts,
where most emoji are two. An order that does not wait any more is left alone.

` + orderArgument,
		Example: fmt.Sprintf("  certty %s sectigo/3012 --message \"ticket OPS-2117\"\n  certty %s 3012 --message checked --yes", d.verb, d.verb),
		Args:    command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkMessage("message", message); err != nil {
				return err
			}
			return c.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				approver := row.Target.Capabilities().Approve
				if err := row.Refuse(command.Cant(approver == nil, row.Target.Capabilities().ApproveWhy), unread(row)); err != nil {
					return err
				}
				if err := row.Refuse(row.Item.Order.WhyNotApproved()); err != nil {
					return err
				}
				said := append(lines(append(orderFacts(row.Item), fact{"message", message})), "", strings.ReplaceAll(d.effect, "\n", " "), "",
					sends(row.Target, "/ssl/v1/"+d.verb+"/"+row.Item.Ref.Key))
				return c.Run(ctx, env, f, command.Change{
					Target: row.Target, Row: row, Ref: row.Item.Ref,
					Question: command.Question{Title: title(strings.ToUpper(d.verb[:1])+d.verb[1:], row), Lines: said},
					Send: func(ctx context.Context) (backend.Change, error) {
						return d.send(approver, ctx, row.Item.Ref, message)
					},
				})
			})
		},
	}
	c.Add(cmd)
	cmd.Flags().StringVar(&message, "message", "", "`text` that is kept with the order")
	return cmd
}

// checkMessage holds a text for the account to its limits (SCM REST API, Approve,
// Decline, Revoke and Replace).
func checkMessage(flag, text string) error {
	n := model.UTF16Len(text)
	switch {
	case strings.TrimSpace(text) == "":
		return command.Usage(fmt.Errorf("--%s is needed: the account keeps it with the order", flag))
	case n > model.MaxOrderMessage:
		return command.Usage(fmt.Errorf("--%s: %d are %d too many as SCM counts: it takes %d, where most emoji are two", flag, n, n-model.MaxOrderMessage, model.MaxOrderMessage))
	case strings.ContainsAny(text, "\r\n"):
		return command.Usage(errors.New("--" + flag + " is one line"))
	}
	return nil
}
