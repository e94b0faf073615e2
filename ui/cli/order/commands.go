package order

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/model"
	"certty/ui/cli/command"
)

// Commands are the commands for orders.
func Commands(env *command.Env) []*cobra.Command {
	return []*cobra.Command{
		newOrder(env), newPlace(env), newFind(env), newDecide(env),
		newCheck(env), newValidation(env), newRecheck(env), newApprove(env), newDecline(env),
		newCollect(env), newKeystore(env), newRenew(env), newReplace(env), newRevoke(env),
		newDeleteHere(env), newRestore(env), newImport(env), newSync(env), newAccount(env),
	}
}

// work opens the targets, finds the order that arg names and does do with it.
func work(cmd *cobra.Command, env *command.Env, c *command.Changing, arg string, do func(context.Context, *command.Fleet, *command.Row) error) (err error) {
	f, err := c.Open(cmd, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Release()) }()
	row, err := f.Find(cmd.Context(), arg, config.KindSCM)
	if err != nil {
		return err
	}
	return do(cmd.Context(), f, row)
}

// account opens the targets and does do with the account that is meant: the one
// of that name, or the only one.
func account(cmd *cobra.Command, env *command.Env, r *command.Reaching, name string, do func(context.Context, *command.Fleet, *command.Target) error) (err error) {
	f, err := r.Open(cmd, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Release()) }()
	t, err := f.One(name, config.KindSCM)
	if err != nil {
		return err
	}
	if err := f.Callable(cmd.Context(), t); err != nil {
		return err
	}
	return do(cmd.Context(), f, t)
}

// cant is the reason that a backend gives for what it can't do.
func cant(why string) string { return cmp.Or(why, "this target can't do that") }

// unread says why nothing can be done with the order of a row at the account.
func unread(row *command.Row) string {
	switch o := row.Item.Order; {
	case o == nil || o.ID == "":
		return "the account has no id of it yet"
	case row.Item.Hidden():
		return "it is deleted here: certty restore shows it again"
	case o.Status == "":
		return "the account did not tell how it stands"
	}
	return ""
}

// refuse is [command.Refuse] with the first of the reasons.
func refuse(row *command.Row, why ...string) error {
	return command.Refuse(row.Target, row.Item.Ref.Key, cmp.Or(why...))
}

// without is why for a capability that is missing.
func without(missing bool, why string) string {
	if missing {
		return cant(why)
	}
	return ""
}

// serial is the row's ref with the serial number of the certificate that is
// meant, and no other that takes its place.
func serial(row *command.Row) model.Ref {
	ref := row.Item.Ref
	ref.Revision = row.Item.Certificate.Serial
	return ref
}

// title says what is done to which order.
func title(verb string, row *command.Row) string {
	it := row.Item
	if o := it.Order; o != nil && o.ID != "" {
		return fmt.Sprintf("%s %s (%s, order %s)", verb, it.Name(), it.Ref.Target, o.ID)
	}
	return fmt.Sprintf("%s %s (%s, no id yet)", verb, it.Name(), it.Ref.Target)
}

// sends says which call is made.
func sends(t *command.Target, path string) string {
	return "Sends: POST " + path + " to " + t.Info().Address
}

// change is a change of a record, which the account has no news of.
func change(err error) (backend.Change, error) { return backend.Change{}, err }
