package order

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"certty/backend/keystore"
	"certty/backend/text"
	"certty/config"
	"certty/model"
	"certty/model/x5c"
	"certty/ui/cli/command"
)

// keyFlags say where the key of a certificate comes from.
type keyFlags struct {
	csr, csrOf, kind, store string
	old                     bool
	password                command.Secret
	// renews offers the old key, which a renewal takes unless another is named.
	renews bool
}

func (k *keyFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	here := "make a key of this `kind` here, such as rsa-2048 or ec-p256, encrypted with the password before it is on the disk"
	if !k.renews {
		here += "; without a CSR the first that the profile takes"
	}
	f.StringVar(&k.kind, "key", "", here)
	f.StringVar(&k.csr, "csr", "", "take the certificate request in this `file`, PEM or DER; - reads standard input")
	f.StringVar(&k.csrOf, "csr-of", "", "take the certificate request that the pending request `TARGET/NAME` of a vault holds")
	f.StringVar(&k.store, "keystore", string(keystore.PKCS12), "`type` of keystore to make once the certificate is here: "+keystoreWords()+", none")
	k.password.Add(cmd, "password", "password of the key and its keystore")
	sources := []string{"key", "csr", "csr-of"}
	if k.renews {
		f.BoolVar(&k.old, "old-key", false, "go on with the key that the old certificate has; this is so where nothing else is said")
		sources = append(sources, "old-key")
	}
	cmd.MarkFlagsMutuallyExclusive(sources...)
}

// key is where the key of a certificate comes from, and what it is.
type key struct {
	// request is what the person brought; nil for a key that is made here, and for
	// the old one.
	request *x509Request
	// kind is that of a key that is made here; the zero value leaves it to the
	// profile.
	kind  keystore.KeyKind
	store keystore.Type
	// made and old say that the key is made here, or that it is the old one.
	made, old bool
	password  []byte
	// from says where a request is from.
	from string
}

// x509Request is a CSR that was understood; its texts are clean.
type x509Request struct {
	der   []byte
	name  string
	names []string
	key   model.OrderKey
}

// given reads what the flags name outside of the targets: files and secrets.
func (k *keyFlags) given(ctx context.Context, env *command.Env) (*key, error) {
	out := &key{made: k.csr == "" && k.csrOf == ""}
	if k.renews && k.kind == "" && out.made {
		out.made, out.old = false, true
	}
	var err error
	if k.store != "none" {
		if out.store, err = keystoreType(k.store); err != nil {
			return nil, err
		}
	}
	if out.kind, err = keyKind(k.kind); err != nil {
		return nil, err
	}
	if k.csr != "" {
		data, err := command.ReadInput(env, k.csr, x5c.MaxCSR)
		if err != nil {
			return nil, err
		}
		if out.request, err = understand(data); err != nil {
			return nil, command.Usage(fmt.Errorf("--csr %s: %w", k.csr, err))
		}
		out.from = "the CSR in " + k.csr + ", which stays where it is"
	}
	if out.password, err = k.password.Given(ctx); err != nil {
		return nil, err
	}
	if out.password != nil && !out.made {
		return nil, command.Usage(errors.New("a password protects a key that is made here, and this one is not"))
	}
	return out, nil
}

// find reads the request of a vault, where one is named.
func (k *keyFlags) find(ctx context.Context, f *command.Fleet, out *key) error {
	if k.csrOf == "" {
		return nil
	}
	row, err := f.Find(ctx, k.csrOf, config.KindVault)
	if err != nil {
		return fmt.Errorf("--csr-of: %w", err)
	}
	r := row.Item.Request
	if r == nil || !r.Open() || len(r.CSR) == 0 {
		return command.Refuse(row.Target, row.Item.Ref.Key, "it has no pending request that waits for a certificate")
	}
	if out.request, err = understand(r.CSR); err != nil {
		return fmt.Errorf("--csr-of %s: %w", k.csrOf, err)
	}
	out.from = "the vault's request " + row.Name() + ", which stays in the vault"
	return nil
}

