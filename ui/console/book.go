package console

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"certty/backend"
	"certty/backend/vault"
	"certty/config"
	"certty/model"
	"certty/ui/view/vaults"
)

// book is what the screen may ask of the configuration and of targets that are
// not in it yet.
type book struct {
	c    *console
	file string

	mu      sync.Mutex
	targets []config.Target // those that names must not be taken from
	// tried is the vault that the last test reached, with its sign-in.
	tried   *vault.Vault
	triedAs vaults.Draft
}

func newBook(c *console) *book {
	b := &book{c: c, file: c.cfg.File, targets: c.cfg.Targets}
	if files := config.DefaultPaths().Files; b.file == "" && len(files) > 0 {
		b.file = files[0]
	}
	return b
}

// Address gives the URL, the cloud and the name that a typed address tells.
func (b *book) Address(typed, cloud string) (url, known, name string) {
	url, told, name := config.CompleteAddress(typed, config.Cloud(cloud))
	return url, string(told), name
}

// Clouds lists Azure's clouds.
func (b *book) Clouds() []string { return words(config.Clouds()) }

// Credentials lists the kinds of credentials that a kind of target takes.
func (b *book) Credentials(kind vaults.Kind) []string {
	return words(config.CredentialKinds(config.TargetKind(kind)))
}

// Account takes the address of an account apart: where its API begins, the
// customer URI, and a name for the target.
func (b *book) Account(typed string) (api, customerURI, name string) {
	if api, customerURI, ok := config.SignInAddress(typed); ok {
		return api, customerURI, targetName(customerURI)
	}
	return typed, "", ""
}

// targetName makes a name for a target out of what a service calls it.
func targetName(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
}

func words[S ~string](values []S) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// Uses reports whether a kind of credential has use for a setting.
func (b *book) Uses(credential string, f vaults.Field) bool {
	used, _ := config.CredentialKind(credential).Uses(strings.TrimPrefix(string(f), "credential."))
	return used
}

// Check says what is wrong with a draft, by field.
func (b *book) Check(d vaults.Draft) map[vaults.Field]string {
	found := map[vaults.Field]string{}
	for f, place := range map[vaults.Field]vaults.Place{vaults.FieldSecret: d.Secret, vaults.FieldPassword: d.Password, vaults.FieldProxyPassword: d.ProxyPassword} {
		if place.Kind == vaults.PlaceCommand && strings.ContainsAny(place.Text, `"'`) {
			found[f] = "quotes are not taken here: write such a command into the configuration, as a list"
		}
	}
	_, err := b.complete(target(d))
	problems, ok := errors.AsType[config.Problems](err)
	if err != nil && !ok {
		found[vaults.FieldAddress] = err.Error()
	}
	for _, p := range problems {
		if f := fieldOf(p.Path); found[f] == "" {
			found[f] = p.Text
		}
	}
	return found
}

// fieldOf is the field of the form that a setting belongs to.
func fieldOf(path string) vaults.Field {
	for _, f := range []vaults.Field{vaults.FieldSecret, vaults.FieldPassword, vaults.FieldProxyPassword} {
		if strings.HasPrefix(path, string(f)+".") {
			return f
		}
	}
	return vaults.Field(path)
}

// complete checks a target beside those that there are.
func (b *book) complete(t config.Target) (config.Target, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	beside := *b.c.cfg
	beside.Targets = slices.Clone(b.targets)
	return config.Complete(&beside, b.file, t)
}

// Test lists the certificates of the vault that d describes, up to the first
// page, or looks at what orders need of the account. While a person signs in to a
// vault, it waits for as long as the code stands on the screen.
func (b *book) Test(ctx context.Context, d vaults.Draft) (vaults.Found, error) {
	if d.Kind == vaults.KindAccount {
		return b.probe(ctx, d)
	}
	v, o, err := b.reach(d)
	if err != nil {
		return vaults.Found{}, err
	}
	defer b.c.signIns.ask(o.Name)()
	found, err := firstPage(ctx, v)
	for err != nil && b.c.signIns.waiting(o.Name) {
		select {
		case <-ctx.Done():
			return vaults.Found{}, ctx.Err()
		case <-time.After(time.Second): // also when something else fails at once
			found, err = firstPage(ctx, v)
		}
	}
	if err != nil {
		return vaults.Found{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tried, b.triedAs = v, d
	return found, nil
}

func firstPage(ctx context.Context, v *vault.Vault) (vaults.Found, error) {
	for page, err := range v.Capabilities().Sweep.Sweep(ctx) {
		if err != nil {
			return vaults.Found{}, err
		}
		return vaults.Found{Certificates: len(page.Items), More: page.Summary == nil}, nil
	}
	return vaults.Found{}, &backend.Error{
		Kind: backend.KindOther, Op: "list certificates", Ref: model.Ref{Target: v.Info().Name}, Message: "the list ended before its first page",
	}
}

func (b *book) reach(d vaults.Draft) (*vault.Vault, vault.Options, error) {
	t, err := b.complete(target(d))
	if err != nil {
		return nil, vault.Options{}, err
	}
	o, err := b.c.vaultOptions(t)
	if err != nil {
		return nil, o, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tried != nil && b.triedAs == d {
		return b.tried, o, nil
	}
	v, err := reach(o)
	return v, o, err
}

// Prepare says what would be written into the configuration. What certty could
// not open, or would trust nobody for, is wrong whether or not the vault answers
// today: it is not written.
func (b *book) Prepare(_ context.Context, d vaults.Draft) (vaults.Entry, error) {
	if err := b.openable(d); err != nil {
		return nil, err
	}
	addition, err := config.AddTarget(b.file, target(d))
	if err != nil {
		return nil, err
	}
	return &entry{book: b, draft: d, addition: addition}, nil
}

// openable says why certty could not open what d describes.
func (b *book) openable(d vaults.Draft) error {
	var read func() (*x509.CertPool, error)
	if d.Kind == vaults.KindAccount {
		_, o, _, err := b.reachAccount(d)
		if err != nil {
			return err
		}
		read = o.ReadRootCAs
	} else {
		_, o, err := b.reach(d)
		if err != nil {
			return err
		}
		read = o.ReadRootCAs
	}
	if read == nil {
		return nil
	}
	_, err := read()
	return err
}

// Restart says how to see what was added, where this console shows the sandbox
// and nothing else.
func (b *book) Restart() string {
	switch {
	case b.c.cfg.Sandbox:
		return "This console was started on the sandbox and stays on it: start certty without --sandbox to see what is added."
	case b.c.sandboxed:
		return "Nothing was configured, so this console shows the sandbox: leave certty and start it again to see what is added in its place."
	}
	return ""
}
