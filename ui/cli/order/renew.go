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
	facts := append([]fact{{"order", o.ID + " for " + o.CommonName}, {"old certificate", effect.Succeeded(o)}}, s.source.facts()...)
	if s.source.old {
		facts = append(facts, fact{"old key", effect.OldKey(s.row.Item.Record)})
	}
	facts = append(facts, fact{"term", effect.RenewedTerm(o, s.profile(), env.Now())})
	if r := s.source.request; r != nil {
		if missing := model.Lacking(append(slices.Clone(r.names), r.name), append(slices.Clone(o.SANs), o.CommonName)); len(missing) > 0 {
			facts = append(facts, fact{"careful", "the CSR lacks " + listed(missing) + ", which the old certificate has"})
		}
	}
	facts = append(facts, fact{"careful", effect.ProfileGone(&s.account, o.ProfileID)})
	facts = append(facts, dcvFacts(s.want.DCV)...)
	facts = append(facts, fact{"files", effect.Files(s.want.Deploy)}, fact{"costs", "one certificate of the contract"},
		fact{"then", "a new order with an id of its own, which an administrator of the account may have to approve"})
	return append(lines(facts), "", sends(s.row.Target, "/ssl/v1/renewById/"+o.ID)+", once")
}
