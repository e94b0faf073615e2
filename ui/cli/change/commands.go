package change

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/text"
	"certty/config"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/cli/command"
)

// Commands are the commands that change certificates in a vault.
func Commands(env *command.Env) []*cobra.Command {
	return []*cobra.Command{
		newCreate(env), newMerge(env), newCancel(env), newDeleteRequest(env), newVersion(env), newPolicy(env),
		newEnable(env, true), newEnable(env, false), newTags(env), newDelete(env), newRecover(env), newPurge(env), newImport(env),
	}
}

// planner says what a command would change of a row; an error says why nothing
// can be.
type planner func(ctx context.Context, f *command.Fleet, row *command.Row) (command.Change, error)

// onRow runs a command that changes the row of a vault that arg names.
func onRow(cmd *cobra.Command, env *command.Env, c *command.Changing, arg string, plan planner) error {
	return found(cmd, env, c, arg, func(ctx context.Context, f *command.Fleet, arg string) (*command.Row, error) {
		return f.Find(ctx, arg, config.KindVault)
	}, plan)
}

// onDeleted is onRow for a soft-deleted certificate.
func onDeleted(cmd *cobra.Command, env *command.Env, c *command.Changing, arg string, plan planner) error {
	return found(cmd, env, c, arg, func(ctx context.Context, f *command.Fleet, arg string) (*command.Row, error) {
		return f.FindDeleted(ctx, arg)
	}, plan)
}

func found(cmd *cobra.Command, env *command.Env, c *command.Changing, arg string,
	find func(context.Context, *command.Fleet, string) (*command.Row, error), plan planner,
) error {
	return c.Within(cmd, env, func(ctx context.Context, f *command.Fleet) error {
		row, err := find(ctx, f, arg)
		if err != nil {
			return err
		}
		change, err := plan(ctx, f, row)
		if err != nil {
			return err
		}
		change.Target, change.Row = row.Target, row
		change.Ref = row.Item.Ref.Row()
		return c.Run(ctx, env, f, change)
	})
}

// lifecycle is what can change existing certificates, unless the target has none
// or why speaks against it.
func lifecycle(row *command.Row, why string) (backend.Lifecycle, error) {
	caps := row.Target.Capabilities()
	return caps.Lifecycle, row.Refuse(command.Cant(caps.Lifecycle == nil, caps.LifecycleWhy), why)
}

// where says which vault is meant.
func where(t *command.Target) string { return "vault    " + t.Name() + "  " + t.Info().Address }

// title names what is done to which row.
func title(verb string, row *command.Row) string {
	return verb + " " + row.Item.Ref.Key + " (" + row.Target.Name() + ")"
}

// sends is the call as the question shows it.
func sends(verb, path string) string { return "Sends: " + verb + " " + path }

// certificate says which version is meant.
func certificate(c model.Certificate) []string {
	if !c.Issued {
		return []string{"nothing was issued under this name yet"}
	}
	lines := []string{"version  " + cmp.Or(c.Version, "(the vault tells none)")}
	if c.Subject != "" {
		lines = append(lines, "subject  "+c.Subject)
	}
	if c.Thumbprint != "" {
		lines = append(lines, "sha1     "+c.Thumbprint)
	}
	return append(lines, "expires  "+timetext.Moment(c.NotAfter))
}

// request says which request is meant.
func request(row *command.Row) []string {
	r := row.Item.Request
	signer := "issuer " + r.Issuer.Name
	if r.Manual() {
		signer = "manual"
	}
	lines := []string{fmt.Sprintf("request  %s, %s, %s", cmp.Or(r.ID, "(the vault tells no id)"), r.Status, signer)}
	if r.Replaced != "" {
		lines = append(lines, "It is not the request that was here before: another client put it in the place of "+r.Replaced+".")
	}
	return lines
}

// clean makes text safe to show that no backend decoded.
func clean(s string) string { return text.Clean(s) }
