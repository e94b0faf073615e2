package console

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/user"

	"certty/backend"
	"certty/backend/guard"
	"certty/backend/poll"
	"certty/backend/sandbox"
	"certty/backend/vault"
	"certty/config"
	"certty/ui/app"
	"certty/ui/view"
)

// start starts the live refresh of a target.
func (c *console) start(b backend.Backend, readOnly bool) (view.Target, *poll.Mailbox) {
	var journal backend.Journal // none where it can't be written: nothing can be changed then
	if c.store.Unwritable() == nil {
		journal = c.store
	}
	b = guard.Wrap(b, guard.Options{
		Actor: actor(), ReadOnly: c.cfg.ReadOnly || readOnly, Journal: journal,
		Log:              c.log,
		OnJournalTrouble: func(err error) { c.tell(app.Trouble("the journal can't be written: " + err.Error())) },
	})
	p := poll.New(b, c.store, poll.Options{
		Every: c.cfg.Refresh.Every, Marked: c.cfg.Refresh.Marked, Rest: c.cfg.Refresh.Rest,
		Deleted: c.cfg.Refresh.Deleted, Log: c.log,
	})
	name := b.Info().Name
	c.pollers.Store(name, p)
	box := p.Subscribe()
	c.run("the refresh of "+name, func() {
		if err := p.Run(c.ctx); err != nil && !errors.Is(err, context.Canceled) {
			c.log.Error("refresh ended", "target", name, "error", err)
		}
	})
	return view.Target{Info: b.Info(), Capabilities: b.Capabilities(), Poller: p}, box
}

// add starts a target and hands it to the screen.
func (c *console) add(parts *app.Parts, b backend.Backend, readOnly bool) {
	target, box := c.start(b, readOnly)
	parts.Targets, parts.Boxes = append(parts.Targets, target), append(parts.Boxes, box)
}

// refresh reads a target now, if it is one of the screen's.
func (c *console) refresh(name string) {
	if p, ok := c.pollers.Load(name); ok {
		p.(view.Poller).Refresh()
	}
}

// openTarget makes the backend of a configured target, or one that says why
// there is none.
func (c *console) openTarget(t config.Target) backend.Backend {
	o, err := c.vaultOptions(t)
	if err == nil {
		var v *vault.Vault
		if v, err = reach(o); err == nil {
			return v
		}
	}
	c.log.Error("open a target", "target", t.Name, "error", err)
	return unopened{info: backend.Info{Name: t.Name, Kind: string(t.Kind), Address: t.URL, ReadOnly: o.ReadOnly}, why: err}
}

// reach makes the backend of a vault. Of a read-only one the transport lets
// nothing but reads through.
func reach(o vault.Options) (*vault.Vault, error) {
	if o.ReadOnly {
		o.Wrap = func(next http.RoundTripper) http.RoundTripper {
			return guard.ReadOnlyTransport(next, guard.IsTokenCall)
		}
	}
	return vault.New(o)
}

func (c *console) vaultOptions(t config.Target) (vault.Options, error) {
	o := vault.Options{
		Name: t.Name, URL: t.URL, APIVersion: t.APIVersion, VerbOverride: t.VerbOverride, ReadOnly: c.cfg.ReadOnly || t.ReadOnly,
		Credential: vault.Credential{
			Kind: vault.CredentialKind(t.Credential.Kind), TenantID: t.Credential.Tenant,
			ClientID: t.Credential.ClientID, Secret: t.Credential.Secret.Read, Certificate: t.Credential.ReadCertificate,
			Prompt: c.prompt(t.Name), Authority: authority(t),
		},
	}
	if t.CAFile != "" {
		o.ReadRootCAs = func() (*x509.CertPool, error) { return readRootCAs(t.CAFile) }
	}
	if t.Proxy != "" {
		proxy, err := url.Parse(t.Proxy)
		if err != nil {
			return o, fmt.Errorf("proxy: %w", err)
		}
		o.Proxy = http.ProxyURL(proxy)
	}
	return o, nil
}

// readRootCAs reads the authorities that a ca_file names.
func readRootCAs(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read ca_file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read ca_file: %s holds no PEM certificate", file)
	}
	return pool, nil
}

// authorities give the tokens of Azure's clouds. In the public one it is left
// open, so that AZURE_AUTHORITY_HOST counts.
var authorities = map[config.Cloud]string{
	config.CloudChina:      "https://login.chinacloudapi.cn",
	config.CloudGovernment: "https://login.microsoftonline.us",
}

func authority(t config.Target) string { return cmp.Or(t.Authority, authorities[t.Cloud]) }

func (c *console) openSandbox(dir string) (*sandbox.Sandbox, vault.Options, error) {
	box, err := sandbox.Start(c.ctx, sandbox.Options{Dir: dir})
	if inUse, ok := errors.AsType[*sandbox.InUseError](err); ok {
		return nil, vault.Options{}, &secondSandbox{dir: inUse.Dir}
	}
	if err != nil {
		return nil, vault.Options{}, err
	}
	c.undo = append(c.undo, box.Close)
	access := box.Access()
	return box, vault.Options{
		Name: sandboxTarget, URL: access.VaultURL, Sandbox: true, ReadOnly: c.cfg.ReadOnly, RootCAs: box.CAPool(),
		Credential: vault.Credential{
			Kind: vault.CredentialClientSecret, TenantID: access.TenantID, ClientID: access.ClientID,
			Secret:    func(context.Context) (string, error) { return access.ClientSecret, nil },
			Authority: access.Authority,
		},
	}, nil
}

// actor names who acts, for the journal.
func actor() string {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if host, err := os.Hostname(); err == nil {
		name += "@" + host
	}
	return name
}

// secondSandbox says that another process has the embedded sandbox.
type secondSandbox struct{ dir string }

// Error names the ways out.
func (e *secondSandbox) Error() string {
	return "another process runs the sandbox in " + e.dir + `.
  To end up on the same one: serve it alone with "certty sandbox", and add its
  vault to the configuration of both consoles.
  For one of its own: set XDG_STATE_HOME to another folder.
  With a configuration there is no such limit: certty --config FILE.`
}
