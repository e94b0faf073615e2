package view_test

import (
	"os"
	"path/filepath"
	"testing"

	"certty/ui/view"
)

func TestSaveInto(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	save := func(name string) view.FileSaved {
		saved, ok := view.SaveInto(dir, name, []byte("csr"), 0o644)().(view.FileSaved)
		if !ok {
			t.Fatal("no answer")
		}
		return saved
	}
	first := save("a.csr")
	if data, err := os.ReadFile(filepath.Join(dir, "a.csr")); first.Err != nil || err != nil || string(data) != "csr" {
		t.Fatalf("%+v %v %q", first, err, data)
	}
	if second := save("a.csr"); !second.Exists {
		t.Errorf("a file was replaced: %+v", second)
	}
	for _, name := range []string{"", ".", "..", "../a.csr", "b/a.csr", "/a.csr"} {
		if saved := save(name); saved.Err == nil {
			t.Errorf("%q is no file name, but was written: %+v", name, saved)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v %v", entries, err)
	}
}
