package walk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"certty/ui/keys"
	"certty/ui/ptytest"
)

// kindsOf names a row of every state that the board shows.
func kindsOf(s ptytest.Screen) map[string]string {
	kinds := map[string]string{}
	header := s.Lines[s.Line("STATE")]
	from, to := strings.Index(header, "STATE"), strings.Index(header, "NAME")
	for _, name := range rowsOf(s) {
		line := []rune(s.Lines[s.Line(" "+name+" ")])
		if state := strings.TrimSpace(string(line[from:to])); kinds[state] == "" {
			kinds[state] = name
		}
	}
	return kinds
}

// TestReadOnlyKeyByKey presses every key of the registry on a row of every
// state, once on the row alone and once more, where it would change something,
// with all rows marked: nothing but reads reaches the server. There is a console
// for each state, so that they wait for Escape together.
func TestReadOnlyKeyByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	options := ptytest.Options{Args: []string{"--read-only"}, Cols: 80, Rows: 40}
	first := w.startWith(options)
	ready := []string{"READ-ONLY", "shop-example-com", "waits: merge", "intranet", "old-blog", "old-shop"}
	var kinds map[string]string
	first.WaitFor("rows of 12 kinds", func(s ptytest.Screen) bool {
		if !s.Contains(ready...) || !s.Contains("8 waiting") { // which is when all are read
			return false
		}
		kinds = kindsOf(s)
		return len(kinds) >= 12
	})
	consoles := []*ptytest.Terminal{first}
	for range len(kinds) - 1 {
		consoles = append(consoles, w.startWith(options))
	}
	at := 0
	for _, name := range kinds {
		consoles[at].WaitText(ready...)
		on(consoles[at], name)
		at++
	}
	press := func(key string) { ptytest.Press(key, consoles...) }
	leave := func() { press("esc") }
	leave() // the filter goes, the cursor stays
	done := []string{"q", "ctrl+c", "esc"}
	for _, d := range keys.All() {
		for _, key := range d.Keys {
			if d.Tag == keys.Up.Tag || slices.Contains(done, key) {
				continue
			}
			if done = append(done, key); key == " " {
				key = "space"
			}
			press(key)
			if d.Dangerous {
				time.Sleep(400 * time.Millisecond) // a question takes no answer in its first moment
				press("tab")
				press("enter")
				leave()
				press("a")
				press(key)
				press("enter")
				leave()
			}
			leave()
		}
	}
	for _, term := range consoles {
		term.Keys("q")
		if code := term.Wait(); code != 0 {
			t.Errorf("exit code %d", code)
		}
	}
	reads := 0
	for call, times := range w.box.Vault().Calls() {
		if call.Changes() {
			t.Errorf("%d × %+v reached the server", times, call)
		}
		reads += times
	}
	if reads < len(kinds) {
		t.Errorf("only %d reads reached the server that counts", reads)
	}
}
