//go:build !linux

package app

import "os"

// discard does nothing: there is no portable way, and the end waits a moment
// only in any case.
func discard(*os.File) {}
