package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/licences.md")

// module is a module whose code is in the program.
type module struct {
	Path, Version, Dir string
}

// TestLicences: docs/licences.md holds the licence of everything that is linked
// into the program, word for word, as most of them ask for.
func TestLicences(t *testing.T) {
	page := licences(t, linked(t))
	path := filepath.Join("docs", "licences.md")
	if *update {
		if err := os.WriteFile(path, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, page) {
		t.Error("docs/licences.md is stale: go test . -run TestLicences -update")
	}
}

// linked lists the modules of every package that is built into the program on
// one of the systems it is meant for.
func linked(t *testing.T) []module {
	t.Helper()
	var out []module
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=Module", ".")
		cmd.Env = append(cmd.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		listed, err := cmd.Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		for d := json.NewDecoder(bytes.NewReader(listed)); ; {
			var p struct{ Module *module }
			err := d.Decode(&p)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if m := p.Module; m != nil && m.Version != "" && !slices.Contains(out, *m) {
				out = append(out, *m)
			}
		}
	}
	slices.SortFunc(out, func(a, b module) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

// licences makes the page: a table, and each text once.
func licences(t *testing.T, modules []module) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("# Licences\n\nGenerated; do not edit. certty is under the Apache License 2.0, see LICENSE. What is built into it:\n\n| module | version | licence |\n|-|-|-|\n")
	var texts []string
	used := map[string][]string{}
	for _, m := range modules {
		text := licence(t, m)
		fmt.Fprintf(&b, "| %s | %s | %s |\n", m.Path, m.Version, kind(t, m, text))
		if used[text] == nil {
			texts = append(texts, text)
		}
		used[text] = append(used[text], m.Path)
	}
	fmt.Fprintf(&b, "\nAnd the Go standard library, under the same licence as golang.org/x/sys.\n")
	for _, text := range texts {
		fmt.Fprintf(&b, "\n## %s\n\n```\n%s\n```\n", strings.Join(used[text], ", "), text)
	}
	return b.Bytes()
}

// licence is the text that a module is under, without blanks at the ends of
// lines.
func licence(t *testing.T, m module) string {
	t.Helper()
	files, err := os.ReadDir(m.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := strings.ToUpper(f.Name())
		if f.IsDir() || !strings.HasPrefix(name, "LICENSE") && !strings.HasPrefix(name, "LICENCE") && !strings.HasPrefix(name, "COPYING") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(m.Dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.Lines(string(raw)) {
			lines = append(lines, strings.TrimRight(line, " \t\r\n"))
		}
		return strings.Trim(strings.Join(lines, "\n"), "\n")
	}
	// One old module says in its README what it is under, and no more.
	readme, _ := os.ReadFile(filepath.Join(m.Dir, "README.md")) // absent is as good as silent
	if _, said, ok := strings.Cut(string(readme), "## License\n\n"); ok {
		said, _, _ = strings.Cut(said, "\n")
		return "Its README says: " + said
	}
	t.Errorf("%s has no licence", m.Path)
	return ""
}

// kind is which licence a text is. One that nobody thought of fails the test: it
// has to be read first.
func kind(t *testing.T, m module, text string) string {
	t.Helper()
	text = strings.Join(strings.Fields(text), " ")
	has := func(s string) bool { return strings.Contains(text, s) }
	switch {
	case has("Apache License Version 2.0"):
		return "Apache-2.0"
	case has("Permission is hereby granted, free of charge"), has("README says: MIT"):
		return "MIT"
	case has("Redistribution and use in source and binary forms") && has("Neither the name"):
		return "BSD-3-Clause"
	case has("Redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("Mozilla Public License"):
		return "MPL-2.0"
	case has("Permission to use, copy, modify, and") && has("distribute this software"):
		return "ISC"
	}
	t.Errorf("%s: an unknown licence", m.Path)
	return "?"
}
