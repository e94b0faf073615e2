package order

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/model"
	"certty/ui/cli/command"
)

// Cancellation does what comes nearest to cancelling an order: SCM has no call
// for that. It declines an order that waits for approval, revokes an issued
// certificate, deletes the account's record of one that was imported there, and
// says why nothing is left otherwise.
type Cancellation struct{ flags revocation }

// Add adds the flags to a command, which has those of [command.Changing] for what
// can be undone and for what can't.
func (x *Cancellation) Add(cmd *cobra.Command) { x.flags.add(cmd) }

// cancelled goes with an order that is declined because nobody wants it any more.
const cancelled = "Cancelled: not needed any more"

const noCall = "SCM has no call that cancels an order. "

// Run does it for the order of a row.
func (x *Cancellation) Run(ctx context.Context, env *command.Env, f *command.Fleet, c *command.Changing, row *command.Row) error {
	caps := row.Target.Capabilities()
	if r := row.Item.Record; row.Item.Order == nil && r != nil {
		if r.Step == model.StepPrepared || r.Step == model.StepRefused {
			return row.Refuse("nothing was ordered: certty delete-here removes it")
		}
		return row.Refuse(model.Unsettled)
	}
	if err := row.Refuse(command.Cant(caps.Cancel == nil, caps.CancelWhy), unread(row)); err != nil {
		return err
	}
	plan := caps.Cancel.PlanCancel(row.Item)
	switch plan.Way {
	case backend.CancelDecline:
		message := x.flags.message
		if message == "" {
			message = cancelled
		}
		if err := checkMessage("message", message); err != nil {
			return err
		}
		return decline(ctx, env, f, c, row, noCall+plan.Effect, message)
	case backend.CancelRevoke:
		want, err := x.flags.given()
		if err != nil {
			return command.Usage(fmt.Errorf("%s: %s\n  %w", row.Name(), noCall+plan.Effect, err))
		}
		return revoke(ctx, env, f, c, row, want, noCall+plan.Effect)
	case backend.CancelDelete:
		return deleteThere(ctx, env, f, c, row, plan.Effect)
	case backend.CancelAsk, backend.CancelImpossible:
	}
	if row.Item.Order.Phase.Open() {
		return row.Refuse(plan.Effect + fmt.Sprintf(" certty wait %s waits until it is issued", row.Name()))
	}
	return row.Refuse(plan.Effect)
}

func decline(ctx context.Context, env *command.Env, f *command.Fleet, c *command.Changing, row *command.Row, effect, message string) error {
	approver := row.Target.Capabilities().Approve
	if err := row.Refuse(command.Cant(approver == nil, row.Target.Capabilities().ApproveWhy)); err != nil {
		return err
	}
	said := append(lines(append(orderFacts(row.Item), fact{"message", message})), "", effect, "",
		sends(row.Target, "/ssl/v1/decline/"+row.Item.Ref.Key))
	return c.Run(ctx, env, f, command.Change{
		Target: row.Target, Row: row, Ref: row.Item.Ref,
		Question: command.Question{Title: title("Decline", row), Lines: said},
		Send: func(ctx context.Context) (backend.Change, error) {
			return approver.Decline(ctx, row.Item.Ref, message)
		},
	})
}

// deleteThere deletes the account's own record of a certificate.
func deleteThere(ctx context.Context, env *command.Env, f *command.Fleet, c *command.Changing, row *command.Row, effect string) error {
	ref := serial(row)
	typed, _ := row.Item.Typed()
	said := append(lines(certificateFacts(row.Item)), "", effect,
		"This cannot be undone from here: only another import brings the record back to the account.", "",
		"Sends: DELETE /ssl/v1/"+ref.Key+" to "+row.Target.Info().Address)
	return c.Run(ctx, env, f, command.Change{
		Target: row.Target, Row: row, Ref: row.Item.Ref,
		Question: command.Question{Title: title("Delete at the account:", row), Lines: said, Typed: typed},
		Send: func(ctx context.Context) (backend.Change, error) {
			return row.Target.Capabilities().Cancel.Cancel(ctx, ref)
		},
	})
}

// CSR is the certificate request (PKCS#10, DER) of an order that was placed or
// prepared here.
func CSR(ctx context.Context, f *command.Fleet, row *command.Row) ([]byte, error) {
	if row.Item.Record == nil {
		return nil, row.Refuse(model.NotHeld)
	}
	held, err := f.Store.Holding(ctx, row.Target.Name(), row.Item.Ref.Key)
	if err != nil {
		return nil, fmt.Errorf("read what is held of %s: %w", row.Name(), err)
	}
	if held.Spec == nil || len(held.Spec.CSR) == 0 {
		return nil, row.Refuse("it was not ordered from here, and the account does not tell its CSR")
	}
	return held.Spec.CSR, nil
}
