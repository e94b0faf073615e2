package config

import (
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// stagedPrefix begins the name of a new configuration file beside its place;
// [crypto/rand.Text] makes the rest, which stagedName knows again.
const stagedPrefix = ".certty-"

var stagedName = regexp.MustCompile(`^\.certty-[A-Z2-7]{26}$`)

// staleAfter is how old such a file has to be before it counts as left over: far
// longer than writing it takes, and than clocks of file servers differ.
const staleAfter = time.Hour

// tidy removes what a program left in the folder that ended before the new file
// took its place: regular files of this user with a name of ours, that nobody
// writes any more. What can't be removed stands in nobody's way.
func tidy(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !stagedName.MatchString(e.Name()) {
			continue
		}
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) >= staleAfter && own(info) {
			_ = os.Remove(filepath.Join(folder, e.Name()))
		}
	}
}
