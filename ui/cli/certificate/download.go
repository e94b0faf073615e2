package certificate

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/text"
	"certty/config"
	"certty/model"
	"certty/model/x5c"
	"certty/ui/cli/command"
)

// download are the flags of download.
type download struct {
	format  command.Format
	version string
	chain   []string
	root    bool
	out     destination
}

// NewDownload makes the command that writes a certificate and its chain.
func NewDownload(env *command.Env) *cobra.Command {
	var r command.Reaching
	var o download
	cmd := &cobra.Command{
		Use:   "download NAME",
		Short: "Write a certificate and its chain to a file; never the key",
		Long: `Writes a certificate, or the one that was collected for an order. The formats:

  pem      the certificate
  chain    the certificate with its chain (PEM), for most servers
  der      the certificate, X.509 DER
  p7b      the certificate with as much of its chain as is known (PKCS#7, PEM)
  p7b-der  the same in DER

A vault tells the chain only with the secret, which is never read: --chain-from
names files with the CA's certificates. --root writes the root, too. A file that
is there already is kept, unless --force says otherwise.`,
		Example: `  certty download shop > shop.pem
  certty download prod/shop -o chain --chain-from ca.pem --out shop-chain.pem
  certty download prod/shop -o der --out shop.cer --force`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			format, err := o.format.Name()
			if err != nil {
				return err
			}
			above, err := o.above(env)
			if err != nil {
				return err
			}
			return r.With(cmd, env, args[0], "", func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				leaf, collected, err := o.leaf(ctx, f, row)
				if err != nil {
					return err
				}
				data, err := o.encode(env, format, leaf, append(above, collected...))
				if err != nil {
					return &command.Ended{Code: command.ExitFailed, Err: fmt.Errorf("%s: %w", row.Name(), err)}
				}
				return o.out.write(env, data, format == "der" || format == "p7b-der")
			})
		},
	}
	r.Add(cmd)
	o.out.add(cmd)
	flags := cmd.Flags()
	o.format.AddOf(cmd, "pem", "chain", "der", "p7b", "p7b-der")
	flags.StringArrayVar(&o.chain, "chain-from", nil, "`file` with certificates of the CA, in any form (repeatable)")
	flags.BoolVar(&o.root, "root", false, "write the root of the chain, too")
	flags.StringVar(&o.version, "version", "", "the version of this `id` instead of the current one; certty versions lists them")
	return cmd
}

// above are the certificates that a person names for the chain.
func (o *download) above(env *command.Env) ([]*x509.Certificate, error) {
	if len(o.chain) == 0 {
		return nil, nil
	}
	found, err := command.ReadChain(env, o.chain)
	if err != nil {
		return nil, err
	}
	return found.Certificates, nil
}

// leaf is the certificate of a row, and what is held here of its chain.
func (o *download) leaf(ctx context.Context, f *command.Fleet, row *command.Row) (leaf []byte, chain []*x509.Certificate, err error) {
	if row.Target.Info().Kind == string(config.KindSCM) {
		return collected(ctx, row)
	}
	c, err := f.Version(ctx, row, o.version)
	switch {
	case err != nil:
		return nil, nil, err
	case !c.Issued:
		return nil, nil, row.Refuse(model.NotIssued)
	case len(c.DER) == 0:
		return nil, nil, row.Refuse("the vault told no certificate of this version")
	}
	return c.DER, nil, nil
}

// collected is the chain that lies here of an order.
func collected(ctx context.Context, row *command.Row) (leaf []byte, chain []*x509.Certificate, err error) {
	if row.Target.Repository == nil {
		return nil, nil, row.Refuse("the local repository is not open")
	}
	if err := row.Refuse(row.Item.WhyNoChain()); err != nil {
		return nil, nil, err
	}
	held, err := row.Target.Repository.Chain(ctx, row.Item.Ref.Key)
	if err == nil && len(held) == 0 {
		err = backend.ErrNotHeld
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read the chain of %s: %w", row.Name(), err)
	}
	for _, der := range held[1:] {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, nil, fmt.Errorf("read the chain of %s: %w", row.Name(), err)
		}
		chain = append(chain, c)
	}
	return held[0], chain, nil
}

// encode writes the certificate in a format.
func (o *download) encode(env *command.Env, format string, leaf []byte, known []*x509.Certificate) ([]byte, error) {
	switch format {
	case "pem":
		return x5c.EncodeChain([][]byte{leaf}), nil
	case "der":
		return leaf, nil
	}
	links, err := x5c.Climb(leaf, known, env.Now(), text.Clean)
	if err != nil {
		return nil, errors.New(text.Clean(err.Error()))
	}
	last := links[len(links)-1]
	if last.Role != x5c.RoleRoot && last.Issuer != last.Subject {
		missing := fmt.Errorf("its chain is not known: of %s, which signed it, nothing is here; --chain-from FILE names the CA's certificates", last.Issuer)
		if format == "chain" && len(links) == 1 {
			return nil, missing
		}
		env.Say("Not in the file: " + last.Issuer + ", the next one up.")
	}
	var chain [][]byte
	for i, l := range links {
		if i == 0 || o.root || l.Role != x5c.RoleRoot {
			chain = append(chain, l.DER)
		}
	}
	if format == "chain" {
		return x5c.EncodeChain(chain), nil
	}
	der, err := x5c.EncodePKCS7(chain)
	if err != nil || format == "p7b-der" {
		return der, err
	}
	return x5c.ArmorPKCS7(der), nil
}
