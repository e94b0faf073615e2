package walk

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"certty/ui/keys"
	"certty/ui/ptytest"
)

// everyKey is every key of the registry but those that leave, and the keys that
// forms and questions take.
func everyKey() []string {
	all := []string{"tab", "shift+tab", "left", "right", "enter", "ctrl+s", "backspace", "a", "."}
	for _, d := range keys.All() {
		for _, key := range d.Keys {
			if key == " " {
				key = "space"
			}
			if !slices.Contains(all, key) && !slices.Contains([]string{"q", "ctrl+c", "ctrl+z"}, key) {
				all = append(all, key)
			}
		}
	}
	return all
}

// mash presses keys in a random order on a row of every state and comes back to
// the board after each row.
func mash(t *testing.T, term *ptytest.Terminal, presses int, random *rand.Rand) {
	t.Helper()
	all := everyKey()
	names := rowsOf(term.Screen())
	if len(names) < 12 {
		t.Fatalf("only %d rows to press keys on: %q", len(names), names)
	}
	for _, name := range names {
		leaveAll(t, term)
		term.Keys("/")
		term.Type(name)
		term.Keys("enter")
		for range presses / len(names) {
			term.Keys(all[random.IntN(len(all))])
		}
	}
	leaveAll(t, term)
	if out := string(term.Output()); strings.Contains(out, "crashed") {
		t.Error("something crashed")
	}
}

// leaveAll leaves everything that is open.
func leaveAll(t *testing.T, term *ptytest.Terminal) {
	t.Helper()
	const deepest = 12
	for range deepest {
		term.Keys("esc")
		if s := term.Screen(); s.Contains("q quit") && (s.Contains("filter: none") || s.Contains("nothing is open")) {
			return
		}
	}
	term.WaitText("q quit", "filter: none") // esc had its chance: a stuck view ends the test here
}

// TestEveryKeyOnEveryRow: no key in no order crashes the program or leaves
// something open that esc does not close.
func TestEveryKeyOnEveryRow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	w.withAccount()
	term := w.startWith(ptytest.Options{Cols: 80, Rows: 60})
	term.WaitText("shop-example-com", "waits: merge", "intranet", "old-blog", "waits: approval")
	mash(t, term, 240, rand.New(rand.NewPCG(7, 11)))
	leave(t, term)
}

func leave(t *testing.T, term *ptytest.Terminal) {
	t.Helper()
	term.Keys("q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
}
