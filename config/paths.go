package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/adrg/xdg"
)

const (
	appName  = "certty"
	fileName = "config.yaml"
)

// Paths are the places that are used where nobody names others.
type Paths struct {
	// Files are where a configuration file is looked for; the first that exists
	// is read, and it is no error when none does.
	Files []string
	// StateDir and CacheDir are the folders of Config.StateDir and
	// Config.CacheDir.
	StateDir, CacheDir string
	// Home is what a leading "~/" in the file stands for.
	Home string
}

// DefaultPaths gives the places of the XDG Base Directory Specification:
// certty/config.yaml in XDG_CONFIG_HOME, then in each of XDG_CONFIG_DIRS, and
// certty/ in XDG_STATE_HOME and XDG_CACHE_HOME.
func DefaultPaths() Paths {
	p := Paths{
		StateDir: filepath.Join(xdg.StateHome, appName),
		CacheDir: filepath.Join(xdg.CacheHome, appName),
		Home:     xdg.Home,
	}
	for _, dir := range append([]string{xdg.ConfigHome}, xdg.ConfigDirs...) {
		p.Files = append(p.Files, filepath.Join(dir, appName, fileName))
	}
	return p
}

// find gives the first of the files that exists; empty where none does. A file
// that can't be looked at is an error: falling through to the sandbox would
// hide that.
func (p Paths) find() (string, error) {
	for _, file := range p.Files {
		switch _, err := os.Stat(file); {
		case err == nil:
			return file, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("look for the configuration: %w", err)
		}
	}
	return "", nil
}

// resolve makes a path of a file absolute: "~/" is the home folder, and a
// relative path starts at the folder of the file it stands in.
func (p Paths) resolve(file, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && p.Home != "" {
		return filepath.Join(p.Home, rest)
	}
	if path == "" || filepath.IsAbs(path) || file == "" {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}
