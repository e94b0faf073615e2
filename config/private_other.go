//go:build !unix

package config

import (
	"os"
	"os/exec"
)

// private takes every file: the mode bits say nothing about access here, and
// the profile folder that a person keeps such files in is private.
func private(os.FileInfo) error { return nil }

// writableByAll is not told by the mode bits here.
func writableByAll(os.FileInfo) bool { return false }

// detach has nothing to do: a command has no terminal to take here, and ends
// by the default of package exec.
func detach(*exec.Cmd) {}
