package order

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend/keystore"
	"certty/config"
	"certty/ui/cli/command"
)

// keystoreMode keeps the file from everybody else: it holds a private key.
const keystoreMode = 0o600

func newKeystore(env *command.Env) *cobra.Command {
	var r command.Reaching
	var dry command.DryRun
	var password command.Secret
	var form, out string
	var beside bool
	cmd := &cobra.Command{
		Use:   "make-keystore ORDER (--out FILE | --deliver)",
		Short: "Write the certificate with the key that was made here as PKCS#12, JKS or PEM",
		Long: `Makes the keystore of an order whose certificate was collected and whose key was
made here, and writes it to a new file that only you can read (0600); one that is
there is kept. The password is the one that was chosen when the key was made; it
opens the key and protects the keystore.

With --deliver the keystore goes beside the order's other files instead: those are
written with it, also where they lie already, and on_issued runs. Files that wait for
the keystore and get none here, with --out, are then written by themselves. A
certificate that is held back gets no keystore: see certty deliver.

PKCS#12 is for most programs, Java 8 and later too. JKS protects the key weakly by
today's measure. PEM is the encrypted key and the chain as text.

` + orderArgument,
		Example: "  certty make-keystore sectigo/3012 --out portal.p12\n  certty make-keystore 3012 --type pem --out portal.pem --password-file ~/.portal-password\n  certty make-keystore 3012 --deliver",
		Args:    command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (out == "") != beside {
				return command.Usage(errors.New("either --out is needed, the file that takes the keystore, or --deliver, which writes it beside the order's other files"))
			}
			want, err := keystoreType(form)
			if err != nil {
				return err
			}
			if dry.Dry() {
				return r.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
					if beside {
						return besideDry(ctx, env, f, row, want)
					}
					if err := keystoreRefused(row, out); err != nil {
						return err
					}
					return env.Would(fmt.Sprintf("It would write the key and the chain of %s as %s to %s, for you alone (%#o), and note that in %s",
						row.Name(), typeOf(row, want), out, keystoreMode, here(f)))
				})
			}
			given, err := password.Given(cmd.Context())
			if err != nil {
				return err
			}
			return r.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, _ *command.Fleet, row *command.Row) error {
				if beside {
					return deliverKeystore(ctx, env, row, &password, given, want)
				}
				return makeKeystore(ctx, env, row, &password, given, want, out)
			})
		},
	}
	r.Add(cmd)
	dry.Add(cmd)
	password.Add(cmd, "password", "password")
	cmd.Flags().StringVar(&form, "type", "", "`type` of the keystore: "+keystoreWords()+"; without it the one that was ordered")
	cmd.Flags().StringVar(&out, "out", "", "new `file` for the keystore")
	cmd.Flags().BoolVar(&beside, "deliver", false, "write it beside the order's other files, which are written with it, and run on_issued")
	return cmd
}

func keystoreWords() string {
	var words []string
	for _, t := range keystore.Types() {
		words = append(words, string(t))
	}
	return strings.Join(words, ", ")
}

// keystoreType reads the type of a keystore; "" stays that.
func keystoreType(word string) (keystore.Type, error) {
	for _, t := range keystore.Types() {
		if word == string(t) {
			return t, nil
		}
	}
	if word == "" {
		return "", nil
	}
	return "", command.Usage(fmt.Errorf("%q is no type of keystore: %s are", word, keystoreWords()))
}

// keystoreRefused says why no keystore of a row can be written to a file.
func keystoreRefused(row *command.Row, out string) error {
	if err := row.Refuse(whyNoKeystore(row)); err != nil {
		return err
	}
	return command.Absent(out)
}

// whyNoKeystore says why there is no keystore of a row; "" when there can be one.
func whyNoKeystore(row *command.Row) string {
	if row.Item.Hidden() {
		return "it is deleted here: certty restore shows it again"
	}
	return row.Item.WhyNoKeystore()
}

// typeOf is the type of keystore that is wanted of a row: without a wish the one
// that was ordered, or else the first.
func typeOf(row *command.Row, want keystore.Type) keystore.Type {
	return cmp.Or(want, keystore.Type(row.Item.Record.KeystoreType), keystore.Types()[0])
}

func makeKeystore(ctx context.Context, env *command.Env, row *command.Row, secret *command.Secret, password []byte, want keystore.Type, out string) (err error) {
	it := row.Item
	// An existing file is noticed before the key is opened, which takes its time.
	if err := keystoreRefused(row, out); err != nil {
		return err
	}
	want = typeOf(row, want)
	if password, err = passwordFor(env, secret, password, want); err != nil {
		return err
	}
	defer clear(password)
	data, err := row.Target.Repository.Keystore(ctx, it.Ref.Key, want, password)
	if err != nil {
		return unmade(row, err)
	}
	if err := command.WriteNew(out, data, keystoreMode); err != nil {
		return err
	}
	if err := row.Target.Repository.KeystoreSaved(ctx, it.Ref.Key); err != nil {
		return fmt.Errorf("%s is written, but that could not be written down: %w", out, err)
	}
	_, err = fmt.Fprintln(env.Stdout, out)
	return err
}

// passwordFor is the password that was given, or that is asked for, where a keystore
// of that type can have it.
func passwordFor(env *command.Env, secret *command.Secret, given []byte, want keystore.Type) ([]byte, error) {
	if given == nil {
		var err error
		if given, err = secret.Ask(env, false); err != nil {
			return nil, err
		}
	}
	if err := keystore.CheckPassword(want, string(given)); err != nil {
		clear(given)
		return nil, command.Usage(fmt.Errorf("the password: %w", err))
	}
	return given, nil
}

// unmade explains why there is no keystore.
func unmade(row *command.Row, err error) error {
	if errors.Is(err, keystore.ErrPassword) {
		return fmt.Errorf("%w. It is the one that was chosen when the key was made; nothing was written", err)
	}
	return fmt.Errorf("make the keystore of %s: %w", row.Name(), err)
}
