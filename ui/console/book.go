package console

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"certty/backend"
	"certty/backend/vault"
	"certty/config"
	"certty/model"
	"certty/ui/app"
	"certty/ui/view/vaults"
)

// book is what the screen may ask of the configuration and of vaults that are
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

// Credentials lists the kinds of credentials.
func (b *book) Credentials() []string { return words(config.CredentialKinds()) }

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
	for f, place := range map[vaults.Field]vaults.Place{vaults.FieldSecret: d.Secret, vaults.FieldPassword: d.Password} {
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
	for _, f := range []vaults.Field{vaults.FieldSecret, vaults.FieldPassword} {
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

// target is a draft as the configuration has it. What the kind of credential
// has no use for was typed before another kind was chosen.
func target(d vaults.Draft) config.Target {
	url, known, _ := config.CompleteAddress(d.Address, config.Cloud(d.Cloud))
	t := config.Target{
		Name: d.Name, Kind: config.KindVault, URL: url, ReadOnly: d.ReadOnly,
		Authority: d.Authority, CAFile: d.CAFile, Proxy: d.Proxy, APIVersion: d.APIVersion, VerbOverride: d.VerbOverride,
		Credential: config.Credential{Kind: config.CredentialKind(d.Credential)},
	}
	// A host that tells its cloud needs no setting that says the same.
	if _, tells, _ := config.CompleteAddress(url, ""); known == "" && tells == "" && config.Cloud(d.Cloud) != config.CloudPublic {
		t.Cloud = config.Cloud(d.Cloud)
	}
	c := &t.Credential
	for setting, set := range map[string]func(){
		"tenant":      func() { c.Tenant = d.Tenant },
		"client_id":   func() { c.ClientID = d.ClientID },
		"secret":      func() { c.Secret = secret(d.Secret) },
		"certificate": func() { c.Certificate = d.Certificate },
		"password":    func() { c.Password = secret(d.Password) },
	} {
		if used, _ := c.Kind.Uses(setting); used {
			set()
		}
	}
	return t
}

func secret(p vaults.Place) config.Secret {
	switch {
	case p.Text == "":
		return config.Secret{}
	case p.Kind == vaults.PlaceEnv:
		return config.Secret{Env: p.Text}
	case p.Kind == vaults.PlaceCommand:
		return config.Secret{Command: strings.Fields(p.Text)}
	}
	return config.Secret{File: p.Text}
}

// Test lists the certificates of the vault that d describes, up to the first
// page. While a person signs in, it waits for as long as the code stands on the
// screen.
func (b *book) Test(ctx context.Context, d vaults.Draft) (vaults.Found, error) {
	v, o, err := b.reach(d)
	if err != nil {
		return vaults.Found{}, err
	}
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

// Prepare says what would be written into the configuration. A vault that
// certty could not even open would keep it from starting: it is not written.
func (b *book) Prepare(_ context.Context, d vaults.Draft) (vaults.Entry, error) {
	if _, _, err := b.reach(d); err != nil {
		return nil, err
	}
	addition, err := config.AddTarget(b.file, target(d))
	if err != nil {
		return nil, err
	}
	return &entry{book: b, draft: d, addition: addition}, nil
}

// Restart says how to see what was added, where this console shows the sandbox
// and nothing else.
func (b *book) Restart() string {
	switch {
	case b.c.cfg.Sandbox:
		return "This console was started on the sandbox and stays on it: start certty without --sandbox to see the vault."
	case b.c.sandboxed:
		return "Nothing was configured, so this console shows the sandbox: leave certty and start it again to see the vault in its place."
	}
	return ""
}

// entry is a vault that is about to be written.
type entry struct {
	book     *book
	draft    vaults.Draft
	addition *config.Addition
}

// File is the configuration file.
func (e *entry) File() string { return e.addition.File }

// Diff shows the lines that change.
func (e *entry) Diff() string { return e.addition.Diff }

// Caution warns of a vault that leaves the screen with the next start.
func (e *entry) Caution() string {
	cfg := e.book.c.cfg
	if cfg.Variable == "" || len(cfg.Targets) == 0 {
		return ""
	}
	return fmt.Sprintf("%s counts only while the file names no vault: the next start shows %s and no more %s, unless you add that one, too.",
		cfg.Variable, e.draft.Name, cfg.Targets[0].Name)
}

// Save writes the entry, and takes the vault into the running console where
// that shows configured vaults.
func (e *entry) Save() (joined bool, err error) {
	if err := e.addition.Write(); err != nil {
		return false, e.explain(err)
	}
	if e.book.c.sandboxed {
		return false, nil
	}
	return e.book.c.join(e.book, e.draft)
}

// explain says the way out of a file that can't be written.
func (e *entry) explain(err error) error {
	files := config.DefaultPaths().Files
	if errors.Is(err, fs.ErrPermission) && slices.Index(files, e.book.file) > 0 {
		return fmt.Errorf("%w: it is for all users; copy it to %s, which counts before it, and start again", err, files[0])
	}
	return err
}

// join opens a vault while the console runs.
func (c *console) join(b *book, d vaults.Draft) (bool, error) {
	if _, err := c.wait(c.ctx); err != nil {
		return false, nil // the console says itself why it does not run
	}
	v, o, err := b.reach(d)
	if err != nil {
		return false, fmt.Errorf("it was written, but can't be opened: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		return false, nil
	}
	target, box := c.start(v, o)
	b.mu.Lock()
	b.targets = append(slices.Clone(b.targets), config.Target{Name: d.Name, URL: o.URL})
	b.tried = nil
	b.mu.Unlock()
	c.tell(app.Joined(target, box))
	return true, nil
}
