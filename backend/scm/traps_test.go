package scm

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTrapsNameTests holds the table of SCM in docs/traps.md against the tests
// that exist.
func TestTrapsNameTests(t *testing.T) {
	root := filepath.Join("..", "..")
	table, err := os.ReadFile(filepath.Join(root, "docs", "traps.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z0-9/]+) (Test[A-Za-z0-9]+)`")
	nr := 0
	_, own, _ := strings.Cut(string(table), "\n# Traps of Sectigo")
	for line := range strings.Lines(own) {
		cells := strings.Split(strings.Trim(line, "|\n"), "|")
		if !strings.HasPrefix(line, "| ") || strings.TrimSpace(cells[0]) == "nr" {
			continue
		}
		nr++
		if len(cells) != 4 || strings.TrimSpace(cells[0]) != fmt.Sprint(nr) {
			t.Errorf("row %d is %q", nr, line)
			continue
		}
		tests := named.FindAllStringSubmatch(cells[3], -1)
		if len(tests) == 0 && (strings.TrimSpace(cells[3]) != "none" || !strings.Contains(cells[2], "No test")) {
			t.Errorf("row %d names no test and no reason", nr)
		}
		for _, test := range tests {
			if !declared(t, filepath.Join(root, test[1]), test[2]) {
				t.Errorf("row %d: there is no %s in %s", nr, test[2], test[1])
			}
		}
	}
	if nr != 32 {
		t.Errorf("%d traps, want 32", nr)
	}
}

// declared reports whether a package's tests declare one of that name.
func declared(t *testing.T, dir, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(source), "func "+name+"(") {
			return true
		}
	}
	return false
}
