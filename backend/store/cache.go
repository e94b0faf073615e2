package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
)

// cache is cache.db, which may vanish or break at any time and is then made
// anew.
type cache struct {
	mu   sync.Mutex
	file file
	// known holds what the file has of the targets that were loaded or saved
	// here. Of any other the whole snapshot has to be written.
	known  map[string]written
	notes  []string
	closed bool
	// off is true when there is no file: nothing is kept, and nothing is found.
	off bool
}

// open opens the file or goes without. It fails only when ctx has ended.
func (c *cache) open(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.file.open(ctx)
	if errors.Is(err, ErrDamaged) {
		err = c.replace(ctx, err)
	}
	c.known = map[string]written{}
	if err == nil || ctx.Err() != nil {
		return err
	}
	c.off = true
	why := strings.TrimSuffix(err.Error(), "; "+c.file.wayOut())
	c.notes = append(c.notes, fmt.Sprintf("There is no cache, so the next start shows nothing until the targets have answered: %s. Mend it, or %s.",
		why, c.file.wayOut()))
	return nil
}

func (c *cache) close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	return c.file.close()
}

func (c *cache) remarks() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.notes)
}

// use runs work on the file, if there is one. When it finds the file damaged, the file is
// replaced and the work runs once more.
func (c *cache) use(ctx context.Context, doing string, work func(*file) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return fmt.Errorf("%s: %s: %w", doing, c.file.path, fs.ErrClosed)
	}
	if c.off {
		return nil
	}
	if c.file.removed() {
		if err := c.reopen(ctx); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
	}
	err := work(&c.file)
	if isDamage(err) {
		if err := c.replace(ctx, c.file.explain(doing, err)); err != nil {
			return fmt.Errorf("%s: %w", doing, err)
		}
		err = work(&c.file)
	}
	return c.file.explain(doing, err)
}

// reopen goes on with the file that now stands at the path.
func (c *cache) reopen(ctx context.Context) error {
	clear(c.known)
	if err := c.file.close(); err != nil {
		return err
	}
	return c.file.open(ctx)
}

// replace sets a damaged file aside and makes a new one.
func (c *cache) replace(ctx context.Context, damage error) error {
	clear(c.known)
	// Closing writes nothing into a file that is no database.
	_ = c.file.close()
	if err := c.setAside(ctx); err != nil {
		return errors.Join(damage, err)
	}
	if err := c.file.open(ctx); err != nil {
		return errors.Join(damage, err)
	}
	c.notes = append(c.notes, fmt.Sprintf("The cache %s was damaged; it was set aside as %s and is being filled anew.",
		c.file.path, c.asidePath()))
	return nil
}

func (c *cache) asidePath() string { return c.file.path + ".damaged" }

// setAside moves the damaged file away, unless another process already has.
func (c *cache) setAside(ctx context.Context) error {
	unlock, err := lock(ctx, c.file.path+".lock", busyTimeout)
	if err != nil {
		return err
	}
	defer unlock()
	if c.file.removed() {
		return nil
	}
	for _, suffix := range sidecars {
		if err := os.Remove(c.file.path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set the damaged cache aside: %w", err)
		}
	}
	if err := os.Rename(c.file.path, c.asidePath()); err != nil {
		return fmt.Errorf("set the damaged cache aside: %w", err)
	}
	return nil
}
