package change

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/model"
	"certty/model/effect"
	"certty/model/policytext"
	"certty/ui/cli/command"
	"certty/ui/cli/jsontext"
)

// maxPolicyFile is far more than any policy, in bytes.
const maxPolicyFile = 1 << 20

func newPolicy(env *command.Env) *cobra.Command {
	var c command.Changing
	var set []string
	var file string
	cmd := &cobra.Command{
		Use:     "policy NAME [--set PART=VALUE]... [--file FILE]",
		Aliases: []string{"edit-policy"},
		Short:   "Show and change the stored policy of a certificate",
		Long: `Shows the policy that is stored with a certificate; -o json prints it as az does,
without a schema_version, so that az and --file take it as it is. It is what a new
version is made from.

--set PART=VALUE changes a part of it, --file takes what a file names, in az's
form or in that of the REST API: what is not named stays. What differs is shown
before it is sent, and is sent only while the stored policy is still the one
that was read. It counts from the next version on.

The parts are those of certty create:
  ` + wrapped(partNames()),
		Example: `  certty policy shop
  certty policy shop --set validity=6 --set lifetime-action="AutoRenew 80%"
  certty policy prod/shop -o json > policy.json
  certty policy prod/shop --file policy.json`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(set) == 0 && file == "" {
				return c.Reaching.With(cmd, env, args[0], config.KindVault, func(_ context.Context, _ *command.Fleet, row *command.Row) error {
					return printPolicy(env, &c, row)
				})
			}
			edit, err := policyEdit(env, set, file)
			if err != nil {
				return command.Usage(err)
			}
			return onRow(cmd, env, &c, args[0], func(ctx context.Context, f *command.Fleet, row *command.Row) (command.Change, error) {
				return planPolicy(ctx, env, f, row, edit)
			})
		},
	}
	c.Add(cmd)
	cmd.Flags().StringArrayVar(&set, "set", nil, "set a `PART=VALUE` of the policy (repeatable)")
	cmd.Flags().StringVar(&file, "file", "", "take what this `file` names, a policy as az prints it; - is standard input")
	return cmd
}

