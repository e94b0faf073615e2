package deploy

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"time"
)

// temporaryPrefix begins the name of a file that is staged; [rand.Text] makes the
// rest, which temporaryName knows again.
const temporaryPrefix = ".certty-"

var temporaryName = regexp.MustCompile(`^\.certty-[A-Z2-7]{26}$`)

// staleAfter is how old a staged file has to be before it counts as left over:
// far longer than any program takes to write the few files of a certificate, and
// longer than clocks of file servers differ.
const staleAfter = time.Hour

// tidy removes what a program left in the folder that ended while it staged
// files. Of all that is there it touches only regular files with a name of ours,
// of this user or of whom the files here are given to, that nobody writes any
// more. What can't be removed stands in nobody's way, and is only logged.
func tidy(ctx context.Context, dir *os.Root, who owner, log *slog.Logger) {
	names, err := temporaries(dir)
	if err != nil {
		log.WarnContext(ctx, "what was left over could not be looked for", "folder", dir.Name(), "error", plain(err))
		return
	}
	ours := []int{os.Geteuid(), who.uid}
	for _, name := range names {
		info, err := dir.Lstat(name)
		if err != nil || !info.Mode().IsRegular() || time.Since(info.ModTime()) < staleAfter {
			continue // gone meanwhile, not ours, or being written
		}
		if uid, known := uidOf(info); !known || !slices.Contains(ours, uid) {
			continue
		}
		switch err := dir.Remove(name); {
		case err == nil:
			log.InfoContext(ctx, "a file was removed that an earlier try left over", "folder", dir.Name(), "name", name)
		case !errors.Is(err, fs.ErrNotExist):
			log.WarnContext(ctx, "a file that an earlier try left over could not be removed", "folder", dir.Name(), "name", name, "error", plain(err))
		}
	}
}

// temporaries lists what has the name of a staged file.
func temporaries(dir *os.Root) ([]string, error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	names, err := f.Readdirnames(-1)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(names, func(name string) bool { return !temporaryName.MatchString(name) }), nil
}
