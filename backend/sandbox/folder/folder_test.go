package folder

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFilesOutliveTheFolder(t *testing.T) {
	dir := t.TempDir()
	f := New(dir, slog.New(slog.DiscardHandler))
	f.Start()
	none := func(string, []byte) error { return errors.New("a file") }
	if err := f.Each("things", none); err != nil {
		t.Fatal(err)
	}
	f.Put("things/a.json", []byte("1"))
	f.Put("things/a.json", []byte("2"))
	f.Put("things/b.json", []byte("x"))
	f.Remove("things/b.json")
	f.Remove("things/never.json")
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f.Put("things/late.json", []byte("x"))
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "things", "other.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var found []string
	if err := f.Each("things", func(path string, data []byte) error {
		found = append(found, filepath.Base(path)+"="+string(data))
		return nil
	}); err != nil || strings.Join(found, " ") != "a.json=2" {
		t.Errorf("%v %v", found, err)
	}
	if info, err := os.Stat(f.Path("things/a.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if err := f.Each("things", none); err == nil || !strings.Contains(err.Error(), "a file") {
		t.Error(err)
	}
}

func TestNoRoomIsTold(t *testing.T) {
	dir := t.TempDir()
	f := New(filepath.Join(dir, "gone"), slog.New(slog.DiscardHandler))
	f.Start()
	f.Put("a.json", []byte("1"))
	if err := f.Close(); err == nil {
		t.Error("nothing could be written and nothing was said")
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := New(filepath.Join(dir, "file"), slog.New(slog.DiscardHandler)).Each("x", nil); err == nil {
		t.Error("a file was taken for a folder")
	}
}

// TestOpen: what is made once is what everybody reads, who may.
func TestOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.json")
	for _, made := range []string{"first", "second"} {
		if got, err := Open(path, func() string { return made }); err != nil || got != "first" {
			t.Errorf("got %q, %v", got, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := Open(path, func() int { return 1 }); err == nil || !strings.Contains(err.Error(), "load "+path) {
		t.Errorf("text was read as a number: %v", err)
	}
	path = filepath.Join(path, "below")
	if _, err := Open(path, func() int { return 1 }); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a file was made below a file: %v", err)
	}
}
