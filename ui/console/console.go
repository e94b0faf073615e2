package console

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"certty/backend/sandbox"
	"certty/backend/store"
	"certty/backend/vault"
	"certty/config"
	"certty/ui/app"
	"certty/ui/cli"
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

// sandboxTarget is the name of the embedded vault among the targets.
const sandboxTarget = "sandbox"

// console is everything behind the screen: stores, backends and their pollers.
type console struct {
	cfg       *config.Config
	sandboxed bool
	ctx       context.Context
	cancel    context.CancelFunc
	running   sync.WaitGroup
	signIns   signIns

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
		return nil, fmt.Errorf("%w\n  The folders are chosen by state_dir and cache_dir in the configuration, or by XDG_STATE_HOME and XDG_CACHE_HOME", err)
	}
	c.store = st
	c.undo = append(c.undo, st.Close)
	if err := c.openLog(stateDir); err != nil {
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
	parts := &app.Parts{Timeline: st.Timeline, Journal: st.Entries, Every: c.cfg.Refresh.Every, Notes: append(st.Notes(), unfinished(ctx, st)...)}
	for _, o := range vaults {
		v, err := reach(o)
		if err != nil {
			return nil, err
		}
		target, box := c.start(v, o)
		parts.Targets, parts.Boxes = append(parts.Targets, target), append(parts.Boxes, box)
	}
	if box != nil {
		c.seed(parts.Targets[0].Poller, box)
	}
	return parts, nil
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
// after the first frame.
func (c *console) seed(p view.Poller, box *sandbox.Sandbox) {
	c.run("the sandbox's seeding", func() {
		if err := box.Seed(c.ctx); err != nil && !errors.Is(err, context.Canceled) {
			c.log.Error("seed the sandbox", "error", err)
			c.tell(app.Trouble("the sandbox could not be filled: " + err.Error()))
		}
		p.Refresh()
	})
}

func (c *console) openLog(dir string) error {
	c.logFile = filepath.Join(dir, "certty.log")
	f, err := os.OpenFile(c.logFile, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	c.undo = append(c.undo, f.Close)
	c.log = slog.New(slog.NewMultiHandler(slog.NewTextHandler(f, nil), c.notes.Handler(slog.LevelInfo)))
	slog.SetDefault(c.log)
	return nil
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
