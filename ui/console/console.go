package console

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"certty/backend/sandbox"
	"certty/backend/store"
	"certty/config"
	"certty/ui/app"
	"certty/ui/cli/command"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/logs"
)

// Terminal is where the console is shown.
type Terminal struct {
	In, Out *os.File
	// Lookup reads the environment.
	Lookup func(string) (string, bool)
}

// Run shows the console until the person leaves it, ctx ends, or the terminal
// is closed. Everything that it opened is closed when it returns.
func Run(ctx context.Context, cfg *config.Config, t Terminal) error {
	// Nothing may be printed while the screen is ours.
	slog.SetDefault(slog.New(slog.DiscardHandler))
	c := newConsole(cfg)
	if gogc, _ := t.Lookup("GOGC"); gogc == "" {
		c.quiet.thrifty()
	}
	go c.open() // beside everything that the first frame needs
	err := app.Run(ctx, app.Options{
		In:       t.In,
		Out:      &app.Output{File: t.Out},
		Lookup:   t.Lookup,
		Names:    c.names(),
		Sandbox:  c.sandboxed,
		ReadOnly: cfg.ReadOnly,
		Theme:    themeOptions(cfg, t.Lookup),
		FPS:      framesPerSecond(t.Lookup),
		Open:     c.wait,
		Clock:    time.Now,
		Book:     newBook(c),
		Log:      &c.notes,
		Mouse:    cfg.Mouse,
	}, c.screenReady)
	return errors.Join(err, c.close())
}

func themeOptions(cfg *config.Config, lookup func(string) (string, bool)) theme.Options {
	o := theme.FromEnv(lookup)
	switch cfg.Theme {
	case config.ThemeMono:
		o.Color = false
	case config.ThemeDark:
		o.Background = theme.Dark
	case config.ThemeLight:
		o.Background = theme.Light
	case config.ThemeAuto: // as the environment says
	}
	if cfg.ASCII != nil {
		o.ASCII = *cfg.ASCII
	}
	return o
}

// framesPerSecond bounds what goes over a slow line.
func framesPerSecond(lookup func(string) (string, bool)) int {
	if remote, _ := lookup("SSH_CONNECTION"); remote != "" {
		return 15
	}
	return 60
}

// sandboxTarget and sandboxAccount are the names of the embedded vault and the
// embedded CA account among the targets.
const (
	sandboxTarget  = command.SandboxVault
	sandboxAccount = command.SandboxAccount
)

// console is everything behind the screen: stores, backends and their pollers.
type console struct {
	cfg       *config.Config
	sandboxed bool
	ctx       context.Context
	cancel    context.CancelFunc
	running   sync.WaitGroup
	signIns   signIns
	pollers   sync.Map // of view.Poller, by target
	quiet     *quiet

	mu      sync.Mutex // opening, joining and closing exclude each other
	logFile string
	undo    []func() error // in the order of opening
	store   *store.Store
	log     *slog.Logger
	notes   logs.Ring // what the log view shows

	opened chan struct{} // closed when parts or failure are there
	parts  *app.Parts
	failed error

	ready chan struct{} // closed when the screen takes messages
	send  func(app.Message)
}

func newConsole(cfg *config.Config) *console {
	ctx, cancel := context.WithCancel(context.Background())
	return &console{
		cfg: cfg, ctx: ctx, cancel: cancel, sandboxed: cfg.Sandbox || len(cfg.Targets) == 0, quiet: newQuiet(),
		opened: make(chan struct{}), ready: make(chan struct{}),
	}
}

func (c *console) names() []string {
	if c.sandboxed {
		return []string{sandboxTarget, sandboxAccount}
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

// run runs f beside the screen. A panic there would leave the terminal raw, so
// it ends the screen in order instead.
func (c *console) run(what string, f func()) {
	c.running.Go(func() {
		defer func() {
			if r := recover(); r != nil {
				c.log.Error("panic", "in", what, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
				c.tell(app.Crashed{What: what, Log: c.logFile})
			}
		}()
		f()
	})
}

// seed fills an empty sandbox. It makes keys, which takes a while, so it runs
// after the first frame; seeded is closed when it has ended.
func (c *console) seed(p view.Poller, box *sandbox.Sandbox, seeded chan<- struct{}) {
	c.run("the sandbox's seeding", func() {
		defer close(seeded)
		if err := box.Seed(c.ctx); err != nil && !errors.Is(err, context.Canceled) {
			c.log.Error("seed the sandbox", "error", err)
			c.tell(app.Trouble("the sandbox could not be filled: " + err.Error()))
		}
		p.Refresh()
	})
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
