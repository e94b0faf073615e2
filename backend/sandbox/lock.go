package sandbox

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// InUseError says that another process uses the state folder.
type InUseError struct {
	// Dir is the folder.
	Dir string
}

// Error names the folder and the way out.
func (e *InUseError) Error() string {
	return fmt.Sprintf("another process runs a sandbox in %s; end it, or use another folder", e.Dir)
}

// lock is the hold on a state folder. The system lets go of it when the
// process ends, however it ends.
type lock struct{ file *os.File }

func acquire(dir string) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the sandbox's state folder: %w", err)
	}
	switch err := tryLock(f); {
	case errors.Is(err, errLocked):
		return nil, errors.Join(&InUseError{Dir: dir}, f.Close())
	case err != nil:
		return nil, errors.Join(fmt.Errorf("lock the sandbox's state folder %s: %w", dir, err), f.Close())
	}
	return &lock{f}, nil
}

// release lets go of the folder. The file stays: removing it would let a third
// process lock another file of the same name.
func (l *lock) release() error { return l.file.Close() }

var errLocked = errors.New("locked by another process")
