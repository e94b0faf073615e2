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
	"time"
)

// What lies in the vault's folder.
const (
	objectsFolder = "certificates"
	settingsFile  = "settings.json"
)

// settings are what a vault has besides certificates.
type settings struct {
	Issuers  map[string]*issuer // by lower-case name
	Contacts []Contact
}

// disk keeps objects as one file each, and the settings as another. Files are written by a goroutine of its
// own, so that no answer waits for the disk; what changed several times
// meanwhile is written once. Nothing is forced down to the medium: a sandbox
// may lose its last second when the machine stops.
type disk struct {
	dir string
	log *slog.Logger

	mu     sync.Mutex
	dirty  map[string][]byte // path below dir to content; nil removes the file
	closed bool
	wake   chan struct{}
	done   chan struct{}
}

func newDisk(dir string, log *slog.Logger) *disk {
	return &disk{
		dir: dir, log: log,
		dirty: map[string][]byte{}, wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

// start starts the writing goroutine, which ends with close.
func (d *disk) start() { go d.run() }

// load reads all objects.
func (d *disk) load() (map[string]*object, error) {
	folder := filepath.Join(d.dir, objectsFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the sandbox's state: %w", err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("read the sandbox's state: %w", err)
	}
	objects := make(map[string]*object, len(entries))
	for _, entry := range entries {
		if entry.IsDir() || filepath.Ext(entry.Name()) != ".json" {
			continue
		}
		o, err := readObject(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("read the sandbox's state: %w", err)
		}
		objects[strings.ToLower(o.Name)] = o
	}
	return objects, nil
}

// loadSettings reads the settings; they are those of a fresh vault where none
// were kept.
func (d *disk) loadSettings(created time.Time) (settings, error) {
	path := filepath.Join(d.dir, settingsFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return settings{Issuers: newIssuers(created)}, nil
	}
	if err != nil {
		return settings{}, fmt.Errorf("read the sandbox's settings: %w", err)
	}
	var kept settings
	if err := json.Unmarshal(data, &kept); err != nil {
		return settings{}, fmt.Errorf("read the sandbox's settings: %s: %w", path, err)
	}
	for name, is := range kept.Issuers {
		if is == nil || strings.ToLower(is.Name) != name || is.Attributes.Enabled == nil {
			return settings{}, fmt.Errorf("read the sandbox's settings: %s: issuer %q is not complete", path, name)
		}
	}
	if kept.Issuers == nil {
		kept.Issuers = map[string]*issuer{}
	}
	return kept, nil
}

func readObject(path string) (*object, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var o object
	if err := json.Unmarshal(data, &o); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if o.current() == nil || o.Policy.Key == nil || o.Policy.X509 == nil || o.Policy.Issuer == nil || objectFile(o.Name) != filepath.Join(objectsFolder, filepath.Base(path)) {
		return nil, fmt.Errorf("%s: it holds no certificate object", path)
	}
	return &o, nil
}

// objectFile is where an object of that name is kept, below the vault's folder.
func objectFile(name string) string {
	return filepath.Join(objectsFolder, strings.ToLower(name)+".json")
}

// save takes over how o is now. The caller holds s.mu.
func (s *Server) save(o *object) {
	data, err := json.Marshal(o)
	if err != nil {
		s.log.Error("sandbox: encode the state", "certificate", o.Name, "err", err)
		return
	}
	s.disk.put(objectFile(o.Name), data)
}

// saveSettings takes over how the settings are now. The caller holds s.mu.
func (s *Server) saveSettings() {
	data, err := json.Marshal(s.settings)
	if err != nil {
		s.log.Error("sandbox: encode the settings", "err", err)
		return
	}
	s.disk.put(settingsFile, data)
}

// remove forgets a file.
func (d *disk) remove(name string) { d.put(name, nil) }

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
		if err := d.apply(name, data); err != nil {
			errs = append(errs, err)
			d.keep(name, data)
		}
	}
	return errors.Join(errs...)
}

func (d *disk) apply(name string, data []byte) error {
	path := filepath.Join(d.dir, name)
	if data != nil {
		return writeFile(path, data)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (d *disk) keep(name string, data []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, newer := d.dirty[name]; !newer {
		d.dirty[name] = data
	}
}

// close ends the goroutine and writes what is left. start must have been
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
