// Certty is a terminal console for certificate issuance: it watches and
// manages certificates and pending certificate requests in Azure Key Vault.
//
// This file is where the rooms are joined: it reads flags and configuration,
// builds the backends and chooses a face. The guide to the code is
// docs/development.md.
package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"golang.org/x/term"

	"certty/backend/guard"
	"certty/backend/poll"
	"certty/backend/sandbox"
	"certty/backend/store"
	"certty/backend/vault"
	"certty/config"
	"certty/config/earlyenv"
	"certty/ui/app"
	"certty/ui/cli"
	"certty/ui/theme"
	"certty/ui/view"
)

func main() {
	earlyenv.Restore()
	c := cli.App{Screen: screen, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(c.Execute(context.Background(), os.Args[1:]))
}

// screen shows the console on the terminal.
func screen(ctx context.Context, flags config.Flags) error {
	cfg, err := config.Load(config.Options{Flags: flags})
	if err != nil {
		return err
	}
	if !term.IsTerminal(int(os.Stdin.Fd())) || !term.IsTerminal(int(os.Stdout.Fd())) {
		return errors.New("the screen needs a terminal on standard input and output")
	}
	// Nothing may be printed while the screen is ours.
	slog.SetDefault(slog.New(slog.DiscardHandler))
	c := newConsole(cfg)
	go c.open() // beside everything that the first frame needs
	err = app.Run(ctx, app.Options{
		In:       os.Stdin,
		Out:      &app.Output{File: os.Stdout},
		Lookup:   os.LookupEnv,
		Names:    c.names(),
		Sandbox:  c.sandboxed,
		ReadOnly: cfg.ReadOnly,
		Theme:    themeOptions(cfg),
		FPS:      framesPerSecond(),
		Open:     c.wait,
		Clock:    time.Now,
	}, c.screenReady)
	return errors.Join(err, c.close())
}

func themeOptions(cfg *config.Config) theme.Options {
	o := theme.FromEnv(os.LookupEnv)
	if cfg.Theme == config.ThemeMono {
		o.Color = false
	}
	if cfg.ASCII != nil {
		o.ASCII = *cfg.ASCII
	}
	return o
}

// framesPerSecond bounds what goes over a slow line.
func framesPerSecond() int {
	if os.Getenv("SSH_CONNECTION") != "" {
		return 15
	}
	return 60
}

// sandboxTarget is the name of the embedded vault among the targets.
const sandboxTarget = "sandbox"

// console is everything behind the screen: stores, backends and their pollers.
type console struct {
	cfg       *config.Config
	sandboxed bool
	ctx       context.Context
	cancel    context.CancelFunc
	running   sync.WaitGroup

	mu      sync.Mutex // open and close exclude each other
	logFile string
	undo    []func() error // in the order of opening

	opened chan struct{} // closed when parts or failure are there
	parts  *app.Parts
	failed error

	ready chan struct{} // closed when the screen takes messages
	send  func(app.Message)
}

func newConsole(cfg *config.Config) *console {
	ctx, cancel := context.WithCancel(context.Background())
	return &console{
		cfg: cfg, ctx: ctx, cancel: cancel, sandboxed: cfg.Sandbox || len(cfg.Targets) == 0,
		opened: make(chan struct{}), ready: make(chan struct{}),
	}
}

func (c *console) names() []string {
	if c.sandboxed {
		return []string{sandboxTarget}
	}
	names := make([]string, len(c.cfg.Targets))
	for i, t := range c.cfg.Targets {
		names[i] = t.Name
	}
	return names
}

func (c *console) screenReady(send func(app.Message)) {
	c.send = send
	close(c.ready)
}

// tell sends news to the screen, once it takes any.
func (c *console) tell(msg app.Message) {
	select {
	case <-c.ready:
		c.send(msg)
	case <-c.ctx.Done():
	}
}

// open opens the stores and the targets and starts their refresh.
func (c *console) open() {
	defer close(c.opened)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed = c.ctx.Err(); c.failed == nil {
		c.parts, c.failed = c.assemble(c.ctx)
	}
}

// wait gives what open opened.
func (c *console) wait(ctx context.Context) (*app.Parts, error) {
	select {
	case <-c.opened:
		return c.parts, c.failed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *console) assemble(ctx context.Context) (*app.Parts, error) {
	stateDir, cacheDir := c.cfg.StateDir, c.cfg.CacheDir
	if c.sandboxed {
		stateDir, cacheDir = cli.SandboxDir(stateDir), cli.SandboxDir(cacheDir)
	}
	st, err := store.Open(ctx, store.Options{StateDir: stateDir, CacheDir: cacheDir})
	if err != nil {
		return nil, err
	}
	c.undo = append(c.undo, st.Close)
	log, err := c.openLog(stateDir)
	if err != nil {
		return nil, err
	}
	vaults, err := c.vaults()
	if err != nil {
		return nil, err
	}
	var box *sandbox.Sandbox
	if c.sandboxed {
		var o vault.Options
		if box, o, err = c.openSandbox(stateDir); err != nil {
			return nil, err
		}
		vaults = []vault.Options{o}
	}
	parts := &app.Parts{Timeline: st.Timeline, Notes: append(st.Notes(), unfinished(ctx, st)...)}
	for _, o := range vaults {
		if err := c.start(parts, o, st, log); err != nil {
			return nil, err
		}
	}
	if box != nil {
		c.seed(parts.Targets[0].Poller, box, log)
	}
	return parts, nil
}

// start adds one vault and its live refresh to parts.
func (c *console) start(parts *app.Parts, o vault.Options, st *store.Store, log *slog.Logger) error {
	if o.ReadOnly {
		o.Wrap = func(next http.RoundTripper) http.RoundTripper {
			return guard.ReadOnlyTransport(next, guard.IsTokenCall)
		}
	}
	v, err := vault.New(o)
	if err != nil {
		return err
	}
	b := guard.Wrap(v, guard.Options{
		Actor: actor(), ReadOnly: o.ReadOnly, Journal: st,
		OnJournalTrouble: func(err error) { c.tell(app.Trouble("the journal can't be written: " + err.Error())) },
	})
	p := poll.New(b, st, poll.Options{
		Every: c.cfg.Refresh.Every, Marked: c.cfg.Refresh.Marked, Rest: c.cfg.Refresh.Rest, Log: log,
	})
	parts.Targets = append(parts.Targets, view.Target{Info: b.Info(), Capabilities: b.Capabilities(), Poller: p})
	parts.Boxes = append(parts.Boxes, p.Subscribe())
	c.run("the refresh of "+o.Name, log, func() {
		if err := p.Run(c.ctx); err != nil && !errors.Is(err, context.Canceled) {
			log.Error("refresh ended", "target", o.Name, "error", err)
		}
	})
	return nil
}

// run runs f beside the screen. A panic there would leave the terminal raw, so
// it ends the screen in order instead.
func (c *console) run(what string, log *slog.Logger, f func()) {
	c.running.Go(func() {
		defer func() {
			if r := recover(); r != nil {
				log.Error("panic", "in", what, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
				c.tell(app.Crashed{What: what, Log: c.logFile})
			}
		}()
		f()
	})
}

// seed fills an empty sandbox. It makes keys, which takes a while, so it runs
// after the first frame.
func (c *console) seed(p view.Poller, box *sandbox.Sandbox, log *slog.Logger) {
	c.run("the sandbox's seeding", log, func() {
		if err := box.Seed(c.ctx); err != nil && !errors.Is(err, context.Canceled) {
			log.Error("seed the sandbox", "error", err)
			c.tell(app.Trouble("the sandbox could not be filled: " + err.Error()))
		}
		p.Refresh()
	})
}

// vaults says how the configured vaults are reached.
func (c *console) vaults() ([]vault.Options, error) {
	var all []vault.Options
	for _, t := range c.cfg.Targets {
		o, err := vaultOptions(t, c.cfg.ReadOnly)
		if err != nil {
			return nil, fmt.Errorf("target %s: %w", t.Name, err)
		}
		all = append(all, o)
	}
	return all, nil
}

func vaultOptions(t config.Target, readOnly bool) (vault.Options, error) {
	o := vault.Options{
		Name: t.Name, URL: t.URL, APIVersion: t.APIVersion, ReadOnly: readOnly || t.ReadOnly,
		Credential: vault.Credential{
			Kind: vault.CredentialKind(t.Credential.Kind), TenantID: t.Credential.Tenant,
			ClientID: t.Credential.ClientID, Secret: t.Credential.Secret.Read, Authority: authority(t),
		},
	}
	if t.CAFile != "" {
		pem, err := os.ReadFile(t.CAFile)
		if err != nil {
			return o, fmt.Errorf("read ca_file: %w", err)
		}
		o.RootCAs = x509.NewCertPool()
		if !o.RootCAs.AppendCertsFromPEM(pem) {
			return o, fmt.Errorf("ca_file %s holds no PEM certificate", t.CAFile)
		}
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

// authorities give the tokens of Azure's clouds.
var authorities = map[config.Cloud]string{
	config.CloudPublic:     "https://login.microsoftonline.com",
	config.CloudChina:      "https://login.chinacloudapi.cn",
	config.CloudGovernment: "https://login.microsoftonline.us",
}

func authority(t config.Target) string { return cmp.Or(t.Authority, authorities[t.Cloud]) }

func (c *console) openSandbox(dir string) (*sandbox.Sandbox, vault.Options, error) {
	box, err := sandbox.Start(c.ctx, sandbox.Options{Dir: dir})
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

func (c *console) openLog(dir string) (*slog.Logger, error) {
	c.logFile = filepath.Join(dir, "certty.log")
	f, err := os.OpenFile(c.logFile, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	c.undo = append(c.undo, f.Close)
	log := slog.New(slog.NewTextHandler(f, nil))
	slog.SetDefault(log)
	return log, nil
}

// unfinished tells of changes whose end is not known: the program, or the
// machine, ended between intent and answer.
func unfinished(ctx context.Context, st *store.Store) []string {
	entries, err := st.Unfinished(ctx)
	if err != nil {
		return []string{"the journal can't be read: " + err.Error()}
	}
	notes := make([]string, len(entries))
	for i, e := range entries {
		notes[i] = fmt.Sprintf("%s of %s, asked %s, has no known end: look at its row before doing it again",
			e.Intent.Op, e.Intent.Ref.Key, view.Moment(e.Intent.At))
	}
	return notes
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

// close ends the refresh, then gives everything back in the reverse order of
// opening.
func (c *console) close() error {
	c.cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running.Wait()
	var errs []error
	for _, undo := range slices.Backward(c.undo) {
		errs = append(errs, undo())
	}
	return errors.Join(errs...)
}
