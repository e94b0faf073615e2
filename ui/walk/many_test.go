package walk

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"certty/ui/ptytest"
)

// TestMany disables, deletes and purges marked rows, with one that another
// client was faster with, and looks at what the vault then holds.
func TestMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	names := []string{"api-us", "old-portal", "www"}
	term := w.startWith(ptytest.Options{Cols: 80, Rows: 24})
	term.WaitText("api-us", "waits: merge")
	term.Keys("/")
	term.Type("name:~^(api-us|old-portal|www)$")
	term.WaitText("3/")
	term.Keys("enter", "a")
	term.WaitText("3 marked")

	// One of them is disabled already: there are two ways.
	term.Keys("e")
	term.WaitText("Disable 2 certificates", "Enable 1 certificate")
	term.Keys("d")
	term.WaitText("it is disabled already", "Copies that clients hold", "> [ Back ]")
	confirmName(t, term, "2")
	term.WaitText("2 of 2: 2 done, 1 left out")
	for _, name := range names {
		if w.enabled(name) {
			t.Errorf("the vault has %s enabled", name)
		}
	}
	term.Keys("esc")
	term.WaitText("1 marked") // what was done has no mark any more

	// D: while the question is open another client deletes one of the three.
	term.Keys("a")
	term.WaitText("3 marked")
	term.Keys("D")
	term.WaitText("Delete 3 certificates", "recoverable until", "Type this to confirm: delete 3", "> [ Back ]")
	w.delete("/certificates/www")
	confirmName(t, term, "delete 3")
	term.WaitText("3 of 3: 2 done, 1 refused", "f failed again")
	w.moveClock(2 * time.Minute)
	for _, name := range names {
		if status, _ := w.get("/deletedcertificates/" + name); status != 200 {
			t.Errorf("%s is not among the deleted: %d", name, status)
		}
	}
	term.Keys("esc", "g", " ", "r") // with a mark only the marked rows are read
	term.WaitFor("three rows that are soft-deleted", func(s ptytest.Screen) bool {
		return strings.Count(strings.Join(s.Lines, "\n"), "soft-deleted") == 3
	})

	// P: they go for good.
	term.Keys("a")
	term.WaitText("3 marked")
	term.Keys("P")
	term.WaitText("Purge 3 certificates for good", "kept until", "Type this to confirm: purge 3", "> [ Back ]")
	confirmName(t, term, "purge 3")
	term.WaitText("3 of 3: 3 done")
	w.moveClock(2 * time.Minute)
	for _, name := range names {
		for _, path := range []string{"/certificates/" + name + "/", "/deletedcertificates/" + name} {
			if status, _ := w.get(path); status != 404 {
				t.Errorf("%s answers %d", path, status)
			}
		}
	}
	term.Keys("ctrl+c")
	term.Wait()
}

// delete deletes in the vault as another client would.
func (w *world) delete(path string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodDelete, w.box.Access().VaultURL+path+"?api-version=7.5", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if status, body := w.do(req); status != http.StatusOK {
		w.t.Fatalf("%s could not be deleted: %d %v", path, status, body)
	}
}
