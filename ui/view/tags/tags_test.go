package tags_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
	"certty/ui/view/tags"
	"certty/ui/view/viewtest"
)

func tagged(tags map[string]string) *model.Item {
	return viewtest.Item("prod", "shop", func(it *model.Item) { it.Certificate.Tags = tags; it.Certificate.Version = "v1" })
}

func open(t *testing.T, was map[string]string) *viewtest.Stage {
	t.Helper()
	s := viewtest.New(t, tagged(was))
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
	if want := []string{"update prod/shop@v1 env:test odd=name: kept  team:pki over env:prod odd=name: kept  owner:web"}; !slices.Equal(s.Vault.Calls, want) {
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

// Several tags in one line would be one: that is said while it is typed.
func TestSeveralTagsInOneLine(t *testing.T) {
	for line, warned := range map[string]bool{"owner=me, env=t": true, "owner=me;env=t": true, "teams=web, mail": false, "query=a=b": false} {
		s := open(t, map[string]string{"zone": "prod"})
		s.Press("tab", line)
		if got := strings.Contains(s.Frame(), "one tag a line: all of"); got != warned {
			t.Errorf("%q warned of: %v\n%s", line, got, s.Frame())
		}
	}
}

// Another client set tags meanwhile: nothing of theirs is lost, nothing of what
// was typed either, and the next question shows the difference to what is there
// now.
func TestTagsOfAnotherClient(t *testing.T) {
	was := map[string]string{"env": "prod", "owner": "web", "team": "pki"}
	s := open(t, was)
	s.Vault.Err = &backend.Error{Kind: backend.KindConflict, Op: "update", Ref: model.Ref{Target: "prod", Key: "shop"}}
	// env changes, owner goes, mine comes; team is left alone.
	s.Press("backspace", "backspace", "backspace", "backspace", "test", "tab")
	for range "owner=web" {
		s.Press("backspace")
	}
	s.Press("tab", "tab", "mine=1", "ctrl+s", "tab", "enter")
	s.Sees("Nothing was sent. What you typed is kept.")
	if want := "update prod/shop@v1 env:test mine:1 team:pki over env:prod owner:web team:pki"; s.Vault.Calls[0] != want {
		t.Fatalf("sent %q, want %q", s.Vault.Calls, want)
	}
	if len(s.Vault.Looked) != 1 {
		t.Error("nobody reads what stands there now")
	}
	s.Put(tagged(was)) // news of something else
	s.Put(tagged(map[string]string{"env": "prod", "owner": "ops", "team": "sre", "theirs": "1"}))
	s.Press("esc")
	s.Sees("env=test", "team=sre", "theirs=1", "mine=1", "Another client changed the tags meanwhile")
	s.Vault.Err = nil
	s.Press("ctrl+s")
	s.Sees("- env=prod + env=test + mine=1 - owner=ops", "still the ones shown")
	s.Press("tab", "enter")
	if want := "update prod/shop@v1 env:test mine:1 team:sre theirs:1 over env:prod owner:ops team:sre theirs:1"; s.Vault.Calls[1] != want {
		t.Errorf("sent %q, want %q", s.Vault.Calls[1], want)
	}
	if s.Top() != nil {
		t.Error("the form stays open")
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
