package order

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/model"
	"certty/model/effect"
	"certty/ui/cli/command"
)

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
	if err := s.row.Refuse(it.Order.WhyNotReplaced(), untold(ref)); err != nil {
		return err
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
		{"old certificate", effect.Replaced(model.SerialPairs(s.row.Item.Certificate.Serial))},
		{"name", s.want.CommonName}, {"other names", listed(model.Lacking([]string{s.want.CommonName}, s.want.SANs))},
	}
	if lost := model.Lacking(append(slices.Clone(s.want.SANs), s.want.CommonName), append([]string{o.CommonName}, o.SANs...)); len(lost) > 0 {
		facts = append(facts, fact{"careful", "the new certificate is not for " + listed(lost) + " any more"})
	}
	spec := model.OrderSpec{CommonName: s.want.CommonName, SANs: s.want.SANs, ProfileID: o.ProfileID}
	facts = append(facts, fact{"careful", spec.Doubts(&s.account)})
	facts = append(facts, s.source.facts()...)
	facts = append(facts, fact{"reason", s.reason})
	facts = append(facts, dcvFacts(s.want.DCV)...)
	facts = append(facts, fact{"files", effect.Files(s.want.Deploy)}, fact{"then", "the CA issues under another serial number, and that one is waited for; until then the old certificate is what is served"})
	return append(lines(facts), "", sends(s.row.Target, "/ssl/v1/replace/"+o.ID)+", once")
}
