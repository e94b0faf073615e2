package staging

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// prefix begins the name of a file that is staged; [rand.Text] makes the rest,
// which pattern knows again.
const prefix = ".certty-"

var pattern = regexp.MustCompile(`^\.certty-[A-Z2-7]{26}$`)

// staleAfter is how old a staged file has to be before it counts as left over:
// far longer than any program takes to write the few files of a certificate, and
// longer than clocks of file servers differ.
const staleAfter = time.Hour

// privateMode is that of a file while it is being written.
const privateMode = 0o600

// Name is a new name for a file that is staged.
func Name() string { return prefix + rand.Text() }

// Replace puts a file into its place in one step, whether or not one is there.
// What earlier tries left in its folder is removed. An error is that of package
// os, and leaves the folder as it was.
func Replace(path string, data []byte, mode fs.FileMode) error {
	folder := filepath.Dir(path)
	if dir, err := os.OpenRoot(folder); err == nil {
		// What can't be removed stands in nobody's way.
		_, _ = Tidy(dir)
		_ = dir.Close()
	}
	temporary := filepath.Join(folder, Name())
	out, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, privateMode)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	if err == nil {
		err = out.Chmod(mode)
	}
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		_ = os.Remove(temporary) // the first error is the one to tell
	}
	return err
}

// Create puts a file into a place where none may be: [fs.ErrExist] says that there
// is one. Half a file does not stay behind. An error is that of package os.
func Create(path string, data []byte, mode fs.FileMode) error {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	if err = errors.Join(err, out.Close()); err != nil {
		_ = os.Remove(path) // the first error is the one to tell
	}
	return err
}

// Tidy removes what a program left in a folder that ended while it staged files,
// and gives its names. Of all that is there it touches only regular files with a
// name of ours, of this user or of one of those in also, that nobody writes any
// more. What can't be removed is told by the error; the rest is removed all the
// same.
func Tidy(dir *os.Root, also ...int) (removed []string, err error) {
	names, err := staged(dir)
	if err != nil {
		return nil, err
	}
	ours := append(slices.Clip(also), os.Geteuid())
	for _, name := range names {
		info, failed := dir.Lstat(name)
		if failed != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) < staleAfter {
			continue // gone meanwhile, not ours, or being written
		}
		if uid, known := uidOf(info); !known || !slices.Contains(ours, uid) {
			continue
		}
		switch failed := dir.Remove(name); {
		case failed == nil:
			removed = append(removed, name)
		case !errors.Is(failed, fs.ErrNotExist):
			err = errors.Join(err, failed)
		}
	}
	return removed, err
}

// staged lists what has the name of a staged file.
func staged(dir *os.Root) ([]string, error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	names, err := f.Readdirnames(-1)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(names, func(name string) bool { return !pattern.MatchString(name) }), nil
}