// understand reads a CSR.
func understand(data []byte) (*x509Request, error) {
	found, err := x5c.FindRequest(data)
	if errors.Is(err, x5c.ErrPrivateKey) {
		return nil, errors.New("there is a private key in it. Nothing of it was taken or kept; whoever else saw it may have it")
	}
	if err != nil {
		return nil, err
	}
	kind, err := model.KeyOf(found.Raw)
	if err != nil {
		return nil, x5c.ErrBrokenRequest
	}
	r := &x509Request{der: found.Raw, name: text.Clean(found.Subject.CommonName), key: kind}
	for _, name := range x5c.NamesAsked(found).DNS {
		r.names = append(r.names, text.Clean(name))
	}
	if r.name == "" && len(r.names) > 0 {
		r.name = r.names[0]
	}
	return r, nil
}

// keyKind reads a kind of key: rsa-2048, ec-p256. "" is the zero value.
func keyKind(word string) (keystore.KeyKind, error) {
	if word == "" {
		return keystore.KeyKind{}, nil
	}
	for _, kind := range keystore.Kinds() {
		if strings.EqualFold(word, kindWord(kind)) {
			return kind, nil
		}
	}
	var words []string
	for _, kind := range keystore.Kinds() {
		words = append(words, kindWord(kind))
	}
	return keystore.KeyKind{}, command.Usage(fmt.Errorf("--key %s: the kinds of keys are %s", word, strings.Join(words, ", ")))
}

func kindWord(kind keystore.KeyKind) string {
	return strings.ToLower(kind.Algorithm + "-" + strings.ReplaceAll(kind.Size, "-", ""))
}

// settle chooses the kind of a key that is made here, where nobody did.
func (k *key) settle(p *model.Profile) error {
	if !k.made || k.kind != (keystore.KeyKind{}) {
		return nil
	}
	for _, kind := range keystore.Kinds() {
		if p == nil || p.Allows(kind.Algorithm, kind.Size) {
			k.kind = kind
			return nil
		}
	}
	return command.Usage(errors.New("certty makes no key that this profile takes; bring a CSR with --csr"))
}

// der is the CSR that was brought; nil where none was.
func (k *key) der() []byte {
	if k.request == nil {
		return nil
	}
	return k.request.der
}

// wanted is the keystore that is made once the certificate is here.
func (k *key) wanted() keystore.Type {
	if !k.made {
		return ""
	}
	return k.store
}

// protect gets the password of a key that is made here.
func (k *key) protect(env *command.Env, flags *keyFlags) (err error) {
	if !k.made {
		return nil
	}
	if k.password == nil {
		if k.password, err = flags.password.Ask(env, true); err != nil {
			return err
		}
	}
	if err := keystore.CheckPassword(k.store, string(k.password)); err != nil {
		return command.Usage(fmt.Errorf("the password: %w", err))
	}
	return nil
}

// rehearsed is the CSR of a rehearsal: what was brought, or that of a key that is
// thrown away.
func (k *key) rehearsed(env *command.Env, name string, sans []string) ([]byte, error) {
	if !k.made {
		return k.der(), nil
	}
	env.Say("The key of this CSR was made for the rehearsal and is thrown away: the real call has another CSR and reference.")
	signer, err := keystore.NewKey(k.kind)
	if err != nil {
		return nil, err
	}
	return keystore.Request(signer, name, sans)
}

// facts say where the key comes from.
func (k *key) facts() []fact {
	switch {
	case k.old:
		return []fact{{"key", "the old one, once more"}}
	case !k.made:
		return []fact{{"key", k.request.key.String() + ", of " + k.from}}
	}
	store := "none; the key lies here, encrypted with the password"
	if k.store != "" {
		store = string(k.store) + ", made when the certificate is here; the password is asked for then, unless keystore_password says where it is"
	}
	return []fact{{"key", k.kind.String() + ", made here, encrypted with the password before it is on the disk"}, {"keystore", store}}
}
