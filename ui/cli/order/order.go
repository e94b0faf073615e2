package order

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/model"
	"certty/ui/cli/command"
)

// ordering are the flags of an order, and what was made of them.
type ordering struct {
	command.Changing
	at, again              string
	name                   string
	sans                   []string
	organization, profile  string
	term                   int
	description, requester string
	fields                 []string
	twice                  bool
	key                    keyFlags
	files                  fileFlags
	dcv                    dcvFlags
	changed                func(string) bool
	account                model.Account
	spec                   model.OrderSpec
	source                 *key
	deploy                 *model.Deployment
}

func newOrder(env *command.Env) *cobra.Command {
	o := &ordering{}
	cmd := &cobra.Command{
		Use:   "order",
		Short: "Order a certificate at a CA account",
		Long: `Orders a certificate, which costs one certificate of the contract. What it asks
for is checked against what the account offers, as it was last synced, before
anything is sent: organization, profile, term, key,
domains, custom fields. The summary says what is ordered, what lifetime to expect
under today's rules, and what it costs.

The key is made here, encrypted with a password that is asked for or read from
where a flag says; or the order is for a CSR from a file, or for the one that a
vault's pending request holds. The password protects the keystore as well. It is
kept nowhere and can't be found again.

An order is written down before it is sent, and sent once, whatever happens.
Where its answer is lost, certty find-order looks for it and certty decide takes
your word; where provably nothing was sent, certty place-order sends it. The same
names are not ordered again at the organization, with the profile, while an order
for them from here is on its way, nor for a name that somebody else ordered for
within a day, on another machine or on SCM's own pages; --order-twice does it.

With --again it is filled in like another order; flags say what is different.

Its files go where the configuration says for the target (deploy), unless --dir
says another folder; --dir "" writes none, and then on_issued does not run.`,
		Example: `  certty order --cn www.example.com --organization "Example Inc" --profile "OV Multi-Domain" --field "Cost centre=4711"
  certty order --csr-of prod/www --profile 8555 --organization 1697 --term 199
  certty order --again sectigo/3012 --password-command "secret-tool lookup name certty"
  certty order --cn www.example.com --key ec-p256 --keystore pem --dry-run`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.changed = func(name string) bool { return cmd.Flags().Changed(name) }
			return o.run(cmd, env)
		},
	}
	o.Changing.Add(cmd)
	f := cmd.Flags()
	f.StringVar(&o.at, "account", "", "the `target` to order at, where there are several")
	f.StringVar(&o.again, "again", "", "fill it in like this `ORDER`")
	f.StringVar(&o.name, "cn", "", "common `name`: the DNS name that the certificate is for")
	f.StringSliceVar(&o.sans, "san", nil, "other DNS `name` (repeatable)")
	f.StringVar(&o.organization, "organization", "", "organization or department, by `name` or id; needed where there are several")
	f.StringVar(&o.profile, "profile", "", "certificate profile, by `name` or id; needed where there are several")
	f.IntVar(&o.term, "term", 0, "lifetime in `days`, one of the profile's; the longest where nothing is said")
	f.StringVar(&o.description, "description", "", "`text` that stands in SCM's comments")
	f.StringVar(&o.requester, "external-requester", "", "e-mail `addresses` that SCM tells about the order, commas between them")
	f.StringArrayVar(&o.fields, "field", nil, "custom field of the account as `NAME=VALUE` (repeatable)")
	f.BoolVar(&o.twice, "order-twice", false, "order once more what is on its way already, beside orders for the name that were placed elsewhere, or for a key that was ordered for; it costs another certificate")
	o.key.add(cmd)
	o.files.add(cmd)
	o.dcv.add(cmd)
	return cmd
}

func (o *ordering) run(cmd *cobra.Command, env *command.Env) (err error) {
	ctx := cmd.Context()
	if o.spec.DCV, err = o.dcv.given(); err != nil {
		return err
	}
	if o.source, err = o.key.given(ctx, env); err != nil {
		return err
	}
	defer func() { clear(o.source.password) }()
	f, err := o.Open(cmd, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Release()) }()
	t, like, err := o.where(ctx, f)
	if err != nil {
		return err
	}
	if err := command.Refuse(t, "order", command.Cant(t.Capabilities().Order == nil, t.Capabilities().OrderWhy)); err != nil {
		return err
	}
	if o.deploy, err = o.files.given(t.Files); err != nil {
		return err
	}
	if err := o.key.find(ctx, f, o.source); err != nil {
		return err
	}
	if o.account, err = catalogueOf(ctx, env, f, t); err != nil {
		return err
	}
	if err := o.fill(like); err != nil {
		return err
	}
	if err := o.check(env); err != nil {
		return err
	}
	return o.place(ctx, env, f, t)
}

// where is the account to order at, and the order to be like.
func (o *ordering) where(ctx context.Context, f *command.Fleet) (*command.Target, *model.Order, error) {
	if o.again == "" {
		t, err := f.One(o.at, config.KindSCM)
		if err != nil {
			return nil, nil, err
		}
		return t, nil, f.Callable(ctx, t)
	}
	row, err := f.Find(ctx, o.again, config.KindSCM)
	if err != nil {
		return nil, nil, fmt.Errorf("--again: %w", err)
	}
	if o.at != "" && o.at != row.Target.Name() {
		return nil, nil, command.Usage(fmt.Errorf("--again: %s is no order of %s", row.Name(), o.at))
	}
	if row.Item.Order == nil || row.Item.Order.Status == "" {
		return nil, nil, row.Refuse("the account does not know this order yet")
	}
	return row.Target, row.Item.Order.Clone(), nil
}

// flagOf is the flag that a part of an order is given by.
func flagOf(field model.Field) string {
	if custom, ok := strings.CutPrefix(string(field), string(model.InCustomField(""))); ok {
		return "--field " + custom
	}
	return cmp.Or(map[model.Field]string{
		model.InCommonName: "--cn", model.InSANs: "--san", model.InOrganization: "--organization", model.InProfile: "--profile",
		model.InTerm: "--term", model.InKey: "--key", model.InDescription: "--description", model.InRequester: "--external-requester",
		model.InDCV: "--dcv", model.InDCVEmail: "--dcv-email",
	}[field], string(field))
}

// check holds the order to what the account offers, as the form does.
func (o *ordering) check(env *command.Env) error {
	now := env.Now()
	env.Say(age(&o.account, now))
	org, profile := o.account.Organization(o.spec.OrganizationID), o.account.Profile(o.spec.ProfileID)
	if untold := o.account.Untold(org, profile); len(untold) > 0 {
		env.Say("The account does not tell " + strings.Join(untold, "; ") + ".")
	}
	if why := o.account.Unvalidated(org, now); why != "" {
		env.Say("Careful: " + why)
	}
	kind := model.OrderKey{}
	if o.source.made {
		kind = model.OrderKey{Algorithm: o.source.kind.Algorithm, Size: o.source.kind.Size}
	}
	return wrong(o.spec.Problems(&o.account, kind, now))
}

// wrong is the error of the command line that lists problems; nil for none.
func wrong(problems []model.Problem) error {
	if len(problems) == 0 {
		return nil
	}
	said := []string{"nothing was sent:"}
	for _, p := range problems {
		said = append(said, "  "+flagOf(p.Field)+": "+p.Text)
	}
	return command.Usage(errors.New(strings.Join(said, "\n")))
}
