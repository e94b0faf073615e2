package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// provedElsewhere are the commands that no script can run to both of its ends,
// with the reason.
var provedElsewhere = map[string]string{
	"completion":            "lists the shells",
	"completion bash":       "fails for wrong usage only, as its parent does",
	"completion fish":       "the same",
	"completion powershell": "the same",
	"completion zsh":        "the same",
	"config":                "lists what is below it",
	"config example":        "prints what is built in",
	"config schema":         "prints what is built in",
	"sandbox":               "runs until it is interrupted: ui/walk",
	"sandbox sign":          "needs a sandbox's folder: ui/walk",
}

// TestEveryCommandHasScripts: each command is seen to succeed and to fail by a
// script. The commands are those of docs/commands.md, which another test keeps.
func TestEveryCommandHasScripts(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("docs", "commands.md"))
	if err != nil {
		t.Fatal(err)
	}
	type ends struct{ well, badly bool }
	seen := map[string]*ends{}
	for _, m := range regexp.MustCompile(`(?m)^## certty (.+)$`).FindAllSubmatch(page, -1) {
		seen[string(m[1])] = &ends{}
	}
	scripts, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`(?m)^(! exec|exec|ends \d+) certty (\S+)(?: (\S+))?`)
	for _, file := range scripts {
		script, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(script), -1) {
			e := seen[m[2]+" "+m[3]]
			if e == nil {
				e = seen[m[2]]
			}
			if e == nil {
				continue // an alias, or none at all
			}
			if m[1] == "exec" || m[1] == "ends 0" {
				e.well = true
			} else {
				e.badly = true
			}
		}
	}
	for name, e := range seen {
		if _, ok := provedElsewhere[name]; !ok && (!e.well || !e.badly) {
			t.Errorf("certty %s: a script sees it succeed: %t, fail: %t", name, e.well, e.badly)
		}
	}
	for name := range provedElsewhere {
		if e := seen[name]; e == nil || e.well && e.badly && !strings.HasPrefix(name, "completion") {
			t.Errorf("%s is not proved elsewhere any more", name)
		}
	}
}
