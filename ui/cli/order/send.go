package order

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"certty/backend"
	"certty/backend/repository"
	"certty/model"
	"certty/model/effect"
	"certty/model/lint"
	"certty/ui/cli/command"
)

// place asks and orders.
func (o *ordering) place(ctx context.Context, env *command.Env, f *command.Fleet, t *command.Target) error {
	if t.Repository != nil && len(o.spec.CSR) > 0 {
		if err := t.Repository.Held(ctx, o.spec.CSR, o.twice); err != nil {
			return heldAlready(t, err)
		}
	}
	meanwhile, err := underWay(ctx, f, t, &o.spec, o.twice)
	if err != nil {
		return err
	}
	if !o.Dry() {
		if err := o.source.protect(env, &o.key); err != nil {
			return err
		}
	}
	p := placing{target: t}
	err = o.Run(ctx, env, f, command.Change{
		Target: t, Ref: model.Ref{Target: t.Name(), Kind: model.KindCertificate}, Became: p.ref,
		Question: command.Question{Title: "Order " + o.spec.CommonName + " (" + t.Name() + ")", Lines: o.summary(env, t)},
		Send: func(ctx context.Context) (backend.Change, error) {
			if o.Dry() {
				return o.rehearse(ctx, env, t)
			}
			prepared, err := t.Repository.Prepare(ctx, repository.Wish{
				Spec: o.spec, Key: o.source.kind, Password: o.source.password, Keystore: o.source.wanted(), Deploy: o.deploy, Again: o.twice, Unless: meanwhile,
			})
			if err != nil {
				return change(heldAlready(t, err))
			}
			var beside []string
			if o.twice {
				beside = append(beside, repository.AnyOrder)
			}
			record, err := t.Repository.Place(ctx, prepared.Key, beside...)
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
	facts = append(facts, fact{"careful", s.Doubts(&o.account)})
	facts = append(facts, o.source.facts()...)
	for _, v := range s.CustomFields {
		facts = append(facts, fact{v.Name, v.Value})
	}
	facts = append(facts, fact{"description", s.Description}, fact{"external", s.ExternalRequester})
	facts = append(facts, dcvFacts(s.DCV)...)
	facts = append(facts, fact{"files", effect.Files(o.deploy)}, fact{"costs", "one certificate of the contract"}, fact{"then",
		"an administrator of the account may have to approve it. Then the CA validates and issues"})
	var said []string
	if o.twice {
		said = append(said, "What was ordered from here already may be ordered again: that is another order, and costs another certificate.", "")
	}
	return append(append(said, lines(facts)...), "", sends(t, "/ssl/v1/enroll")+", once")
}
