package console

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"certty/config"
	"certty/ui/app"
	"certty/ui/view/vaults"
)

// entry is a target that is about to be written.
type entry struct {
	book     *book
	draft    vaults.Draft
	addition *config.Addition
}

// File is the configuration file.
func (e *entry) File() string { return e.addition.File }

// Diff shows the lines that change.
func (e *entry) Diff() string { return e.addition.Diff }

// Caution warns of a target that stands in the file already, under another name,
// and of one that leaves the screen with the next start.
func (e *entry) Caution() string {
	cfg := e.book.c.cfg
	if twin := e.addition.Twin; twin != "" {
		return twin + " leads to the same address already: each row would stand on the board twice, and the service would get twice the calls."
	}
	if cfg.Variable == "" || len(cfg.Targets) == 0 {
		return ""
	}
	return fmt.Sprintf("%s counts only while the file names no target: the next start shows %s and no more %s, unless you add that one, too.",
		cfg.Variable, e.draft.Name, cfg.Targets[0].Name)
}

// Save writes the entry, and takes the target into the running console where
// that shows configured ones.
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

// open opens what d describes, as the configuration has it now.
func (b *book) open(d vaults.Draft) (config.Target, opening, error) {
	if d.Kind == vaults.KindAccount {
		account, _, t, err := b.reachAccount(d)
		return t, opening{backend: account, config: t}, err
	}
	v, o, err := b.reach(d)
	t := config.Target{Name: d.Name, Kind: config.KindVault, URL: o.URL, ReadOnly: o.ReadOnly}
	return t, opening{backend: v, config: t}, err
}

// join opens a target while the console runs.
func (c *console) join(b *book, d vaults.Draft) (bool, error) {
	if _, err := c.wait(c.ctx); err != nil {
		return false, nil // the console says itself why it does not run
	}
	added, o, err := b.open(d)
	if err != nil {
		return false, fmt.Errorf("it was written, but can't be opened: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		return false, nil
	}
	target, box := c.start(o)
	b.mu.Lock()
	b.targets = append(slices.Clone(b.targets), added)
	b.tried = nil
	b.mu.Unlock()
	c.tell(app.Joined(target, box))
	return true, nil
}
