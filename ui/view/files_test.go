package view

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What is typed wrong, and what is no file, is said in words that name it.
func TestReadFileSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	big, closed, absent := filepath.Join(dir, "big"), filepath.Join(dir, "closed"), filepath.Join(dir, "absent")
	for path, mode := range map[string]os.FileMode{big: 0o600, closed: 0} {
		if err := os.WriteFile(path, bytes.Repeat([]byte("x"), MaxFile+1), mode); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		absent: "there is no file " + absent,
		dir:    dir + " is a folder",
		big:    big + " is larger than 1024 KiB; a certificate chain never is",
		closed: closed + " may not be read by the user who runs certty",
	} {
		if path == closed && os.Geteuid() == 0 {
			continue // root reads everything
		}
		read, ok := ReadFile(path)().(FileRead)
		if !ok || read.Err == nil || read.Err.Error() != want {
			t.Errorf("ReadFile(%s) = %v, want %q", path, read.Err, want)
		}
	}
}
