package order

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/model"
	"certty/ui/cli/command"
	"certty/ui/cli/output"
	"certty/ui/cli/schema"
)

// proof is how the validation of a domain stands, as data.
type proof struct {
	// Domain is the name that has to be proved.
	Domain string `json:"domain"`
	// Valid is true once control of it is proved.
	Valid bool `json:"valid"`
	// Status is the validation's, as the service spells it.
	Status string `json:"status,omitzero"`
	// ProofStatus is that of the proof for this order, as the service spells it.
	ProofStatus string `json:"proof_status,omitzero"`
	// Method is how it is proved: CNAME, TXT, HTTP, HTTPS, EMAIL.
	Method string `json:"method,omitzero"`
	// RecordType is the type of the DNS record that has to be published; absent
	// for a file and a mailbox.
	RecordType string `json:"record_type,omitzero"`
	// Name is the DNS name, the URL of the file, or the mailbox that got the
	// question.
	Name string `json:"name,omitzero"`
	// Value is what has to stand there.
	Value string `json:"value,omitzero"`
	// Expires is the day on which the validation ends.
	Expires time.Time `json:"expires,omitzero"`
	// LastCheck is when the CA looked at it last.
	LastCheck time.Time `json:"last_check,omitzero"`
	// NextCheck is when the CA looks at it next.
	NextCheck time.Time `json:"next_check,omitzero"`
}

func proofOf(d *model.DomainValidation) proof {
	p, _ := d.Proof()
	return proof{
		Domain: d.Domain, Valid: d.Valid, Status: d.Status, ProofStatus: d.OrderStatus, Method: d.Method,
		RecordType: p.Kind, Name: p.Name, Value: p.Value, Expires: d.Expires, LastCheck: d.LastCheck, NextCheck: d.NextCheck,
	}
}

func newValidation(env *command.Env) *cobra.Command {
	var r command.Reaching
	var out output.Flags
	var domain, at string
	cmd := &cobra.Command{
		Use:   "validation (ORDER | --domain NAME)",
		Short: "Show why an order waits: its domains, and what to publish for each",
		Long: `Shows the proofs of control that the CA waits for: of each domain how it stands,
what has to be published, by whom it was looked at last and when it is looked at
next. With --domain it is the domain of the account that is shown, whatever is
ordered for it.

` + orderArgument,
		Example: "  certty validation sectigo/3012\n  certty validation --domain example.jp --account sectigo -o json",
		Args:    command.MaximumArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			printer, err := output.New(&out, output.List[proof]{
				Columns: output.Columns[proof](), Shown: []string{"domain", "status", "record_type", "name", "value", "expires"},
			})
			if err != nil {
				return err
			}
			if (len(args) == 1) == (domain != "") {
				return command.Usage(errors.New("either an order or --domain is needed"))
			}
			if domain != "" {
				return r.At(cmd, env, at, config.KindSCM, func(ctx context.Context, f *command.Fleet, t *command.Target) error {
					validator := t.Capabilities().Validation
					if err := command.Refuse(t, domain, command.Cant(validator == nil, t.Capabilities().ValidationWhy)); err != nil {
						return err
					}
					told, err := validator.DomainValidation(ctx, domain)
					if err = f.Heed(ctx, t, err); err != nil {
						return err
					}
					told.Domain = domain
					return printer.PrintList(ctx, env, output.Source{Target: t.Name(), ReadAt: env.Now()}, []proof{proofOf(&told)})
				})
			}
			return r.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				return validation(ctx, env, f, printer, row)
			})
		},
	}
	r.Add(cmd)
	out.Add(cmd)
	schema.Publish(cmd, "validation")
	cmd.Flags().StringVar(&domain, "domain", "", "the `name` of a domain of the account")
	cmd.Flags().StringVar(&at, "account", "", "the `target` that --domain is a domain of, where there are several")
	return cmd
}

