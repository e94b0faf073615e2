package change

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/model"
	"certty/model/effect"
	"certty/model/timetext"
	"certty/model/x5c"
	"certty/ui/cli/command"
)

// orders are the words of --order.
var orders = map[string]x5c.Order{"leaf-first": x5c.LeafFirst, "root-first": x5c.RootFirst}

func newMerge(env *command.Env) *cobra.Command {
	var c command.Changing
	var root bool
	var order string
	cmd := &cobra.Command{
		Use:   "merge NAME [FILE...]",
		Short: "Merge the signed certificate into a pending request",
		Long: `Completes a manual request with the certificate that a CA signed for its CSR.
The files hold the certificate and its chain, in any order and any form: PEM,
DER, PKCS#7, JSON, ZIP or a mail; - is standard input, and so is no file. What is
in them is found out and put in order.

The chain is checked before anything is sent, and the verdict is printed: whether
the certificate is for this request's key, whose it is where it is not, dates,
names, signatures, what is missing. A verdict that does not allow it sends
nothing. The request that was read just before is the one that is completed;
afterwards the vault's certificate is read back and compared.`,
		Example: `  certty merge shop chain.pem
  certty merge prod/shop leaf.cer intermediate.cer --yes
  cat chain.p7b | certty merge prod/shop --yes`,
		Args: command.MinimumArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			strategy, ok := orders[order]
			if !ok {
				return command.Usage(fmt.Errorf("--order %s: leaf-first and root-first are known", order))
			}
			found, err := command.ReadChain(env, args[1:])
			if err != nil {
				return err
			}
			return onRow(cmd, env, &c, args[0], func(ctx context.Context, f *command.Fleet, row *command.Row) (command.Change, error) {
				return planMerge(ctx, env, f, row, found, x5c.Want{IncludeRoot: root, Strategy: strategy})
			})
		},
	}
	c.Add(cmd)
	cmd.Flags().BoolVar(&root, "root", false, "send the root certificate, too")
	cmd.Flags().StringVar(&order, "order", "leaf-first", "the `order` in which the chain is sent: leaf-first, or root-first for a request that was made with preserve order")
	return cmd
}

func planMerge(ctx context.Context, env *command.Env, f *command.Fleet, row *command.Row, found *x5c.Bundle, want x5c.Want) (command.Change, error) {
	caps, it := row.Target.Capabilities(), row.Item
	if err := row.Refuse(command.Cant(caps.Merge == nil, caps.MergeWhy), it.WhyNotMerged()); err != nil {
		return command.Change{}, err
	}
	want = want.Into(it)
	want.CSR, want.Now = it.Request.CSR, env.Now()
	verdict := x5c.Judge(found, want, clean)
	owner := ""
	if len(verdict.Links) > 0 && !verdict.LiveAlready() {
		others, err := f.Known(ctx, it.Ref)
		if err != nil {
			return command.Change{}, err
		}
		owner = ownerWords(x5c.FindOwner(found, verdict.Links[0], found.KeyMatches(want.CSR), it, others), it, env.Now())
	}
	for _, line := range verdictLines(found, verdict, owner) {
		env.Say(line)
	}
	if !verdict.OK {
		return command.Change{}, &command.Ended{Code: command.ExitFailed, Err: fmt.Errorf("%s: this can't be merged; nothing was sent", row.Name())}
	}
	ref := it.RequestRef()
	lines := append([]string{where(row.Target)}, request(row)...)
	lines = append(lines, orderWords(it.Request, want.Strategy)...)
	lines = append(lines, effect.Merge(it)...)
	return command.Change{
		Question: command.Question{
			Title: title("Merge into", row),
			Lines: append(lines, sends("POST", fmt.Sprintf("/certificates/%s/pending/merge, certificates: %d", ref.Key, len(verdict.Chain)))),
		},
		Send: func(ctx context.Context) (backend.Change, error) { return caps.Merge.Merge(ctx, ref, verdict.Chain) },
	}, nil
}

// verdictLines are what was found and what there is to say of it, what stands in
// the way first.
func verdictLines(found *x5c.Bundle, verdict *x5c.Verdict, owner string) []string {
	head := []string{fmt.Sprintf("%d bytes", found.Bytes)}
	for _, note := range found.Notes {
		head = append(head, clean(note))
	}
	lines := []string{strings.Join(head, ", ")}
	for i, link := range verdict.Links {
		tail := timetext.Day(link.NotBefore) + " to " + timetext.Day(link.NotAfter)
		if !link.Sent {
			tail = "not sent"
			if link.Role == x5c.RoleRoot {
				tail += " (--root sends it)"
			}
		}
		lines = append(lines, fmt.Sprintf(" %d  %-12s  %s  %s  %s", i+1, link.Role, link.Name, link.KeyType, tail))
	}
	for _, link := range verdict.Unused {
		lines = append(lines, " -  not part of the chain  "+link.Name)
	}
	if owner != "" {
		lines = append(lines, owner)
	}
	checks := slices.Clone(verdict.Checks)
	slices.SortStableFunc(checks, func(a, b x5c.Check) int { return cmp.Compare(failed(b), failed(a)) })
	for _, check := range checks {
		lines = append(lines, level(check.Level)+"  "+check.Text)
	}
	return lines
}

func failed(c x5c.Check) int {
	if c.Level == x5c.Fail {
		return 1
	}
	return 0
}

func level(l x5c.Level) string {
	switch l {
	case x5c.OK:
		return "ok  "
	case x5c.Warn:
		return "warn"
	default:
		return "FAIL"
	}
}

// ownerWords say what a certificate belongs to.
func ownerWords(o x5c.Owner, own *model.Item, now time.Time) string {
	if o.Kinship == x5c.Stranger {
		return ""
	}
	name := o.Item.Ref.Target + "/" + o.Item.Ref.Key
	switch {
	case o.Kinship == x5c.Live:
		return "This is the certificate that is live already as " + name + "."
	case o.Kinship == x5c.Asked:
		words := "This certificate belongs to another request: " + name + ", " + string(o.Item.Status(now).State) + "."
		if o.Item.WhyNotMerged() == "" {
			words += " There it is merged with certty merge " + name + "."
		}
		return words
	case o.Item.Ref == own.Ref:
		return "It has the key of this row's current version, not that of the request: a reissue of the old certificate, as it seems."
	}
	return "It has the key of the certificate " + name + ": a reissue of that one, as it seems."
}

// orderWords say what the vault makes of a chain that comes root first.
func orderWords(r *model.Request, order x5c.Order) []string {
	const meant = "Root first is for a request that was made with preserve order"
	switch preserve := r.PreserveCertOrder; {
	case order != x5c.RootFirst:
		return nil
	case preserve == nil:
		return []string{meant + ": the vault hands a merged chain out the other way round. Key Vault documents leaf first."}
	case *preserve:
		return []string{"This request was made with preserve order: the vault keeps the chain as it is sent, root first."}
	}
	return []string{meant + ", and this one was not: the vault may refuse it. Key Vault documents leaf first."}
}
