package vaultserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

const objectsFolder = "certificates"

// disk keeps objects as one file each. Files are written by a goroutine of its
// own, so that no answer waits for the disk; what changed several times
// meanwhile is written once. Nothing is forced down to the medium: a sandbox
// may lose its last second when the machine stops.
type disk struct {
	dir string
	log *slog.Logger

	mu     sync.Mutex
	dirty  map[string][]byte // file name to content
	closed bool
	wake   chan struct{}
	done   chan struct{}
}

func newDisk(dir string, log *slog.Logger) *disk {
	return &disk{
		dir: filepath.Join(dir, objectsFolder), log: log,
		dirty: map[string][]byte{}, wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

// load reads all objects and starts the writing goroutine, which ends with
// close.
func (d *disk) load() (map[string]*object, error) {
	go d.run()
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the sandbox's state: %w", err)
	}
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, fmt.Errorf("read the sandbox's state: %w", err)
	}
	objects := make(map[string]*object, len(entries))
	for _, entry := range entries {
		if entry.IsDir() || filepath.Ext(entry.Name()) != ".json" {
			continue
		}
		o, err := d.read(entry)
		if err != nil {
			return nil, fmt.Errorf("read the sandbox's state: %w", err)
		}
		objects[strings.ToLower(o.Name)] = o
	}
	return objects, nil
}

func (d *disk) read(entry fs.DirEntry) (*object, error) {
	path := filepath.Join(d.dir, entry.Name())
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var o object
	if err := json.Unmarshal(data, &o); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if o.current() == nil || o.Policy.Key == nil || o.Policy.X509 == nil || o.Policy.Issuer == nil || fileName(o.Name) != entry.Name() {
		return nil, fmt.Errorf("%s: it holds no certificate object", path)
	}
	return &o, nil
}

func fileName(name string) string { return strings.ToLower(name) + ".json" }

// save takes over how o is now. The caller holds s.mu.
func (s *Server) save(o *object) {
	data, err := json.Marshal(o)
	if err != nil {
		s.log.Error("sandbox: encode the state", "certificate", o.Name, "err", err)
		return
	}
	s.disk.put(fileName(o.Name), data)
}

func (d *disk) put(name string, data []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	d.dirty[name] = data
	select {
	case d.wake <- struct{}{}:
	default: // it is awake already
	}
}

func (d *disk) run() {
	defer close(d.done)
	for range d.wake {
		if err := d.flush(); err != nil {
			d.log.Error("sandbox: write the state", "err", err)
		}
	}
}

// flush writes what waits. What could not be written waits again, unless it
// has changed meanwhile.
func (d *disk) flush() error {
	d.mu.Lock()
	dirty := d.dirty
	d.dirty = map[string][]byte{}
	d.mu.Unlock()
	var errs []error
	for name, data := range dirty {
		if err := writeFile(filepath.Join(d.dir, name), data); err != nil {
			errs = append(errs, err)
			d.keep(name, data)
		}
	}
	return errors.Join(errs...)
}

func (d *disk) keep(name string, data []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, newer := d.dirty[name]; !newer {
		d.dirty[name] = data
	}
}

// close ends the goroutine and writes what is left. load must have been
// called.
func (d *disk) close() error {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil
	}
	d.closed = true
	close(d.wake)
	d.mu.Unlock()
	<-d.done
	if err := d.flush(); err != nil {
		return fmt.Errorf("write the sandbox's state: %w", err)
	}
	return nil
}
