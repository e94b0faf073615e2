//go:build !unix

package deploy

import "os/exec"

// detach has nothing to do: a command has no terminal to take here, and ends by
// the default of package exec.
func detach(*exec.Cmd) {}
