package view

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend/staging"
)

// MaxFile is the largest file that is read for a merge: no chain comes near it.
const MaxFile = 1 << 20

// FileSaved is the answer to [SaveFile].
type FileSaved struct {
	Path string
	// Exists is true when the file was there already and nothing was written.
	Exists bool
	Err    error
}

// SaveFile writes data to path, which may start with ~. It never overwrites
// unasked: the file is made anew or not at all, unless overwrite is true; then
// it is replaced in one step.
func SaveFile(path string, data []byte, mode fs.FileMode, overwrite bool) tea.Cmd {
	return func() tea.Msg {
		full, err := expand(path)
		if err != nil {
			return FileSaved{Path: path, Err: err}
		}
		if overwrite {
			return FileSaved{Path: full, Err: staging.Replace(full, data, mode)}
		}
		err = staging.Create(full, data, mode)
		if errors.Is(err, fs.ErrExist) {
			return FileSaved{Path: full, Exists: true}
		}
		return FileSaved{Path: full, Err: err}
	}
}

// FileRead is the answer to [ReadFile].
type FileRead struct {
	Path string
	Data []byte
	Err  error
}

// ReadFile reads a file of at most MaxFile bytes; path may start with ~.
func ReadFile(path string) tea.Cmd {
	return func() tea.Msg {
		full, err := expand(path)
		if err != nil {
			return FileRead{Path: path, Err: err}
		}
		data, err := readLimited(full)
		return FileRead{Path: full, Data: data, Err: err}
	}
}

func readLimited(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, plainly(path, err)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder", path)
	}
	if !info.Mode().IsRegular() {
		// A pipe or a device would block, or never end.
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, plainly(path, err)
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if len(data) > MaxFile {
		return nil, fmt.Errorf("%s is larger than %d KiB; a certificate chain never is", path, MaxFile>>10)
	}
	return data, nil
}

// plainly says why a file can't be opened without the name of a system call.
func plainly(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no file %s", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s may not be read by the user who runs certty", path)
	}
	return err
}

func expand(path string) (string, error) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the home directory: %w", err)
		}
		path = filepath.Join(home, rest)
	}
	return filepath.Abs(path)
}
