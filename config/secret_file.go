package config

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// readSecretFile reads a file that nobody but its owner can read.
func readSecretFile(name string) (_ string, err error) {
	// A pipe or a device would block, or never end.
	if info, err := os.Stat(name); err != nil {
		return "", plain(err)
	} else if !info.Mode().IsRegular() {
		return "", errors.New("it is not a regular file")
	}
	file, err := os.Open(name)
	if err != nil {
		return "", plain(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	// Asked of the open file: the name may lead elsewhere by now.
	info, err := file.Stat()
	if err != nil {
		return "", plain(err)
	}
	if err := private(info); err != nil {
		return "", err
	}
	data, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	if err != nil {
		return "", plain(err)
	}
	if len(data) > maxSecret {
		return "", fmt.Errorf("it is longer than %d bytes", maxSecret)
	}
	return string(data), nil
}

// plain is an error without the file's name, which stands before it already.
func plain(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err
	}
	return err
}
