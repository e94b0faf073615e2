package keys

import (
	"os"
	"path/filepath"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// TestRegistry keeps the registry fit for dispatch and for people.
func TestRegistry(t *testing.T) {
	ids := map[string]bool{}
	byTag := map[string]map[string]string{}
	closed := map[string]bool{}
	last := ""
	for _, d := range All() {
		if ids[d.ID] {
			t.Errorf("%s is registered twice", d.ID)
		}
		ids[d.ID] = true
		if len(d.Keys) == 0 || d.Help == "" || d.Long == "" || d.Tag == "" {
			t.Errorf("%s lacks a key, words or a tag: %+v", d.ID, d)
		}
		if d.Tag != last {
			if closed[d.Tag] {
				t.Errorf("%s: tag %q comes twice in the order", d.ID, d.Tag)
			}
			closed[last], last = true, d.Tag
		}
		if byTag[d.Tag] == nil {
			byTag[d.Tag] = map[string]string{}
		}
		for _, k := range d.Keys {
			if other := byTag[d.Tag][k]; other != "" {
				t.Errorf("%s and %s share the key %q", d.ID, other, k)
			}
			byTag[d.Tag][k] = d.ID
		}
	}
}

// TestDocument keeps docs/keys.md what the registry says. UPDATE=1 writes it.
func TestDocument(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "keys.md")
	want := Markdown()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/keys.md is stale: run UPDATE=1 go test ./ui/keys")
	}
}

func TestFind(t *testing.T) {
	actions := []Action{{Def: New}, {Def: Merge, Disabled: "no"}}
	key := func(s string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)} }
	if a, ok := Find(actions, key("m")); !ok || a.ID != Merge.ID || a.Disabled == "" {
		t.Errorf("a disabled action must be found with its reason, got %+v %v", a, ok)
	}
	if _, ok := Find(actions, key("z")); ok {
		t.Error("an unknown key found something")
	}
	paste := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("m"), Paste: true}
	if _, ok := Find(actions, paste); ok {
		t.Error("a paste acted as a key")
	}
	if hints := Hints(actions); len(hints) != 1 || hints[0].ID != New.ID {
		t.Errorf("hints show what can't be done: %+v", hints)
	}
	if hints := Hints([]Action{{Def: Import}, {Def: ImportOrders}}); len(hints) != 1 || hints[0].ID != Import.ID {
		t.Errorf("a key is hinted at with what it does not do: %+v", hints)
	}
}
