package cli

import (
	"testing"

	"certty/ui/cli/manual"
)

// changesNothing are the commands that have nothing to rehearse, with the reason.
var changesNothing = map[string]string{
	"certty account":               "reads; what it may have to sync first certty sync does",
	"certty activity":              "reads",
	"certty check":                 "reads",
	"certty check-status":          "reads, and remembers what it read as status and wait do",
	"certty completion":            "prints",
	"certty completion bash":       "prints",
	"certty completion fish":       "prints",
	"certty completion powershell": "prints",
	"certty completion zsh":        "prints",
	"certty config":                "lists what is below it",
	"certty config check":          "reads",
	"certty config example":        "prints",
	"certty config paths":          "reads",
	"certty config schema":         "prints",
	"certty config view":           "reads",
	"certty contacts":              "reads",
	"certty doctor":                "reads",
	"certty explain":               "prints",
	"certty issuers":               "reads",
	"certty sandbox":               "serves until it is interrupted, and changes nothing but the sandbox",
	"certty sandbox sign":          "prints",
	"certty schema":                "prints",
	"certty status":                "reads",
	"certty support":               "prints",
	"certty validation":            "reads",
	"certty version":               "prints",
	"certty versions":              "reads",
	"certty wait":                  "reads",
}

// TestEveryChangeCanBeRehearsed: whatever changes something, at a service or on
// this machine, has --dry-run.
func TestEveryChangeCanBeRehearsed(t *testing.T) {
	left := map[string]bool{}
	for path := range changesNothing {
		left[path] = true
	}
	for _, cmd := range manual.Commands(tree()) {
		path := cmd.CommandPath()
		delete(left, path)
		_, reads := changesNothing[path]
		if has := cmd.Flags().Lookup("dry-run") != nil; has == reads {
			t.Errorf("%s: has --dry-run: %t, changes nothing: %t", path, has, reads)
		}
	}
	for path := range left {
		t.Errorf("there is no %s any more", path)
	}
}
