//go:build !unix

package config

import (
	"os"
	"os/exec"
)

// private takes every file: the mode bits say nothing about access here, and
// the profile folder that a person keeps such files in is private.
func private(os.FileInfo) error { return nil }

// own knows no users by number here.
func own(os.FileInfo) bool { return false }

// writableByAll is not told by the mode bits here.
func writableByAll(os.FileInfo) bool { return false }

// detach has nothing to do: a command has no terminal to take here, and ends
// by the default of package exec.
func detach(*exec.Cmd) {}

// resemble has nothing to do: a new file takes its folder's rights here.
func resemble(*os.File, os.FileInfo) error { return nil }

// hold has nothing to do: a file that is open can't be replaced here, so that
// of two consoles one fails.
func hold(*os.File) error { return nil }
