package change

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"certty/backend"
	"certty/config"
	"certty/model"
	"certty/model/effect"
	"certty/model/policytext"
	"certty/ui/cli/command"
)

// creation are the flags of create.
type creation struct {
	parts    map[string]*[]string
	tags     []string
	disabled bool
	preserve string
	file     string
}

func newCreate(env *command.Env) *cobra.Command {
	var c command.Changing
	o := creation{parts: map[string]*[]string{}}
	cmd := &cobra.Command{
		Use:     "create NAME",
		Aliases: []string{"new"},
		Short:   "Ask a vault for a certificate",
		Long: `Asks a vault for a certificate: a new one, or a new version with a policy of its
own. The key is made in the vault. With issuer Unknown, which is the default,
the vault makes a CSR (certty csr NAME) that you have signed and merge (certty
merge NAME FILE); an issuer that is set up in the vault goes on by itself, and
may cost.

What no flag names is as the vault has it by default, or as --policy says, a file
in the form that az takes. Everything is checked before it is sent, by the rules
of the form on the screen. A request in progress under the name is found first:
Key Vault allows one at a time, and the ways out are named.`,
		Example: `  certty create shop --subject CN=shop.example.com --san shop.example.com,www.example.com
  certty create prod/shop --subject CN=shop.example.com --san dns:shop.example.com --key-type EC --curve P-256 --yes
  certty create prod/shop --policy policy.json --issuer DigiCert --tag env=prod --dry-run`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.Within(cmd, env, func(ctx context.Context, f *command.Fleet) error {
				t, name, err := f.New(args[0], config.KindVault)
				if err != nil {
					return err
				}
				spec, err := o.spec(env, cmd.Flags(), name)
				if err != nil {
					return command.Usage(err)
				}
				change, err := planCreate(ctx, env, f, t, spec)
				if err != nil {
					return err
				}
				return c.Run(ctx, env, f, change)
			})
		},
	}
	c.Add(cmd)
	flags := cmd.Flags()
	for _, q := range parts {
		o.parts[q.name] = flags.StringArray(q.name, nil, q.usage)
	}
	flags.StringVar(&o.file, "policy", "", "`file` with a policy as az takes it, or as the REST API has it; - is standard input. Flags count before it")
	flags.StringArrayVar(&o.tags, "tag", nil, "tag, `NAME=VALUE` (repeatable)")
	flags.BoolVar(&o.disabled, "disabled", false, "make it disabled")
	flags.StringVar(&o.preserve, "preserve-cert-order", "", "whether the chain keeps the order in which it is merged: `yes|no` (api-version 7.6)")
	return cmd
}

// spec is what the flags ask for; the error says everything that is wrong.
func (o *creation) spec(env *command.Env, flags *pflag.FlagSet, name string) (model.CreateSpec, error) {
	spec := model.CreateSpec{Name: name}
	if o.file != "" {
		data, err := command.ReadInput(env, o.file, maxPolicyFile)
		if err == nil {
			spec.Policy, err = decodePolicy(data, model.Policy{})
		}
		if err != nil {
			return spec, fmt.Errorf("%s: %w", o.file, err)
		}
	}
	given := map[string][]string{}
	for part, values := range o.parts {
		if flags.Changed(part) {
			given[part] = *values
		}
	}
	if err := apply(&spec.Policy, given); err != nil {
		return spec, err
	}
	if spec.Policy.Issuer.Name == "" {
		spec.Policy.Issuer.Name = model.IssuerUnknown
	}
	var err error
	if spec.Tags, err = tagFlags(o.tags); err != nil {
		return spec, err
	}
	if o.disabled {
		spec.Enabled = new(false)
	}
	if o.preserve != "" {
		if spec.PreserveCertOrder, err = yesNo(o.preserve); err != nil {
			return spec, fmt.Errorf("--preserve-cert-order: %w", err)
		}
	}
	return spec, problems(spec.Problems())
}

// tagFlags are the tags of --tag NAME=VALUE; nil without any.
func tagFlags(words []string) (map[string]string, error) {
	if len(words) == 0 {
		return nil, nil //nolint:nilnil // no tags
	}
	for _, w := range words {
		if !strings.Contains(w, "=") {
			return nil, fmt.Errorf("--tag %s: NAME=VALUE is wanted", w)
		}
	}
	return changedTags(nil, words)
}

func planCreate(ctx context.Context, env *command.Env, f *command.Fleet, t *command.Target, spec model.CreateSpec) (command.Change, error) {
	caps := t.Capabilities()
	if caps.Create == nil {
		return command.Change{}, command.Refuse(t, spec.Name, command.Cant(true, caps.CreateWhy))
	}
	standing, err := free(ctx, f, t, spec.Name)
	if err != nil {
		return command.Change{}, err
	}
	if err := checkIssuer(ctx, env, f, t, spec.Policy.Issuer); err != nil {
		return command.Change{}, err
	}
	ref := model.Ref{Target: t.Name(), Kind: model.KindCertificate, Key: spec.Name}
	return command.Change{
		Target: t, Row: standing, Ref: ref,
		Question: command.Question{Title: "Create " + spec.Name + " (" + t.Name() + ")", Lines: createLines(t, spec, standing != nil)},
		Send: func(ctx context.Context) (backend.Change, error) {
			change, err := caps.Create.Create(ctx, spec)
			return change, waysOut(ref, err)
		},
	}, nil
}

// free reads what stands under a name that something new is to get: nil when
// nothing. A request in progress, and a soft-deleted certificate, are errors.
func free(ctx context.Context, f *command.Fleet, t *command.Target, name string) (*command.Row, error) {
	standing, err := f.Standing(ctx, t, name)
	if err != nil || standing == nil {
		return nil, err
	}
	if d := standing.Item.Deletion; d != nil && !d.Purged {
		return nil, command.Refuse(t, name, "the name belongs to a soft-deleted certificate: recover it, purge it, or take another name")
	}
	return standing, inTheWay(standing)
}

func createLines(t *command.Target, spec model.CreateSpec, exists bool) []string {
	list := slices.DeleteFunc(policytext.Beyond(spec.Policy), func(f policytext.Fact) bool { return f.Name == "issuer" })
	list = append(list, policytext.Fact{Name: "issuer", Value: policytext.Signing(spec.Policy.Issuer)})
	if spec.Policy.SANs.Len() == 0 {
		list = append(list, policytext.Fact{Name: "names", Value: "none: most clients refuse a server certificate without them"})
	}
	for _, line := range tagDifference(nil, spec.Tags) {
		list = append(list, policytext.Fact{Name: "tag", Value: strings.TrimPrefix(line, "+ ")})
	}
	if spec.Enabled != nil && !*spec.Enabled {
		list = append(list, policytext.Fact{Name: "enabled", Value: "no: it can't be used until it is enabled"})
	}
	list = append(list, orderFact(spec.PreserveCertOrder)...)
	return append(facts(slices.Insert(list, 0, vaultFact(t))), "What is not named here is as the vault has it by default.", effect.Create(exists), sends("POST", "/certificates/"+spec.Name+"/create"))
}

func vaultFact(t *command.Target) policytext.Fact {
	return policytext.Fact{Name: "vault", Value: t.Name() + "  " + t.Info().Address}
}

// orderFact says what was decided about the chain's order.
func orderFact(preserve *bool) []policytext.Fact {
	switch {
	case preserve == nil:
		return nil
	case *preserve:
		return []policytext.Fact{{Name: "preserve order", Value: "yes: the chain keeps the order in which the vault gets it"}}
	}
	return []policytext.Fact{{Name: "preserve order", Value: "no: the leaf comes first"}}
}