func validation(ctx context.Context, env *command.Env, f *command.Fleet, printer *output.Printer[proof], row *command.Row) error {
	caps := row.Target.Capabilities()
	if err := row.Refuse(command.Cant(caps.Validation == nil, caps.ValidationWhy), unread(row)); err != nil {
		return err
	}
	if err := row.Refuse(row.Item.Order.WhyNotValidated()); err != nil {
		return err
	}
	told := row.Item.Order.Validation
	if told == nil || !told.ReadAt.Equal(row.Item.RequestReadAt) && told.Trouble != "" {
		read, err := caps.Validation.Validation(ctx, row.Item.Ref)
		if err = f.Heed(ctx, row.Target, err); err != nil {
			return err
		}
		told = &read
	}
	if told.Trouble != "" {
		env.Say("The CA says: " + told.Trouble)
	}
	if len(told.Domains) == 0 {
		env.Say("The account tells of no domain that this order waits for.")
	}
	var proofs []proof
	for i := range told.Domains {
		proofs = append(proofs, proofOf(&told.Domains[i]))
	}
	return printer.PrintList(ctx, env, output.Source{Target: row.Target.Name(), ReadAt: told.ReadAt}, proofs)
}

func newRecheck(env *command.Env) *cobra.Command {
	var c command.Changing
	var domain, at string
	cmd := &cobra.Command{
		Use:   "recheck-domain (ORDER | --domain NAME)",
		Short: "Have the CA look again whether the proof is published",
		Long: `Has the CA look whether the proofs are there for every domain of an order, or for
one domain of the account, now and not at its next turn. Nothing else changes;
where one is missing the order waits on.

` + orderArgument,
		Example: "  certty recheck-domain sectigo/3012 --yes\n  certty recheck-domain --domain example.jp --account sectigo",
		Args:    command.MaximumArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 1) == (domain != "") {
				return command.Usage(errors.New("either an order or --domain is needed"))
			}
			if domain != "" {
				return recheckDomain(cmd, env, &c, at, domain)
			}
			return c.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				rechecker := row.Target.Capabilities().Recheck
				if err := row.Refuse(command.Cant(rechecker == nil, row.Target.Capabilities().RecheckWhy), unread(row)); err != nil {
					return err
				}
				if err := row.Refuse(row.Item.Order.WhyNotValidated()); err != nil {
					return err
				}
				said := append(lines(orderFacts(row.Item)), "",
					"The CA looks whether the proofs are there for every domain of the order, now and not at its next turn. Nothing else changes; where one is missing the order waits on.")
				return c.Run(ctx, env, f, command.Change{
					Target: row.Target, Row: row, Ref: row.Item.Ref,
					Question: command.Question{Title: title("Have the CA look again:", row), Lines: said},
					Send:     func(ctx context.Context) (backend.Change, error) { return rechecker.Recheck(ctx, row.Item.Ref) },
				})
			})
		},
	}
	c.Add(cmd)
	cmd.Flags().StringVar(&domain, "domain", "", "the `name` of a domain of the account")
	cmd.Flags().StringVar(&at, "account", "", "the `target` that --domain is a domain of, where there are several")
	return cmd
}

func recheckDomain(cmd *cobra.Command, env *command.Env, c *command.Changing, at, domain string) error {
	return c.At(cmd, env, at, config.KindSCM, func(ctx context.Context, f *command.Fleet, t *command.Target) error {
		rechecker := t.Capabilities().Recheck
		if err := command.Refuse(t, domain, command.Cant(rechecker == nil, t.Capabilities().RecheckWhy)); err != nil {
			return err
		}
		return c.Run(ctx, env, f, command.Change{
			Target: t,
			Question: command.Question{
				Title: "Have the CA look again: " + domain + " (" + t.Name() + ")",
				Lines: []string{"The CA looks whether the record is published, now and not at its next turn. Nothing else changes; where the record is missing the domain stays as it is."},
			},
			Send: func(ctx context.Context) (backend.Change, error) { return rechecker.RecheckDomain(ctx, domain) },
		})
	})
}
