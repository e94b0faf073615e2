package deploy

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"certty/backend/staging"
	"certty/model"
)

// maxFile is far more than any file that was written here.
const maxFile = 4 << 20

// staged is a file that lies beside its place.
type staged struct {
	file
	temporary string
	// fresh is true where nothing lies in its place.
	fresh bool
}

// write puts files into their places.
func write(ctx context.Context, wanted model.Deployment, files *files, written map[string][]string, note func(map[string][]string) error, log *slog.Logger) (err error) {
	who, err := ownerOf(wanted.Owner)
	if err != nil {
		return err
	}
	// Whatever the folder's name leads to later, all of it happens in one.
	dir, err := os.OpenRoot(wanted.Dir)
	if err != nil {
		return fmt.Errorf("open the folder %s: %w", wanted.Dir, plain(err))
	}
	defer dir.Close() //nolint:errcheck // it was only read
	tidy(ctx, dir, who, log)

	var parts []staged
	defer func() {
		for _, s := range parts {
			// What took its place is gone from here, and the first error is the one
			// to tell.
			_ = dir.Remove(s.temporary)
		}
	}()
	about, after := map[string][]string{}, map[string][]string{}
	for _, f := range files.all {
		path := filepath.Join(wanted.Dir, f.name)
		before, there, err := look(dir, f, path, written[path], wanted.Overwrite)
		if err != nil {
			return err
		}
		sum := sumOf(f.data)
		after[path] = []string{sum}
		about[path] = []string{sum}
		if there {
			about[path] = append(about[path], before)
		}
		if there && before == sum {
			continue
		}
		temporary, err := stage(dir, f, who)
		if err != nil {
			return fmt.Errorf("write %s: %w", path, plain(err))
		}
		parts = append(parts, staged{f, temporary, !there})
	}
	if err := note(about); err != nil {
		return fmt.Errorf("note what is about to be written to %s: %w", wanted.Dir, err)
	}
	for _, s := range parts {
		if err := place(dir, s); err != nil {
			return fmt.Errorf("write %s: %w", filepath.Join(wanted.Dir, s.name), plain(err))
		}
	}
	if err := syncFolder(dir); err != nil {
		return fmt.Errorf("write to %s: %w", wanted.Dir, plain(err))
	}
	return note(after)
}

// look decides about a file that lies in the place of f, and gives its sum.
func look(dir *os.Root, f file, path string, ours []string, overwrite bool) (sum string, there bool, err error) {
	info, err := dir.Lstat(f.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", false, nil
	case err != nil:
		return "", false, fmt.Errorf("look at %s: %w", path, plain(err))
	case info.Mode()&fs.ModeSymlink != 0:
		return "", false, fmt.Errorf("%s is a symbolic link, and those are not written through or replaced", path)
	case !info.Mode().IsRegular():
		return "", false, fmt.Errorf("%s is no regular file", path)
	}
	data, err := read(dir, f.name)
	if err != nil && !overwrite {
		return "", false, fmt.Errorf("look at %s: %w", path, plain(err))
	}
	sum = sumOf(data)
	if !overwrite && !bytes.Equal(data, f.data) && !slices.Contains(ours, sum) {
		return "", false, &TakenError{Path: path}
	}
	return sum, true, nil
}

func read(dir *os.Root, name string) ([]byte, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	return data, errors.Join(err, f.Close())
}

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// stage writes a file completely beside its place.
func stage(dir *os.Root, f file, who owner) (name string, err error) {
	name = staging.Name()
	out, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, privateMode)
	if err != nil {
		return "", err
	}
	_, err = out.Write(f.data)
	if err == nil {
		err = who.own(out)
	}
	if err == nil {
		// Only now may others read it: it belongs to whom it is for.
		err = out.Chmod(f.mode)
	}
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		_ = dir.Remove(name) // the first error is the one to tell
		return "", err
	}
	return name, nil
}

// place moves a file into its place. Where nothing lay there nothing is replaced
// either, whoever was faster.
func place(dir *os.Root, s staged) error {
	if !s.fresh {
		return dir.Rename(s.temporary, s.name)
	}
	err := dir.Link(s.temporary, s.name)
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EPERM) {
		// A file system without links, such as FAT.
		return dir.Rename(s.temporary, s.name)
	}
	return err
}

// syncFolder makes the names last as well.
func syncFolder(dir *os.Root) error {
	f, err := dir.Open(".")
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, errors.ErrUnsupported) {
		err = nil // this file system has no such promise to give
	}
	return errors.Join(err, f.Close())
}
