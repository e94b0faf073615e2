package vaultserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"certty/backend/sandbox/folder"
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

// loadObjects reads all objects, which are kept as one file each.
func loadObjects(in *folder.Folder) (map[string]*object, error) {
	objects := map[string]*object{}
	err := in.Each(objectsFolder, func(path string, data []byte) error {
		o, err := readObject(path, data)
		if err == nil {
			objects[strings.ToLower(o.Name)] = o
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return objects, nil
}

// loadSettings reads the settings; they are those of a fresh vault where none
// were kept.
func loadSettings(in *folder.Folder, created time.Time) (settings, error) {
	path := in.Path(settingsFile)
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

func readObject(path string, data []byte) (*object, error) {
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
	s.folder.Put(objectFile(o.Name), data)
}

// saveSettings takes over how the settings are now. The caller holds s.mu.
func (s *Server) saveSettings() {
	data, err := json.Marshal(s.settings)
	if err != nil {
		s.log.Error("sandbox: encode the settings", "err", err)
		return
	}
	s.folder.Put(settingsFile, data)
}
