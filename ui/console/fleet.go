package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"

	"certty/backend"
	"certty/backend/doctor"
	"certty/backend/scm"
	"certty/backend/store"
	"certty/backend/vault"
	"certty/config"
	"certty/ui/cli/command"
)

// Open opens targets for a command without a screen. It calls no service. A
// target that can't be opened is there as well, and every call of it says why.
func Open(ctx context.Context, cfg *config.Config, o command.OpenOptions) (*command.Fleet, error) {
	p := &opener{kit: kit{cfg: cfg, now: o.Now}, options: o}
	f, err := p.open(ctx)
	if err != nil {
		return nil, errors.Join(err, p.release())
	}
	return f, nil
}

// opener opens a fleet.
type opener struct {
	kit     kit
	options command.OpenOptions
	undo    []io.Closer // in the order of opening
}

func (p *opener) release() error {
	var errs []error
	for _, c := range slices.Backward(p.undo) {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

func (p *opener) open(ctx context.Context) (*command.Fleet, error) {
	cfg := p.kit.cfg
	dir, cache := command.Dirs(cfg)
	st, err := openStore(ctx, dir, cache, p.kit.now)
	if err != nil {
		return nil, err
	}
	p.undo = append(p.undo, st)
	p.kit.store = st
	p.kit.trouble = func(err error) { p.options.Say("the journal can't be written: " + err.Error()) }
	p.openLog(dir)
	f := &command.Fleet{Store: st, Dir: dir, Sandbox: cfg.Sandbox, Release: p.release}
	j := journal{store: st, now: p.kit.now, log: p.kit.log}
	if j.now == nil {
		j.now = time.Now
	}
	f.Journal = j.entries
	if cfg.Sandbox {
		f.Targets, err = p.sandbox(ctx, dir)
		return f, err
	}
	for _, t := range cfg.Targets {
		if p.wanted(t.Name) {
			f.Targets = append(f.Targets, p.target(t))
		}
	}
	return f, nil
}

func (p *opener) wanted(name string) bool {
	return len(p.options.Only) == 0 || slices.Contains(p.options.Only, name)
}

// openStore opens the local state; now is its clock, nil means time.Now.
func openStore(ctx context.Context, dir, cache string, now func() time.Time) (*store.Store, error) {
	st, err := store.Open(ctx, store.Options{StateDir: dir, CacheDir: cache, Now: now})
	if err != nil {
		return nil, fmt.Errorf("%w\n  The folders are chosen by state_dir and cache_dir in the configuration, or by XDG_STATE_HOME and XDG_CACHE_HOME", err)
	}
	return st, nil
}

// openLogFile opens the log of the state in a folder, which several programs write.
func openLogFile(dir string) (*os.File, error) {
	return os.OpenFile(command.LogFile(dir), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
}

// openLog opens the log that consoles on the same state write as well.
func (p *opener) openLog(dir string) {
	p.kit.log = slog.New(slog.DiscardHandler)
	f, err := openLogFile(dir)
	if err != nil {
		p.options.Say("there is no log: " + err.Error())
		return
	}
	p.undo = append(p.undo, f)
	p.kit.log = slog.New(slog.NewTextHandler(f, nil))
}

// sandbox starts the embedded services and fills them.
func (p *opener) sandbox(ctx context.Context, dir string) ([]command.Target, error) {
	box, err := startSandbox(ctx, dir)
	if err != nil {
		return nil, err
	}
	p.undo = append(p.undo, box)
	if err := box.Seed(ctx); err != nil {
		return nil, err
	}
	var out []command.Target
	if p.wanted(sandboxTarget) {
		o := p.kit.sandboxVaultOptions(box)
		b, err := p.vault(o)
		if err != nil {
			return nil, err
		}
		out = append(out, p.join(b, config.Target{Name: sandboxTarget, Kind: config.KindVault}, vaultEndpoints(o)))
	}
	if p.wanted(sandboxAccount) {
		o := p.kit.sandboxAccountOptions(box)
		b, err := p.account(o)
		if err != nil {
			return nil, err
		}
		out = append(out, p.join(b, config.Target{Name: sandboxAccount, Kind: config.KindSCM}, accountEndpoints(o)))
	}
	return out, nil
}

// target opens a configured target, or says why there is none.
func (p *opener) target(t config.Target) command.Target {
	b, endpoints, err := p.backend(t)
	if err != nil {
		p.kit.log.Error("open a target", "target", t.Name, "error", err)
		b = unopened{info: backend.Info{Name: t.Name, Kind: string(t.Kind), Address: t.URL, ReadOnly: p.kit.cfg.ReadOnly || t.ReadOnly}, why: err}
	}
	return p.join(b, t, endpoints)
}

func (p *opener) backend(t config.Target) (backend.Backend, []doctor.Endpoint, error) {
	if t.Kind == config.KindSCM {
		o, err := p.kit.accountOptions(t)
		if err != nil {
			return nil, nil, err
		}
		b, err := p.account(o)
		return b, accountEndpoints(o), err
	}
	o, err := p.kit.vaultOptions(t, p.prompt(t.Name))
	if err != nil {
		return nil, nil, err
	}
	b, err := p.vault(o)
	return b, vaultEndpoints(o), err
}

func (p *opener) vault(o vault.Options) (backend.Backend, error) {
	if p.options.Dry != nil && !o.ReadOnly {
		return rehearseVault(o, p.options.Dry)
	}
	return reach(o)
}

func (p *opener) account(o scm.Options) (backend.Backend, error) {
	if p.options.Dry != nil && !o.ReadOnly {
		return rehearseAccount(o, p.options.Dry)
	}
	return reachAccount(o)
}

// join puts the guard around a backend, and gives an account its repository.
func (p *opener) join(b backend.Backend, t config.Target, endpoints []doctor.Endpoint) command.Target {
	if p.options.Dry != nil {
		b = p.kit.rehearse(b, t)
	} else {
		b = p.kit.guard(b, t)
	}
	out := command.Target{Backend: b, Config: t, Files: files(t), Endpoints: endpoints}
	if t.Kind == config.KindSCM && p.options.Dry == nil {
		published := &heard{}
		out.Repository, out.News = p.kit.manager(b, t, published.add), published.take
	}
	return out
}

// prompt says the code with which to sign in, and waits until that has ended.
func (p *opener) prompt(target string) prompter {
	return func(ctx context.Context, message, _, _ string) error {
		p.options.Say(target + ": " + message)
		<-ctx.Done()
		return nil
	}
}
