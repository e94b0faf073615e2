package order

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/repository"
	"certty/config"
	"certty/model"
	"certty/model/lint"
	"certty/ui/cli/command"
)

// successor is what renewals and replacements have in common: the flags for the
// key and the files of a certificate's next one.
type successor struct {
	command.Changing
	key   keyFlags
	files fileFlags
	dcv   dcvFlags

	row     *command.Row
	account model.Account
	source  *key
	want    repository.Successor
}

func (s *successor) add(cmd *cobra.Command) {
	s.Changing.Add(cmd)
	s.key.add(cmd)
	s.files.add(cmd)
	s.dcv.add(cmd)
}

// with reads what the flags name, opens the targets, finds the order and does do.
func (s *successor) with(cmd *cobra.Command, env *command.Env, arg string, do func(context.Context, *command.Fleet) error) (err error) {
	ctx := cmd.Context()
	if s.want.DCV, err = s.dcv.given(); err != nil {
		return err
	}
	if s.source, err = s.key.given(ctx, env); err != nil {
		return err
	}
	defer func() { clear(s.source.password) }()
	f, err := s.Open(cmd, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Release()) }()
	if s.row, err = f.Find(ctx, arg, config.KindSCM); err != nil {
		return err
	}
	went, err := filesOf(ctx, f, s.row.Target, s.row.Item.Ref.Key)
	if err != nil {
		return err
	}
	if s.want.Deploy, err = s.files.given(went); err != nil {
		return err
	}
	if err := s.key.find(ctx, f, s.source); err != nil {
		return err
	}
	if s.account, err = catalogueOf(ctx, env, f, s.row.Target); err != nil {
		env.Say("Less can be checked before it is sent: " + err.Error())
	}
	return do(ctx, f)
}

func (s *successor) profile() *model.Profile { return s.account.Profile(s.row.Item.Order.ProfileID) }

// checkKey holds the key to the order's profile.
func (s *successor) checkKey() error {
	p := s.profile()
	if err := s.source.settle(p); err != nil || p == nil || s.source.old {
		return err
	}
	kind := model.OrderKey{Algorithm: s.source.kind.Algorithm, Size: s.source.kind.Size}
	if r := s.source.request; r != nil {
		kind = r.key
	}
	if !p.Allows(kind.Algorithm, kind.Size) {
		return command.Usage(fmt.Errorf("nothing was sent: the profile %s takes no %s key", p.Name, kind))
	}
	return nil
}

// checkDCV says what is wrong with how names are to be validated.
func (s *successor) checkDCV(names ...string) error {
	if field, text := s.want.DCV.Problem(names...); text != "" {
		return wrong([]model.Problem{{Field: field, Text: text}})
	}
	return nil
}

// finish gets the password and makes the wish complete.
func (s *successor) finish(env *command.Env) error {
	if !s.Dry() {
		if err := s.source.protect(env, &s.key); err != nil {
			return err
		}
	}
	s.want.CSR, s.want.OldKey, s.want.Key = s.source.der(), s.source.old, s.source.kind
	s.want.Password, s.want.Keystore = s.source.password, s.source.wanted()
	return nil
}

func newRenew(env *command.Env) *cobra.Command {
	s := &successor{key: keyFlags{renews: true}}
	cmd := &cobra.Command{
		Use:   "renew ORDER",
		Short: "Order a successor of a certificate; it stays valid until it expires",
		Long: `Renews an order: a new order with an id of its own, for the same names, which
costs one certificate of the contract and may have to be approved. The account
chooses its term. The old certificate stays valid until it expires.

The new certificate is for the old key, unless --key has a new one made here, or
--csr or --csr-of bring a request. It is ordered once, whatever happens: where the
answer is lost, certty find-order looks for it.

` + orderArgument,
		Example: "  certty renew sectigo/3012\n  certty renew 3012 --key ec-p256 --password-file ~/.portal-password --yes",
		Args:    command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return s.with(cmd, env, args[0], func(ctx context.Context, f *command.Fleet) error { return s.renew(ctx, env, f) })
		},
	}
	s.add(cmd)
	return cmd
}

