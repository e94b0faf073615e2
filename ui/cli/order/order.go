package order

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/repository"
	"certty/config"
	"certty/model"
	"certty/model/lint"
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
for them from here is on its way; --order-twice does it.

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
	f.BoolVar(&o.twice, "order-twice", false, "order once more what is on its way already, or for a key that was ordered for; it costs another certificate")
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

// fill makes the order of what it is like, of its CSR, and of the flags.
func (o *ordering) fill(like *model.Order) error {
	s := &o.spec
	if like != nil {
		s.CommonName, s.SANs = like.CommonName, like.SANs
		s.OrganizationID, s.ProfileID, s.Term = like.OrganizationID, like.ProfileID, like.Term
		s.Description, s.ExternalRequester, s.CustomFields = like.Description(), like.ExternalRequester, like.CustomFields
	}
	if r := o.source.request; r != nil {
		s.CSR = r.der
		if like == nil {
			s.CommonName, s.SANs = r.name, r.names
		}
	}
	if o.changed("cn") {
		s.CommonName = o.name
	}
	s.CommonName = strings.ToLower(s.CommonName)
	if o.changed("san") {
		names, err := dnsNames(o.sans)
		if err != nil {
			return err
		}
		s.SANs = names
	}
	if o.changed("description") {
		s.Description = o.description
	}
	if o.changed("external-requester") {
		s.ExternalRequester = o.requester
	}
	return errors.Join(o.chooseOrganization(), o.chooseProfile(), o.chooseFields())
}

// dnsNames reads the other names of an order.
func dnsNames(given []string) ([]string, error) {
	sans, err := model.ParseSANs(strings.Join(given, " "))
	if err != nil {
		return nil, command.Usage(fmt.Errorf("--san: %w", err))
	}
	for _, other := range slices.Concat(sans.Emails, sans.UPNs, sans.URIs, sans.IPs) {
		return nil, command.Usage(fmt.Errorf("--san %s: an SCM order takes DNS names only", other))
	}
	return sans.DNS, nil
}

func (o *ordering) chooseOrganization() error {
	usable := o.account.Ordering()
	switch {
	case o.organization != "":
		found, err := organization(&o.account, o.account.Organizations, o.organization)
		if err != nil {
			return err
		}
		o.spec.OrganizationID = found.ID
	case o.spec.OrganizationID == 0 && len(usable) == 1:
		o.spec.OrganizationID = usable[0].ID
	case o.spec.OrganizationID == 0:
		var labels []string
		for _, one := range usable {
			labels = append(labels, o.account.Label(one))
		}
		return command.Usage(errors.New("--organization is needed: " + strings.Join(labels, ", ")))
	}
	return nil
}

func (o *ordering) chooseProfile() error {
	offers := o.account.Offers(o.spec.OrganizationID)
	label := func(p *model.Profile) string { return fmt.Sprintf("%s (%d)", p.Name, p.ID) }
	var labels []string
	for _, p := range offers {
		labels = append(labels, label(p))
	}
	switch {
	case o.profile != "":
		var found []*model.Profile
		for i := range o.account.Profiles {
			if p := &o.account.Profiles[i]; o.profile == strconv.Itoa(p.ID) || strings.EqualFold(o.profile, p.Name) || strings.EqualFold(o.profile, label(p)) {
				found = append(found, p)
			}
		}
		if len(found) != 1 {
			return command.Usage(fmt.Errorf("--profile %s: the organization can order with %s", o.profile, strings.Join(labels, ", ")))
		}
		o.spec.ProfileID = found[0].ID
	case o.spec.ProfileID == 0 && len(offers) == 1:
		o.spec.ProfileID = offers[0].ID
	case o.spec.ProfileID == 0:
		return command.Usage(errors.New("--profile is needed: " + strings.Join(labels, ", ")))
	}
	p := o.account.Profile(o.spec.ProfileID)
	if o.changed("term") {
		o.spec.Term = o.term
	} else if o.spec.Term == 0 && p != nil && len(p.Terms) > 0 {
		o.spec.Term = slices.Max(p.Terms)
	}
	return o.source.settle(p)
}

