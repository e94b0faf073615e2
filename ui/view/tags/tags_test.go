package tags_test

import (
	"errors"
	"slices"
	"testing"

	"certty/model"
	"certty/ui/view/tags"
	"certty/ui/view/viewtest"
)

func open(t *testing.T, was map[string]string) *viewtest.Stage {
	t.Helper()
	s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) { it.Certificate.Tags = was; it.Certificate.Version = "v1" }))
	s.Open(tags.New(s.Session, s.Row("prod", "shop")))
	return s
}

func TestTagsAreChangedAsADifference(t *testing.T) {
	s := open(t, map[string]string{"env": "prod", "owner": "web", "odd=name": " kept "})
	s.Sees("env=prod", "owner=web", "odd=name= kept")
	// env changes, owner goes, team comes.
	s.Press("backspace", "backspace", "backspace", "backspace", "test")
	s.Press("tab", "tab")
	for range "owner=web" {
		s.Press("backspace")
	}
	s.Press("tab", "team=pki", "ctrl+s")
	s.Sees("- env=prod + env=test", "- owner=web", "+ team=pki", "PATCH /certificates/shop/v1")
	if len(s.Vault.Calls) != 0 {
		t.Fatalf("sent before it was confirmed: %q", s.Vault.Calls)
	}
	s.Press("tab", "enter")
	if want := []string{"update prod/shop@v1 env:test odd=name: kept  team:pki"}; !slices.Equal(s.Vault.Calls, want) {
		t.Errorf("sent %q, want %q", s.Vault.Calls, want)
	}
	if s.Top() != nil {
		t.Error("the form stays open after it was done")
	}
}

func TestNothingChangedSendsNothing(t *testing.T) {
	s := open(t, map[string]string{"env": "prod"})
	s.Press("ctrl+s")
	s.Said("nothing was sent")
	if len(s.Vault.Calls) != 0 || s.Top() != nil {
		t.Errorf("sent %q", s.Vault.Calls)
	}
}

func TestWrongTagsStayInTheForm(t *testing.T) {
	for typed, want := range map[string]string{"novalue": "name=value is wanted", "=x": "needs a name", "env=again": "stands there twice"} {
		s := open(t, map[string]string{"env": "prod"})
		s.Press("tab", typed, "ctrl+s")
		s.Sees(want)
		if len(s.Vault.Calls) != 0 {
			t.Errorf("sent %q", s.Vault.Calls)
		}
	}
}

func TestRefusalKeepsWhatWasTyped(t *testing.T) {
	s := open(t, nil)
	s.Vault.Err = errors.New("no")
	s.Press("a=b", "ctrl+s", "tab", "enter")
	s.Sees("What you typed is kept")
	s.Press("esc")
	s.Sees("a=b")
}
