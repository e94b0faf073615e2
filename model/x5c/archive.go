package x5c

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"certty/model"
)

// Limits of a ZIP archive; its files are limited by MaxBytes each.
const (
	maxFiles        = 64
	maxArchiveBytes = 4 * MaxBytes // all files together
)

// archive takes the files of a ZIP archive in. Archives in archives are left
// out.
func (r *reader) archive(data []byte, depth int) error {
	if depth > 0 {
		r.other("an archive inside another")
		return nil
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fmt.Errorf("the ZIP archive is %w: %v", ErrTruncated, printable(err.Error()))
	}
	files, left := 0, int64(maxArchiveBytes)
	for _, f := range z.File {
		if f.FileInfo().IsDir() || strings.HasPrefix(f.Name, "__MACOSX/") || strings.HasPrefix(path.Base(f.Name), ".") {
			continue
		}
		if files++; files > maxFiles {
			return fmt.Errorf("%w: the ZIP archive has more than %d files", ErrTooLarge, maxFiles)
		}
		n, err := r.archived(f, left)
		if err != nil {
			return err
		}
		left -= n
	}
	r.forms = slices.Insert(r.forms, 0, "ZIP with "+model.Count(files, "file", "files"))
	return nil
}

// archived takes one file of an archive in, and returns its size.
func (r *reader) archived(f *zip.File, left int64) (int64, error) {
	name := printable(path.Base(f.Name))
	if f.Flags&1 != 0 {
		return 0, fmt.Errorf("%s in the ZIP archive: %w: it is encrypted", name, ErrNothing)
	}
	content, err := open(f, min(MaxBytes, left))
	switch {
	case errors.Is(err, ErrTooLarge):
		return 0, fmt.Errorf("%s in the ZIP archive: %w", name, err)
	case err != nil:
		return 0, fmt.Errorf("%s in the ZIP archive is %w: %v", name, ErrTruncated, printable(err.Error()))
	}
	lines := r.textLines
	if err := r.read(content, 1); err != nil {
		return 0, fmt.Errorf("%s in the ZIP archive: %w", name, err)
	}
	r.textLines = lines
	return int64(len(content)), nil
}

// open unpacks a file of at most limit bytes.
func open(f *zip.File, limit int64) (content []byte, err error) {
	file, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	content, err = io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(content)) > limit {
		return nil, ErrTooLarge
	}
	return content, err
}