func (o *ordering) chooseFields() error {
	for _, given := range o.fields {
		name, value, ok := strings.Cut(given, "=")
		if !ok {
			return command.Usage(fmt.Errorf("--field %s: NAME=VALUE is needed", given))
		}
		for i := range o.account.CustomFields {
			if f := &o.account.CustomFields[i]; strings.EqualFold(f.Name, name) {
				name = f.Name
			}
		}
		o.spec.CustomFields = slices.DeleteFunc(o.spec.CustomFields, func(v model.CustomValue) bool { return v.Name == name })
		if value != "" {
			o.spec.CustomFields = append(o.spec.CustomFields, model.CustomValue{Name: name, Value: value})
		}
	}
	return nil
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

// place asks and orders.
func (o *ordering) place(ctx context.Context, env *command.Env, f *command.Fleet, t *command.Target) error {
	if t.Repository != nil && len(o.spec.CSR) > 0 {
		if err := t.Repository.Held(ctx, o.spec.CSR, o.twice); err != nil {
			return heldAlready(t, err)
		}
	}
	if err := underWay(ctx, f, t, &o.spec, o.twice); err != nil {
		return err
	}
	if !o.Dry() {
		if err := o.source.protect(env, &o.key); err != nil {
			return err
		}
	}
	p := placing{target: t}
	err := o.Run(ctx, env, f, command.Change{
		Target: t, Ref: model.Ref{Target: t.Name(), Kind: model.KindCertificate}, Became: p.ref,
		Question: command.Question{Title: "Order " + o.spec.CommonName + " (" + t.Name() + ")", Lines: o.summary(env, t)},
		Send: func(ctx context.Context) (backend.Change, error) {
			if o.Dry() {
				return o.rehearse(ctx, env, t)
			}
			prepared, err := t.Repository.Prepare(ctx, repository.Wish{
				Spec: o.spec, Key: o.source.kind, Password: o.source.password, Keystore: o.source.wanted(), Deploy: o.deploy, Again: o.twice,
			})
			if err != nil {
				return change(heldAlready(t, err))
			}
			record, err := t.Repository.Place(ctx, prepared.Key)
			if err != nil && record.Key == "" {
				// It was not even learned how far it got.
				record, record.Step = prepared, model.StepSending
			}
			return p.came(record, err)
		},
	})
	if err == nil && !o.Dry() {
		env.Say("A console or certty work collects the certificate by itself once it is issued; certty wait waits for it.")
	}
	return err
}

// rehearse makes the call that Place would make.
func (o *ordering) rehearse(ctx context.Context, env *command.Env, t *command.Target) (backend.Change, error) {
	spec := o.spec
	var err error
	if spec.CSR, err = o.source.rehearsed(env, spec.CommonName, spec.SANs); err != nil {
		return change(err)
	}
	if spec.Reference, err = model.OrderReference(spec.CSR, 1); err != nil {
		return change(err)
	}
	return t.Capabilities().Order.Order(ctx, spec)
}

// heldAlready explains that a key was ordered for already.
func heldAlready(t *command.Target, err error) error {
	held, ok := errors.AsType[*repository.HeldError](err)
	if !ok {
		return err
	}
	return fmt.Errorf("nothing was sent: %w, %s. %s%s", held, t.Name()+"/"+held.Record.Key, held.Record.Stands(), wayOn(t, &held.Record))
}

// wayOn names what is to be done about an order that was made before.
func wayOn(t *command.Target, r *model.Record) string {
	name := t.Name() + "/" + r.Key
	switch r.Step {
	case model.StepPrepared:
		return "\n  certty place-order " + name + " sends it, certty delete-here " + name + " forgets it"
	case model.StepSending:
		return "\n  certty find-order " + name + " looks for it"
	case model.StepUndecided, model.StepDoubled:
		return "\n  certty decide " + name + " takes your word"
	case model.StepPlaced, model.StepCollected:
		if r.Renews == "" {
			return "\n  --order-twice orders once more; it costs another certificate"
		}
	case model.StepRefused, model.StepUnreadable:
	}
	return ""
}

// summary says what is ordered, for whom, for how long, what it costs and what
// happens then.
func (o *ordering) summary(env *command.Env, t *command.Target) []string {
	s := &o.spec
	others := listed(model.Lacking([]string{s.CommonName}, s.SANs))
	facts := []fact{
		{"account", t.Name() + "  " + t.Info().Address}, {"name", s.CommonName}, {"other names", cmp.Or(others, "no others")},
		{"for", o.account.Label(o.account.Organization(s.OrganizationID))},
		{"profile", fmt.Sprintf("%s (%d)", o.account.Profile(s.ProfileID).Name, s.ProfileID)},
		{"term", fmt.Sprintf("%d days", s.Term)}, {"lifetime", lint.Expect(s.Term, env.Now())},
	}
	facts = append(facts, o.source.facts()...)
	for _, v := range s.CustomFields {
		facts = append(facts, fact{v.Name, v.Value})
	}
	facts = append(facts, fact{"description", s.Description}, fact{"requester", s.ExternalRequester})
	facts = append(facts, dcvFacts(s.DCV)...)
	facts = append(facts, fileFacts(o.deploy)...)
	facts = append(facts, fact{"costs", "one certificate of the contract"}, fact{"then",
		"an administrator of the account may have to approve it. Then the CA validates and issues"})
	var said []string
	if o.twice {
		said = append(said, "What was ordered from here already may be ordered again: that is another order, and costs another certificate.", "")
	}
	return append(append(said, lines(facts)...), "", sends(t, "/ssl/v1/enroll")+", once")
}
