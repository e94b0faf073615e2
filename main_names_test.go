package main

import (
	"slices"
	"strings"
	"testing"

	"certty/ui/keys"
)

// otherwise says how the actions are done without a screen that no command has
// the name of.
var otherwise = map[string]string{
	"open":              "status NAME",
	"catalog":           "issuers",
	"new-order":         "order",
	"order-again":       "order --again ORDER",
	"order-twice":       "order --order-twice",
	"hide-keep-key":     "delete-here ORDER",
	"hide-destroy-key":  "delete-here ORDER --destroy-key",
	"filter":            "status --filter TEXT",
	"sort":              "status --sort-by name",
	"refresh":           "status",
	"retry":             "status --retry",
	"targets":           "doctor",
	"log":               "support",
	"help":              "help",
	"toggle-root":       "merge NAME --root",
	"chain-order":       "merge NAME --order root-first",
	"pick-file":         "merge NAME FILE",
	"copy-csr":          "csr NAME",
	"copy-certificate":  "download NAME",
	"copy-dns-records":  "validation ORDER",
	"copy-record":       "validation ORDER",
	"copy-record-name":  "validation ORDER",
	"copy-record-value": "validation ORDER",
	"copy-names":        "status NAME --columns sans",
	"copy-name":         "status NAME --columns name",
	"copy-thumbprint":   "status NAME --columns thumbprint",
	"copy-serial":       "status NAME --columns serial",
	"sync-form":         "sync",
}

// screenOnly are the actions that mean nothing without a screen.
const screenOnly = ` more mark mark-range mark-all run-failed stop-bulk copy copy-id palette mouse redraw suspend back quit log-level
	up down page-up page-down half-up half-down top bottom send clear-paste go-there next-part last-part leave-import stop-import
	copy-sign-in-code copy-sign-in-address show-sign-in sign-in-later `

// TestActionsAreCommands: what the screen can do the command line can, too, under
// the same name or as it stands above; nothing above is out of date.
func TestActionsAreCommands(t *testing.T) {
	known := func(line string) bool {
		code, _, _ := certty(t, append(strings.Fields(line), "--help")...)
		return code == 0
	}
	left, onScreen := map[string]bool{}, strings.Fields(screenOnly)
	for id := range otherwise {
		left[id] = true
	}
	for _, id := range onScreen {
		left[id] = true
	}
	for _, action := range keys.All() {
		line, named := otherwise[action.ID]
		delete(left, action.ID)
		switch {
		case slices.Contains(onScreen, action.ID):
		case named && !known(line):
			t.Errorf("%s: there is no certty %s", action.ID, line)
		case !named && !known(action.ID):
			t.Errorf("no command does what %s does: %s", action.ID, action.Long)
		}
	}
	for id := range left {
		t.Errorf("there is no action %s any more", id)
	}
}

// TestPaletteKnowsCommands: who knows the command finds the action by its name.
func TestPaletteKnowsCommands(t *testing.T) {
	var words strings.Builder
	for _, a := range keys.All() {
		words.WriteString(strings.Join([]string{a.ID, a.Help, strings.ToLower(a.Long), "\n"}, " "))
	}
	code, out, _ := certty(t, "__complete", "")
	if code != 0 {
		t.Fatal(code)
	}
	// What looks at everything at once is the board itself, or is for programs.
	const programs = " status check metrics work sandbox completion config doctor explain schema support version help man "
	for line := range strings.Lines(out) {
		name, _, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && !strings.Contains(programs, " "+name+" ") && !strings.Contains(words.String(), name) {
			t.Errorf("the palette finds nothing for %q", name)
		}
	}
}