// wrapped lists words on lines that fit beside the help's margin.
func wrapped(words []string) string {
	var b strings.Builder
	width := 0
	for i, w := range words {
		if i > 0 {
			b.WriteByte(',')
			if width += len(w) + 2; width > 76 {
				b.WriteString("\n  ")
				width = len(w)
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteString(w)
	}
	return b.String()
}

func printPolicy(env *command.Env, c *command.Changing, row *command.Row) error {
	p := row.Item.Policy
	if p == nil {
		return row.Refuse("the vault told no policy")
	}
	asJSON, err := c.JSON()
	if err != nil {
		return err
	}
	if asJSON {
		return jsontext.Print(env.Stdout, documentOf(*p))
	}
	_, err = fmt.Fprintln(env.Stdout, strings.Join(facts(policytext.Facts(*p)), "\n"))
	return err
}

// policyEdit is what a person wants of a policy: the file's first, then the
// single parts.
func policyEdit(env *command.Env, set []string, file string) (func(model.Policy) (model.Policy, error), error) {
	given := map[string][]string{}
	for _, s := range set {
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, fmt.Errorf("--set %s: PART=VALUE is wanted", s)
		}
		given[name] = append(given[name], value)
	}
	var data []byte
	if file != "" {
		var err error
		if data, err = command.ReadInput(env, file, maxPolicyFile); err != nil {
			return nil, err
		}
	}
	return func(was model.Policy) (model.Policy, error) {
		want := was
		if data != nil {
			var err error
			if want, err = decodePolicy(data, was); err != nil {
				return want, fmt.Errorf("%s: %w", file, err)
			}
		}
		return want, apply(&want, given)
	}, nil
}

func planPolicy(ctx context.Context, env *command.Env, f *command.Fleet, row *command.Row, edit func(model.Policy) (model.Policy, error)) (command.Change, error) {
	life, err := lifecycle(row, row.Item.WhyNotLive())
	if err != nil {
		return command.Change{}, err
	}
	if row.Item.Policy == nil {
		return command.Change{}, row.Refuse("the vault told no policy")
	}
	was, ref := *row.Item.Policy, row.Item.Ref.Row()
	want, err := edit(was)
	if err == nil {
		err = judgeChange(ref.Key, was, want)
	}
	if err != nil {
		return command.Change{}, command.Usage(err)
	}
	if !strings.EqualFold(want.Issuer.Name, was.Issuer.Name) {
		if err := checkIssuer(ctx, env, f, row.Target, want.Issuer); err != nil {
			return command.Change{}, err
		}
	}
	changes := policytext.Changes(was, want)
	if len(changes) == 0 {
		return command.Change{}, row.Refuse("nothing differs from the stored policy; nothing was sent")
	}
	lines := []string{where(row.Target)}
	for _, ch := range changes {
		lines = append(lines, ch.Name, "  - was  "+clean(ch.Was), "  + now  "+clean(ch.Now))
	}
	return command.Change{
		Question: command.Question{Title: title("Change the policy of", row), Lines: append(lines, effect.Policy, sends("PATCH", "/certificates/"+ref.Key+"/policy"))},
		Send:     func(ctx context.Context) (backend.Change, error) { return life.UpdatePolicy(ctx, ref, was, want) },
	}, nil
}

// judgeChange says what is wrong with a changed policy. What is stored was taken
// by the vault: what was so before is not judged. What is stored can be changed,
// not taken back, since the vault's default comes with a new certificate only.
func judgeChange(name string, was, want model.Policy) error {
	before := (&model.CreateSpec{Name: name, Policy: was}).Problems()
	list := slices.DeleteFunc((&model.CreateSpec{Name: name, Policy: want}).Problems(), func(p model.Problem) bool { return slices.Contains(before, p) })
	emptied := func(field model.Field, now, before int) {
		if now == 0 && before != 0 {
			list = append(list, model.Problem{Field: field, Text: "something is stored here; it can be changed, not taken back"})
		}
	}
	emptied(model.InEKUs, len(want.EKUs), len(was.EKUs))
	emptied(model.InKeyUsage, len(want.KeyUsage), len(was.KeyUsage))
	emptied(model.InValidity, want.ValidityMonths, was.ValidityMonths)
	emptied(model.InLifetimeActions, len(want.LifetimeActions), len(was.LifetimeActions))
	return problems(list)
}

// checkIssuer looks an issuer up among those of the vault. Whoever may not list
// them is told so and left to the vault's own answer.
func checkIssuer(ctx context.Context, env *command.Env, f *command.Fleet, t *command.Target, i model.Issuer) error {
	if i.Manual() || strings.EqualFold(i.Name, model.IssuerSelf) {
		return nil
	}
	catalog := t.Capabilities().Catalog
	if catalog == nil {
		env.Say("Whether the vault has the issuer " + clean(i.Name) + " is not known: " + command.Cant(true, t.Capabilities().CatalogWhy))
		return nil
	}
	issuers, err := catalog.Issuers(ctx)
	if backend.KindOf(err) == backend.KindPermission {
		env.Say("Whether the vault has the issuer " + clean(i.Name) + " could not be read: " + backend.AdviceFor(err).Cause)
		return nil
	}
	if err != nil {
		return f.Heed(ctx, t, err)
	}
	known := make([]string, 0, len(issuers)+2)
	for _, have := range issuers {
		if strings.EqualFold(have.Name, i.Name) {
			return nil
		}
		known = append(known, have.Name)
	}
	known = append(known, model.IssuerUnknown, model.IssuerSelf)
	return command.Usage(errors.New("issuer " + clean(i.Name) + ": " + t.Name() + " has none of that name; there are " + strings.Join(known, ", ")))
}
