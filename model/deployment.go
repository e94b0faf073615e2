package model

import (
	"errors"
	"strconv"
	"strings"
)

// The parts of a [Deployment] that [Deployment.Problems] speaks of.
const (
	InFolder Field = "folder"
	InOwner  Field = "owner"
)

// Errors of [ParseFileMode].
var (
	errNoMode     = errors.New("three octal digits are needed, such as 0640")
	errModeOthers = errors.New("a file with a key is nothing for everybody: the last digit has to be 0")
	errModeOwner  = errors.New("its owner could not read it")
)

// ParseFileMode reads the mode of files with a private key, in octal. Others than
// owner and group get nothing. An empty text is 0, which leaves the choice open.
func ParseFileMode(text string) (uint32, error) {
	if text == "" {
		return 0, nil
	}
	mode, err := strconv.ParseUint(text, 8, 32)
	switch {
	case err != nil || mode > 0o777:
		return 0, errNoMode
	case mode&0o007 != 0:
		return 0, errModeOthers
	case mode&0o400 == 0:
		return 0, errModeOwner
	}
	return uint32(mode), nil
}

// Problems lists what must be put right before files can be written so. The mode
// is [ParseFileMode]'s.
func (d *Deployment) Problems() []Problem {
	var list problems
	if strings.ContainsAny(d.Owner, " /\\") || strings.Count(d.Owner, ":") > 1 {
		list.add(InOwner, "user or user:group is needed")
	}
	switch {
	case d.Dir == "" && (d.Owner != "" || d.Mode != 0):
		list.add(InFolder, "a folder is needed for the files")
	case d.Dir != "" && !strings.HasPrefix(d.Dir, "/"):
		list.add(InFolder, "the whole path is needed, from / on: another program may write the files")
	}
	return list
}
