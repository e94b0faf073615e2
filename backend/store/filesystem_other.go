//go:build !linux

package store

// networkFileSystem can't tell a network file system on this system.
func networkFileSystem(string) (string, error) { return "", nil }
