package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTrapsNameTests holds the tables of docs/traps.md against the tests that
// exist.
func TestTrapsNameTests(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("docs", "traps.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z0-9/]+) (Test[A-Za-z0-9]+)`")
	vault, scm, found := strings.Cut(string(page), "\n# Traps of Sectigo")
	if !found {
		t.Fatal("there is no table of Sectigo's")
	}
	for _, service := range []struct {
		name, table string
		traps       int
	}{{"Key Vault", vault, 34}, {"SCM", scm, 32}} {
		nr := 0
		for line := range strings.Lines(service.table) {
			cells := strings.Split(strings.Trim(line, "|\n"), "|")
			if !strings.HasPrefix(line, "| ") || strings.TrimSpace(cells[0]) == "nr" {
				continue
			}
			nr++
			if len(cells) != 4 || strings.TrimSpace(cells[0]) != fmt.Sprint(nr) {
				t.Errorf("%s: row %d is %q", service.name, nr, line)
				continue
			}
			tests := named.FindAllStringSubmatch(cells[3], -1)
			if len(tests) == 0 && (strings.TrimSpace(cells[3]) != "none" || !strings.Contains(cells[2], "No test")) {
				t.Errorf("%s: row %d names no test and no reason", service.name, nr)
			}
			for _, test := range tests {
				if !declared(t, filepath.FromSlash(test[1]), test[2]) {
					t.Errorf("%s: row %d: there is no %s in %s", service.name, nr, test[2], test[1])
				}
			}
		}
		if nr != service.traps {
			t.Errorf("%s: %d traps, want %d", service.name, nr, service.traps)
		}
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
