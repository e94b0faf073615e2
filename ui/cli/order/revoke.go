package order

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/model"
	"certty/ui/cli/command"
)

// revocation are the flags of what revokes a certificate.
type revocation struct{ reason, message string }

func (r *revocation) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&r.reason, "reason", "", "`reason` for everybody to read in the CA's list: "+strings.Join(reasonWords(), ", "))
	f.StringVar(&r.message, "message", "", "`text` that the account keeps: what happened")
}

// reasonWord is how a reason is written on the command line.
func reasonWord(r model.RevocationReason) string { return strings.ReplaceAll(r.String(), " ", "-") }

func reasonWords() []string {
	var words []string
	for _, r := range model.RevocationReasons() {
		words = append(words, reasonWord(r))
	}
	return words
}

// given is the revocation that the flags say: the reason in words, or its code of
// RFC 5280 §5.3.1.
func (r *revocation) given() (model.Revocation, error) {
	out := model.Revocation{Message: r.message}
	if err := checkMessage("message", r.message); err != nil {
		return out, err
	}
	for _, reason := range model.RevocationReasons() {
		if strings.EqualFold(r.reason, reasonWord(reason)) || r.reason == strconv.Itoa(int(reason)) {
			out.Reason = reason
			return out, nil
		}
	}
	if r.reason == "" {
		return out, command.Usage(errors.New("--reason is needed: " + strings.Join(reasonWords(), ", ")))
	}
	return out, command.Usage(fmt.Errorf("--reason %s: the reasons are %s", r.reason, strings.Join(reasonWords(), ", ")))
}

const revoked = "Every client will refuse it within hours. This cannot be undone."

func newRevoke(env *command.Env) *cobra.Command {
	var c command.Changing
	var r revocation
	cmd := &cobra.Command{
		Use:   "revoke ORDER --reason REASON --message TEXT",
		Short: "Revoke the certificate of an order at the CA for good",
		Long: `Revokes the certificate of an order. ` + revoked + `

It says which certificate is meant, by its serial number and fingerprint, and
wants its name typed; --confirm NAME stands in for that, --yes does not. Where
the order has another certificate by the time that the call is made, nothing is
revoked.

` + orderArgument,
		Example: `  certty revoke sectigo/3012 --reason key-compromise --message "key was in a repository"
  certty revoke 3012 --reason superseded --message replaced --confirm portal.example.com`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			want, err := r.given()
			if err != nil {
				return err
			}
			return c.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				return revoke(ctx, env, f, &c, row, want, "")
			})
		},
	}
	c.AddTyped(cmd)
	r.add(cmd)
	return cmd
}

// revoke revokes the certificate of a row; why says what led here, besides the
// wish to revoke.
func revoke(ctx context.Context, env *command.Env, f *command.Fleet, c *command.Changing, row *command.Row, want model.Revocation, why string) error {
	revoker := row.Target.Capabilities().Revoke
	if err := row.Refuse(command.Cant(revoker == nil, row.Target.Capabilities().RevokeWhy), unread(row)); err != nil {
		return err
	}
	ref := serial(row)
	if err := row.Refuse(row.Item.WhyNotRevoked(), untold(ref)); err != nil {
		return err
	}
	said := lines(append(certificateFacts(row.Item), fact{"reason", want.Reason.String()}, fact{"message", want.Message}))
	if want.Reason == model.ReasonKeyCompromise {
		said = append(said, "The CA may refuse every other certificate with this key.")
	}
	if why != "" {
		said = append(said, "", why)
	}
	said = append(said, "", revoked, "", sends(row.Target, "/ssl/v1/revoke/"+ref.Key))
	typed, _ := row.Item.Typed()
	return c.Run(ctx, env, f, command.Change{
		Target: row.Target, Row: row, Ref: row.Item.Ref,
		Question: command.Question{Title: title("Revoke", row), Lines: said, Typed: typed},
		Send:     func(ctx context.Context) (backend.Change, error) { return revoker.Revoke(ctx, ref, want) },
	})
}
