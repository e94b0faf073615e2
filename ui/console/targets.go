package console

import (
	"context"
	"errors"
	"os"
	"os/user"

	"certty/backend"
	"certty/backend/poll"
	"certty/backend/sandbox"
	"certty/backend/vault"
	"certty/config"
	"certty/model"
	"certty/ui/app"
	"certty/ui/view"
)

// kit is what this console joins its targets from.
func (c *console) kit() *kit {
	return &kit{cfg: c.cfg, store: c.store, log: c.log, trouble: func(err error) {
		c.tell(app.Trouble("the journal can't be written: " + err.Error()))
	}}
}

// opening is a target that is about to be started.
type opening struct {
	backend backend.Backend
	config  config.Target
	// ready holds the refresh back until it is closed; nil lets it begin.
	ready <-chan struct{}
}

// start starts the live refresh of a target.
func (c *console) start(t opening) (view.Target, *poll.Mailbox) {
	k := c.kit()
	b := k.guard(t.backend, t.config)
	name := b.Info().Name
	target := view.Target{Info: b.Info(), Capabilities: b.Capabilities()}
	var keeper poll.Keeper = c.store
	var p *poll.Poller
	if t.config.Kind == config.KindSCM {
		target.Repository = k.manager(b, t.config, func(page model.Page) { p.Note(page) })
		target.Files = files(t.config)
		keeper = recorded{c.store, target.Repository}
	}
	p = poll.New(b, keeper, poll.Options{
		Every: c.cfg.Refresh.Every, Marked: c.cfg.Refresh.Marked, Rest: c.cfg.Refresh.Rest,
		Deleted: c.cfg.Refresh.Deleted, Log: c.log,
	})
	target.Poller = p
	c.pollers.Store(name, p)
	box, heard := p.Subscribe(), p.Subscribe()
	c.beside("listening to "+name, func(ctx context.Context) error { return c.quiet.hear(ctx, heard) })
	if target.Repository != nil {
		f := follower{kit: k, target: name, box: p.Subscribe(), poller: p, manager: target.Repository, orders: target.Repository.Follower(),
			synced: func() { c.tell(app.Synced(name)) }}
		c.beside("what is due at "+name, f.run)
	}
	c.beside("the refresh of "+name, func(ctx context.Context) error {
		if t.ready != nil {
			select {
			case <-t.ready:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return p.Run(ctx)
	})
	return target, box
}

// beside runs f until the console is closed, and logs how it ended.
func (c *console) beside(what string, f func(context.Context) error) {
	c.run(what, func() {
		if err := f(c.ctx); err != nil && !errors.Is(err, context.Canceled) {
			c.log.Error("ended", "what", what, "error", err)
		}
	})
}

// add starts a target and hands it to the screen.
func (c *console) add(parts *app.Parts, t opening) {
	target, box := c.start(t)
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
func (c *console) openTarget(t config.Target) opening {
	out := opening{config: t}
	var err error
	if t.Kind == config.KindSCM {
		out.backend, err = c.openAccount(t)
	} else {
		out.backend, err = c.openVault(t)
	}
	if err != nil {
		c.log.Error("open a target", "target", t.Name, "error", err)
		info := backend.Info{Name: t.Name, Kind: string(t.Kind), Address: t.URL, ReadOnly: c.cfg.ReadOnly || t.ReadOnly}
		out.backend = unopened{info: info, why: err}
	}
	return out
}

func (c *console) openVault(t config.Target) (backend.Backend, error) {
	o, err := c.vaultOptions(t)
	if err != nil {
		return nil, err
	}
	return reach(o)
}

func (c *console) openAccount(t config.Target) (backend.Backend, error) {
	o, err := c.kit().accountOptions(t)
	if err != nil {
		return nil, err
	}
	return reachAccount(o)
}

func (c *console) vaultOptions(t config.Target) (vault.Options, error) {
	return c.kit().vaultOptions(t, c.prompt(t.Name))
}

func (c *console) openSandbox(dir string) (*sandbox.Sandbox, vault.Options, error) {
	box, err := startSandbox(c.ctx, dir)
	if err != nil {
		return nil, vault.Options{}, err
	}
	c.undo = append(c.undo, box.Close)
	return box, c.kit().sandboxVaultOptions(box), nil
}

// startSandbox starts the embedded sandbox.
func startSandbox(ctx context.Context, dir string) (*sandbox.Sandbox, error) {
	box, err := sandbox.Start(ctx, sandbox.Options{Dir: dir})
	if inUse, ok := errors.AsType[*sandbox.InUseError](err); ok {
		return nil, &secondSandbox{dir: inUse.Dir}
	}
	return box, err
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
