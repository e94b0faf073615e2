package order

import (
	"fmt"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/model"
	"certty/ui/cli/command"
)

// Commands are the commands for orders.
func Commands(env *command.Env) []*cobra.Command {
	return []*cobra.Command{
		newOrder(env), newPlace(env), newFind(env), newDecide(env),
		newCheck(env), newValidation(env), newRecheck(env), newApprove(env), newDecline(env),
		newCollect(env), newDeliver(env), newKeystore(env), newRenew(env), newReplace(env), newRevoke(env),
		newDeleteHere(env), newRestore(env), newImport(env), newSync(env), newAccount(env),
	}
}

// orderArgument explains what stands for ORDER on the command line.
const orderArgument = "ORDER is the order's id, or its common name where only one has it."

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

// serial is the row's ref with the serial number of the certificate that is
// meant, and no other that takes its place.
func serial(row *command.Row) model.Ref {
	ref := row.Item.Ref
	ref.Revision = row.Item.Certificate.Serial
	return ref
}

// untold says why nothing can be done with a certificate without a serial number.
func untold(ref model.Ref) string {
	if ref.Revision == "" {
		return "the account did not tell its serial number, so it can't be said which certificate is meant"
	}
	return ""
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

// here is where the records of a fleet are.
func here(f *command.Fleet) string { return "the local state in " + f.Dir }

// change is a change of a record, which the account has no news of.
func change(err error) (backend.Change, error) { return backend.Change{}, err }