func (s *successor) renew(ctx context.Context, env *command.Env, f *command.Fleet) error {
	t, o := s.row.Target, s.row.Item.Order
	if err := s.row.Refuse(command.Cant(t.Capabilities().Renew == nil, t.Capabilities().RenewWhy), unread(s.row)); err != nil {
		return err
	}
	if err := s.row.Refuse(o.WhyNotRenewed()); err != nil {
		return err
	}
	if r := s.source.request; r != nil && !strings.EqualFold(r.name, o.CommonName) {
		return command.Usage(fmt.Errorf("nothing was sent: the CSR is for %s; a renewal keeps the name %s", r.name, o.CommonName))
	}
	if err := errors.Join(s.checkKey(), s.checkDCV(append(slices.Clone(o.SANs), o.CommonName)...)); err != nil {
		return err
	}
	if err := s.finish(env); err != nil {
		return err
	}
	s.want.CommonName, s.want.SANs = o.CommonName, o.SANs
	p := placing{target: t}
	return s.Run(ctx, env, f, command.Change{
		Target: t, Row: s.row, Ref: s.row.Item.Ref, Became: p.ref,
		Question: command.Question{Title: title("Renew", s.row), Lines: s.renewal(env)},
		Send: func(ctx context.Context) (backend.Change, error) {
			if !s.Dry() {
				record, err := t.Repository.Renew(ctx, o.ID, s.want)
				return p.came(record, heldAlready(t, err))
			}
			csr, err := s.source.rehearsed(env, o.CommonName, o.SANs)
			if err != nil {
				return change(err)
			}
			return t.Capabilities().Renew.Renew(ctx, s.row.Item.Ref, model.RenewSpec{CSR: csr, DCV: s.want.DCV})
		},
	})
}

// renewal says what a renewal does.
func (s *successor) renewal(env *command.Env) []string {
	o := s.row.Item.Order
	old := "stays valid until it expires; revoke it when nobody uses it any more"
	switch {
	case o.Phase == model.OrderExpired:
		old = "has expired; it stays in the account's list"
	case !o.Expires.IsZero():
		old = "stays valid until " + o.Expires.Format(time.DateOnly) + "; revoke it when nobody uses it any more"
	}
	facts := append([]fact{{"order", o.ID + " for " + o.CommonName}, {"old certificate", old}}, s.source.facts()...)
	if s.source.old {
		where := "is not here: it is wherever the old CSR was made"
		if r := s.row.Item.Record; r != nil && r.KeyHeld {
			where = "lies here, encrypted with the password that it got then; a keystore needs that one"
		}
		facts = append(facts, fact{"old key", where})
	}
	longest := o.Term
	if p := s.profile(); p != nil && len(p.Terms) > 0 {
		longest = slices.Max(p.Terms)
	}
	term := "the account chooses it itself, not always the old one"
	if longest > 0 {
		term += "; " + lint.Expect(longest, env.Now())
	}
	facts = append(facts, fact{"term", term})
	if r := s.source.request; r != nil {
		if missing := model.Lacking(append(slices.Clone(r.names), r.name), append(slices.Clone(o.SANs), o.CommonName)); len(missing) > 0 {
			facts = append(facts, fact{"careful", "the CSR lacks " + listed(missing) + ", which the old certificate has"})
		}
	}
	if p := s.profile(); len(s.account.Profiles) > 0 && (p == nil || !p.GoneSince.IsZero()) {
		facts = append(facts, fact{"careful", "the account does not offer the old profile any more: it may refuse this, or take another profile"})
	}
	facts = append(facts, dcvFacts(s.want.DCV)...)
	facts = append(facts, fileFacts(s.want.Deploy)...)
	facts = append(facts, fact{"costs", "one certificate of the contract"},
		fact{"then", "a new order with an id of its own, which an administrator of the account may have to approve"})
	return append(lines(facts), "", sends(s.row.Target, "/ssl/v1/renewById/"+o.ID)+", once")
}

// replacing are the flags of a replacement.
type replacing struct {
	successor
	name, reason string
	sans         []string
}

func newReplace(env *command.Env) *cobra.Command {
	s := &replacing{}
	cmd := &cobra.Command{
		Use:   "replace ORDER --reason TEXT",
		Short: "Have another certificate issued under an order, for a new key or other names",
		Long: `Has the certificate of an order issued anew, for another key or other names. The
order keeps its id and its term; the new certificate comes later, under another
serial number, and is waited for. The old one stays valid until the CA revokes
it; when that is it does not tell.

The key is made here, unless --csr or --csr-of bring a request. The names are the
order's, or those of the request, unless --cn and --san say others.

` + orderArgument,
		Example: "  certty replace sectigo/3012 --reason \"new server\"\n  certty replace 3012 --csr new.csr --reason \"key rolled\" --yes",
		Args:    command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkMessage("reason", s.reason); err != nil {
				return err
			}
			changed := cmd.Flags().Changed
			return s.with(cmd, env, args[0], func(ctx context.Context, f *command.Fleet) error {
				return s.replace(ctx, env, f, changed("cn"), changed("san"))
			})
		},
	}
	s.add(cmd)
	f := cmd.Flags()
	f.StringVar(&s.name, "cn", "", "another common `name`")
	f.StringSliceVar(&s.sans, "san", nil, "other DNS `name` in place of those of the order (repeatable)")
	f.StringVar(&s.reason, "reason", "", "`text` that is told to the CA and kept with the order")
	return cmd
}

