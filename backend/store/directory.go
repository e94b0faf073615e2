package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// prepareDir makes the file's directory and refuses one that can't hold it
// safely.
func (f *file) prepareDir() error {
	dir := filepath.Dir(f.path)
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(dir, 0o700); err == nil {
			// The umask may have taken the owner's own bits away.
			err = os.Chmod(dir, 0o700) //nolint:gosec // a directory needs the search bit
		}
		if err == nil {
			info, err = os.Stat(dir)
		}
	}
	switch {
	case err != nil:
		return fmt.Errorf("make directory %s: %w; %s", dir, err, f.wayOut())
	case !info.IsDir():
		return fmt.Errorf("open directory %s: it is not a directory; %s", dir, f.wayOut())
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o002 != 0:
		return fmt.Errorf("open directory %s: %w; run chmod o-w on it, or %s", dir, errOpenToAll, f.wayOut())
	}
	find := f.fileSystem
	if find == nil {
		find = networkFileSystem
	}
	name, err := find(dir)
	if err != nil {
		return fmt.Errorf("look at the file system of %s: %w", dir, err)
	}
	if name != "" {
		return fmt.Errorf("open directory %s: %w (%s); set %s to a directory on a local disk",
			dir, ErrNetworkFileSystem, name, f.setting)
	}
	return nil
}

// private reports whether only the owner may use the file. Windows has no such
// bits; the profile's directory is the owner's there.
func private(info fs.FileInfo) bool {
	return runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0
}
