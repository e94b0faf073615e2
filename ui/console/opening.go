package console

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"certty/config"
	"certty/ui/app"
	"certty/ui/cli/command"
)

// assemble opens everything. What is wrong with one part costs that part: a
// note says so, or its target shows it. An error is left for what a person has
// to decide about first.
func (c *console) assemble(ctx context.Context) (*app.Parts, error) {
	stateDir, cacheDir := c.cfg.StateDir, c.cfg.CacheDir
	if c.sandboxed {
		stateDir, cacheDir = command.SandboxDir(stateDir), command.SandboxDir(cacheDir)
	}
	st, err := openStore(ctx, stateDir, cacheDir, nil)
	if err != nil {
		return nil, err
	}
	c.store = st
	c.undo = append(c.undo, st.Close)
	notes := st.Notes()
	// Where the state can't be written, the log can't either, for the same reason.
	if err := c.openLog(stateDir); err != nil && st.Unwritable() == nil {
		notes = append(notes, "There is no log file: "+err.Error()+". The log view shows what happens from now on.")
	}
	c.beside("giving memory back", c.quiet.run)
	j := journal{store: st, now: time.Now, log: c.log}
	parts := &app.Parts{Timeline: j.timeline, Journal: j.entries, Doubts: j.doubts, Every: c.cfg.Refresh.Every, Notes: append(notes, j.unfinished(ctx)...)}
	if c.sandboxed {
		return parts, c.addSandbox(parts, stateDir)
	}
	for _, t := range c.cfg.Targets {
		c.add(parts, c.openTarget(t))
	}
	return parts, nil
}

// addSandbox makes the sandbox's vault and its account the only targets.
func (c *console) addSandbox(parts *app.Parts, dir string) error {
	box, o, err := c.openSandbox(dir)
	if err != nil {
		return err
	}
	v, err := reach(o)
	if err != nil {
		return err
	}
	account, err := reachAccount(c.kit().sandboxAccountOptions(box))
	if err != nil {
		return err
	}
	// An account is listed once and then asked for changes, and orders that are
	// seeded count as none.
	seeded := make(chan struct{})
	c.add(parts, opening{backend: v, config: config.Target{Name: sandboxTarget, Kind: config.KindVault}})
	c.add(parts, opening{backend: account, config: config.Target{Name: sandboxAccount, Kind: config.KindSCM}, ready: seeded})
	c.seed(parts.Targets[0].Poller, box, seeded)
	return nil
}

// openLog opens the log. The log view has it even where the file can't be.
func (c *console) openLog(dir string) error {
	shown := c.notes.Handler(slog.LevelDebug) // the file holds what the configuration says
	c.log = slog.New(shown)
	defer func() {
		slog.SetDefault(c.log)
		c.log.Info("started", "targets", strings.Join(c.names(), " "), "read_only", c.cfg.ReadOnly)
	}()
	f, err := openLogFile(dir)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	c.undo = append(c.undo, f.Close)
	c.logFile = f.Name()
	c.log = slog.New(slog.NewMultiHandler(logTo(f, c.cfg), shown))
	return nil
}

// logTo writes what is grave enough for the configuration.
func logTo(f *os.File, cfg *config.Config) slog.Handler {
	return slog.NewTextHandler(f, &slog.HandlerOptions{Level: cfg.Log.Level()})
}
