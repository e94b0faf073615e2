//go:build unix

package staging_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"certty/backend/staging"
)

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// A file takes its place with its mode, and nothing is left beside it, whether it
// works or not; what a program left that died is gone.
func TestReplace(t *testing.T) {
	dir := t.TempDir()
	path, stale := filepath.Join(dir, "a.pem"), filepath.Join(dir, staging.Name())
	old := time.Now().Add(-2 * time.Hour)
	if err := errors.Join(os.WriteFile(path, []byte("old"), 0o600), os.WriteFile(stale, nil, 0o600), os.Chtimes(stale, old, old)); err != nil {
		t.Fatal(err)
	}
	if err := staging.Replace(path, []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info, err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "new" {
		t.Errorf("it holds %q, %v", data, err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"a.pem"}) {
		t.Errorf("left are %v", got)
	}
	taken := filepath.Join(dir, "folder")
	if err := os.Mkdir(taken, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := staging.Replace(taken, []byte("new"), 0o644); err == nil {
		t.Error("a folder was replaced")
	}
	if got := names(t, dir); !slices.Equal(got, []string{"a.pem", "folder"}) {
		t.Errorf("left are %v", got)
	}
}

// A file is made where none is, and never in the place of another.
func TestCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.pem")
	if err := staging.Create(path, []byte("first"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := staging.Create(path, []byte("second"), 0o600); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the error is %v", err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "first" {
		t.Errorf("it holds %q, %v", data, err)
	}
	for _, write := range []func(string, []byte, fs.FileMode) error{staging.Create, staging.Replace} {
		if err := write(filepath.Join(path, "below"), nil, 0o600); err == nil {
			t.Error("a file was written below a file")
		}
	}
}

// Only what is ours, old and a file is removed.
func TestTidy(t *testing.T) {
	dir := t.TempDir()
	stale, fresh, folder, link := staging.Name(), staging.Name(), staging.Name(), staging.Name()
	const other = ".certty-123.yaml"
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	old := time.Now().Add(-61 * time.Minute)
	for _, name := range []string{stale, fresh, other} {
		err = errors.Join(err, root.WriteFile(name, nil, 0o600))
	}
	err = errors.Join(err, root.Mkdir(folder, 0o700), root.Symlink(other, link))
	for _, name := range []string{stale, folder, other} {
		err = errors.Join(err, root.Chtimes(name, old, old))
	}
	if err != nil {
		t.Fatal(err)
	}
	kept := []string{fresh, folder, link, other}
	if os.Geteuid() == 0 {
		theirs, given := staging.Name(), staging.Name()
		for name, uid := range map[string]int{theirs: 12345, given: 12346} {
			if err := errors.Join(root.WriteFile(name, nil, 0o600), root.Chtimes(name, old, old), root.Chown(name, uid, -1)); err != nil {
				t.Skipf("skipped: files can't be given away: %v", err)
			}
		}
		kept = append(kept, theirs)
	}
	if _, err := staging.Tidy(root, 12346); err != nil {
		t.Fatal(err)
	}
	slices.Sort(kept)
	if got := names(t, dir); !slices.Equal(got, kept) {
		t.Errorf("left are %v, want %v", got, kept)
	}
}