func (s *replacing) replace(ctx context.Context, env *command.Env, f *command.Fleet, named, sans bool) error {
	t, it := s.row.Target, s.row.Item
	if err := s.row.Refuse(command.Cant(t.Capabilities().Replace == nil, t.Capabilities().ReplaceWhy), unread(s.row)); err != nil {
		return err
	}
	ref := serial(s.row)
	switch {
	case it.Order.Phase != model.OrderIssued:
		return s.row.Refuse("only an issued certificate can be replaced: the order is " + it.Order.Status)
	case ref.Revision == "":
		return s.row.Refuse("the account did not tell its serial number, so it can't be said which certificate is meant")
	}
	if err := s.names(named, sans); err != nil {
		return err
	}
	if err := errors.Join(s.checkNames(env), s.checkKey(), s.checkDCV(append(slices.Clone(s.want.SANs), s.want.CommonName)...)); err != nil {
		return err
	}
	if err := s.finish(env); err != nil {
		return err
	}
	s.want.Reason = s.reason
	return s.Run(ctx, env, f, command.Change{
		Target: t, Row: s.row, Ref: it.Ref,
		Question: command.Question{Title: title("Replace", s.row), Lines: s.replacement()},
		Send: func(ctx context.Context) (backend.Change, error) {
			if !s.Dry() {
				done, err := t.Repository.Replace(ctx, ref, s.want)
				if backend.KindOf(err) == backend.KindUncertain {
					err = fmt.Errorf("%w\n  It may be being replaced: if the CA issues another serial number, it was. Nothing is sent again; look at it with certty check-status %s before you ask for another replacement", err, s.row.Name())
				}
				return done, err
			}
			csr, err := s.source.rehearsed(env, s.want.CommonName, s.want.SANs)
			if err != nil {
				return change(err)
			}
			return t.Capabilities().Replace.Replace(ctx, ref, model.ReplaceSpec{
				CSR: csr, CommonName: s.want.CommonName, SANs: s.want.SANs, Reason: s.want.Reason, DCV: s.want.DCV,
			})
		},
	})
}

// names chooses the names of the new certificate.
func (s *replacing) names(named, sans bool) (err error) {
	o := s.row.Item.Order
	s.want.CommonName, s.want.SANs = o.CommonName, o.SANs
	if r := s.source.request; r != nil && len(r.names) > 0 {
		s.want.SANs = r.names
	}
	if named {
		s.want.CommonName = s.name
	}
	s.want.CommonName = strings.ToLower(s.want.CommonName)
	if sans {
		s.want.SANs, err = dnsNames(s.sans)
	}
	return err
}

// checkNames holds the names to the domains of the account; the rest of the order
// stands.
func (s *replacing) checkNames(env *command.Env) error {
	o := s.row.Item.Order
	spec := model.OrderSpec{
		CommonName: s.want.CommonName, SANs: s.want.SANs, OrganizationID: o.OrganizationID, ProfileID: o.ProfileID, Term: o.Term,
		CSR: s.source.der(), DCV: s.want.DCV,
	}
	return wrong(slices.DeleteFunc(spec.Problems(&s.account, model.OrderKey{}, env.Now()), func(p model.Problem) bool {
		return p.Field != model.InCommonName && p.Field != model.InSANs
	}))
}

// replacement says what a replacement does.
func (s *replacing) replacement() []string {
	o := s.row.Item.Order
	facts := []fact{
		{"order", o.ID + ", which keeps its id and its term"},
		{"old certificate", "serial " + model.SerialPairs(s.row.Item.Certificate.Serial) + ", stays valid until the CA revokes it; when that is it does not tell"},
		{"name", s.want.CommonName}, {"other names", listed(model.Lacking([]string{s.want.CommonName}, s.want.SANs))},
	}
	if lost := model.Lacking(append(slices.Clone(s.want.SANs), s.want.CommonName), append([]string{o.CommonName}, o.SANs...)); len(lost) > 0 {
		facts = append(facts, fact{"careful", "the new certificate is not for " + listed(lost) + " any more"})
	}
	facts = append(facts, s.source.facts()...)
	facts = append(facts, fact{"reason", s.reason})
	facts = append(facts, dcvFacts(s.want.DCV)...)
	facts = append(facts, fileFacts(s.want.Deploy)...)
	facts = append(facts, fact{"then", "the CA issues under another serial number, and that one is waited for; until then the old certificate is what is served"})
	return append(lines(facts), "", sends(s.row.Target, "/ssl/v1/replace/"+o.ID)+", once")
}
