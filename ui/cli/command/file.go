package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"certty/backend/staging"
)

// Absent is an error when there is something of that name: no command replaces a
// file unasked.
func Absent(path string) error {
	switch _, err := os.Lstat(path); {
	case err == nil:
		return taken(path)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	default:
		return fmt.Errorf("look whether there is a file: %w", err)
	}
}

func taken(path string) error {
	return &Ended{Code: ExitUsage, Err: fmt.Errorf("%s: there is a file already, and it is kept; choose another name", path)}
}

// WriteNew writes data to a file that must not be there yet. Half a file does not
// stay behind.
func WriteNew(path string, data []byte, mode fs.FileMode) error {
	err := staging.Create(path, data, mode)
	if errors.Is(err, fs.ErrExist) {
		return taken(path)
	}
	if err != nil {
		return fmt.Errorf("write the file: %w", err)
	}
	return nil
}

// ReadInput reads a regular file of at most limit bytes; "-" is standard input.
func ReadInput(env *Env, path string, limit int64) ([]byte, error) {
	if path == "-" {
		return readLimited("standard input", env.Stdin, limit)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, Usage(fmt.Errorf("read the file: %w", err))
	}
	if !info.Mode().IsRegular() {
		// A device would never end.
		return nil, Usage(fmt.Errorf("%s is not a regular file; - reads standard input", path))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, Usage(fmt.Errorf("read the file: %w", err))
	}
	data, err := readLimited(path, f, limit)
	return data, errors.Join(err, f.Close())
}

func readLimited(name string, r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, Usage(fmt.Errorf("%s is larger than %d KiB", name, limit>>10))
	}
	return data, nil
}
