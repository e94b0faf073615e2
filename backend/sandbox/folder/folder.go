package folder

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// Folder is a folder of files. They are written by a goroutine of its own, so
// that no answer waits for the disk; what changed several times meanwhile is
// written once. Nothing is forced down to the medium: a sandbox may lose its
// last second when the machine stops. It is safe for concurrent use.
type Folder struct {
	dir string
	log *slog.Logger

	mu     sync.Mutex
	dirty  map[string][]byte // path below dir to content; nil removes the file
	closed bool
	wake   chan struct{}
	done   chan struct{}
}

// New makes a folder at dir, of which nothing is written before [Folder.Start].
func New(dir string, log *slog.Logger) *Folder {
	return &Folder{
		dir: dir, log: log,
		dirty: map[string][]byte{}, wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

// Start starts the writing goroutine, which ends with [Folder.Close].
func (f *Folder) Start() { go f.run() }

// Path is where a file of the folder lies.
func (f *Folder) Path(name string) string { return filepath.Join(f.dir, name) }

// Each reads the .json files in a folder below, which is made where it is
// missing, and stops at the first error.
func (f *Folder) Each(below string, read func(path string, data []byte) error) error {
	folder := f.Path(below)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the sandbox's state: %w", err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("read the sandbox's state: %w", err)
	}
	for _, entry := range entries {
		if entry.IsDir() || filepath.Ext(entry.Name()) != ".json" {
			continue
		}
		path := filepath.Join(folder, entry.Name())
		data, err := os.ReadFile(path)
		if err == nil {
			err = read(path, data)
		}
		if err != nil {
			return fmt.Errorf("read the sandbox's state: %w", err)
		}
	}
	return nil
}

// Remove forgets a file.
func (f *Folder) Remove(name string) { f.Put(name, nil) }

// Put takes over the content of a file. After Close nothing is kept.
func (f *Folder) Put(name string, data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	f.dirty[name] = data
	select {
	case f.wake <- struct{}{}:
	default: // it is awake already
	}
}

func (f *Folder) run() {
	defer close(f.done)
	for range f.wake {
		if err := f.flush(); err != nil {
			f.log.Error("sandbox: write the state", "err", err)
		}
	}
}

// flush writes what waits. What could not be written waits again, unless it
// has changed meanwhile.
func (f *Folder) flush() error {
	f.mu.Lock()
	dirty := f.dirty
	f.dirty = map[string][]byte{}
	f.mu.Unlock()
	var errs []error
	for name, data := range dirty {
		if err := f.apply(name, data); err != nil {
			errs = append(errs, err)
			f.keep(name, data)
		}
	}
	return errors.Join(errs...)
}

func (f *Folder) apply(name string, data []byte) error {
	path := f.Path(name)
	if data != nil {
		return WriteFile(path, data)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f *Folder) keep(name string, data []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, newer := f.dirty[name]; !newer {
		f.dirty[name] = data
	}
}

// Close ends the goroutine and writes what is left. Start must have been
// called.
func (f *Folder) Close() error {
	f.mu.Lock()
	if f.closed {
		f.mu.Unlock()
		return nil
	}
	f.closed = true
	close(f.wake)
	f.mu.Unlock()
	<-f.done
	if err := f.flush(); err != nil {
		return fmt.Errorf("write the sandbox's state: %w", err)
	}
	return nil
}

// Open reads what a file keeps as JSON. Where there is no such file it is made
// first, of what fresh gives, see [WriteFile].
func Open[T any](path string, fresh func() T) (T, error) {
	var kept T
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		kept = fresh()
		if data, err = json.Marshal(kept); err == nil {
			err = WriteFile(path, data)
		}
		if err != nil {
			return kept, fmt.Errorf("keep %s: %w", path, err)
		}
		return kept, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &kept)
	}
	if err != nil {
		return kept, fmt.Errorf("load %s: %w", path, err)
	}
	return kept, nil
}

// WriteFile writes a file that only its owner can read, in one step: whoever
// opens path sees the old content or the new, never a part.
func WriteFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // made 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
