package certificate

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend/text"
	"certty/config"
	"certty/model/x5c"
	"certty/ui/cli/command"
	"certty/ui/cli/order"
)

// NewCSR makes the command that prints the CSR of a request or an order.
func NewCSR(env *command.Env) *cobra.Command {
	var r command.Reaching
	var format command.Format
	var out destination
	cmd := &cobra.Command{
		Use:     "csr NAME",
		Aliases: []string{"save-csr"},
		Short:   "Print the CSR of a pending request, or of an order placed here",
		Long: `Prints the certificate signing request of the pending request under a name, for
a CA to sign; certty merge takes what comes back. Of an order it is the request
that it was prepared with here. The formats:

  pem    64 columns, as CAs take it
  der    PKCS#10 (RFC 2986)
  text   what is in it: subject, names, key, whether its own signature is right,
         and the SHA-256 of its public key (SPKI), which its certificate has, too`,
		Example: `  certty csr shop > shop.csr
  certty csr prod/shop -o text
  certty csr prod/shop -o der --out shop.der`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen, err := format.Name()
			if err != nil {
				return err
			}
			return r.With(cmd, env, args[0], "", func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				der, err := requested(ctx, f, row)
				if err != nil {
					return err
				}
				if _, err := x5c.ParseCSR(der); err != nil && chosen != "text" {
					env.Say("Careful, no CA will take this CSR: " + text.Clean(err.Error()))
				}
				switch chosen {
				case "der":
					return out.write(env, der, true)
				case "text":
					return out.write(env, []byte(csrText(row.Name(), der)), false)
				}
				return out.write(env, x5c.EncodeCSR(der), false)
			})
		},
	}
	r.Add(cmd)
	out.add(cmd)
	format.AddOf(cmd, "pem", "der", "text")
	return cmd
}

// requested is the CSR of a row: of its pending request, or of its order.
func requested(ctx context.Context, f *command.Fleet, row *command.Row) ([]byte, error) {
	if row.Target.Info().Kind == string(config.KindSCM) {
		return order.CSR(ctx, f, row)
	}
	if err := row.Refuse(row.Item.WhyNoRequest()); err != nil {
		return nil, err
	}
	if len(row.Item.Request.CSR) == 0 {
		return nil, row.Refuse("the vault told no CSR")
	}
	return row.Item.Request.CSR, nil
}

// csrText says what is in a certificate request.
func csrText(name string, der []byte) string {
	var b strings.Builder
	line := func(what, value string) { fmt.Fprintf(&b, "%-10s  %s\n", what, text.Clean(value)) }
	line("request", name)
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		line("unreadable", err.Error())
		return b.String()
	}
	line("subject", csr.Subject.String())
	names := x5c.NamesAsked(csr).Words()
	if names == "" {
		names = "none"
	}
	line("names", names)
	line("key", x5c.KeyType(csr.PublicKey))
	signature := "right: whoever made it holds the key"
	if err := csr.CheckSignature(); err != nil {
		signature = "wrong: " + err.Error()
	}
	line("signature", csr.SignatureAlgorithm.String()+", "+signature)
	line("SPKI", fmt.Sprintf("SHA-256 %x", sha256.Sum256(csr.RawSubjectPublicKeyInfo)))
	return b.String()
}
