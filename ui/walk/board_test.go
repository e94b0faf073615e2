package walk

import (
	"strings"
	"testing"

	"certty/ui/ptytest"
)

// TestBoard narrows, sorts and marks, asks for cancellation of two requests at
// once, and looks at what reached the server.
func TestBoard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	settled(term)

	// A comparison and a field; what is wrong is said where it is typed.
	term.Keys("/")
	term.Type("state:waits age<2d name:~^(partner|mail)")
	term.WaitFor("the two younger requests", func(s ptytest.Screen) bool {
		return s.Contains("partner-gateway") && s.Contains("mail-relay") && !s.Contains("shop-example-com") && s.Contains("2/")
	})
	term.Type(" ~(")
	term.WaitText("missing closing )", "partner-gateway")
	term.Keys("backspace", "backspace", "backspace", "enter")
	term.WaitText("filter: state:waits age<2d name:~^(partner|mail)")

	// Both are marked, and one is hidden before they are cancelled.
	term.Keys("a")
	term.WaitText("2 marked")
	term.Keys("esc", "/")
	term.Type("!mail-relay")
	term.Keys("enter")
	term.WaitText("2 marked, 1 hidden by the filter", "x cancel 2")

	// By name, turned around.
	term.Keys("S", "n")
	term.WaitText("sorted by name ↑", "NAME↑")
	term.Keys("S", "n")
	term.WaitFor("the last name on top", func(s ptytest.Screen) bool {
		return s.Contains("NAME↓") && s.Line(" www ") >= 0 && s.Line(" www ") < s.Line(" wildcard-dev ") && s.Line(" wildcard-dev ") < s.Line(" vpn-gw ")
	})

	term.Keys("x")
	term.WaitText("Ask for cancellation of 2 requests", "1 of 2 not visible on the board now:", "mail-relay (prod)", "Type this to confirm: 2")
	if n := cancels(w); n != 0 {
		t.Fatalf("%d cancellations reached the server before anybody confirmed", n)
	}
	confirmName(t, term, "2")
	term.WaitText("2 done", "cancellation asked")
	if n := cancels(w); n != 2 {
		t.Errorf("%d cancellations reached the server, want 2", n)
	}
	for _, name := range []string{"partner-gateway", "mail-relay"} {
		if _, pending := w.get("/certificates/" + name + "/pending"); pending["cancellation_requested"] != true {
			t.Errorf("%s: the vault holds %v", name, pending)
		}
	}
	term.Keys("esc")
	term.WaitFor("the board without marks", func(s ptytest.Screen) bool { return s.Contains("NAME↓") && !s.Contains("marked") })

	// The journal holds both, with the service's id of the call.
	term.Keys("A")
	term.WaitFor("two changes", func(s ptytest.Screen) bool {
		return s.Contains("Activity: the last 2 changes") && strings.Count(strings.Join(s.Lines, "\n"), "✓ done") == 2
	})
	term.Keys("esc")

	// The palette finds an action by its words.
	term.WaitGone("Activity:")
	term.Keys(":")
	term.WaitText("Commands:")
	term.Type("noted")
	term.WaitText("Commands: 1")
	term.Keys("enter")
	term.WaitText("Log:", "from info on")
	term.Keys("esc", "q")
	term.Wait()
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
}

// cancels counts the cancellations that the server answered.
func cancels(w *world) (n int) {
	for call, times := range w.box.Vault().Calls() {
		if call.Operation == "UpdateCertificateOperation" {
			n += times
		}
	}
	return n
}

// TestMouse: the wheel and a click choose rows once M asked for it, and the
// terminal gets its mouse back at the end.
func TestMouse(t *testing.T) {
	w := newWorld(t, true)
	term := w.startWith(ptytest.Options{Cols: 80, Rows: 24})
	settled(term)
	term.Keys("M")
	term.WaitText("the mouse chooses rows")
	term.Keys("g")
	term.Write("\x1b[<65;10;5M") // the wheel, one notch down
	term.WaitFor("the cursor three rows further", func(s ptytest.Screen) bool { return strings.HasPrefix(s.Lines[6], "> ") })
	term.Write("\x1b[<0;10;5M\x1b[<0;10;5m") // a click on the second row
	term.WaitFor("the cursor where it was clicked", func(s ptytest.Screen) bool { return strings.HasPrefix(s.Lines[4], "> ") })
	term.Keys("q")
	term.Wait()
	out := string(term.Output())
	if on, off := strings.LastIndex(out, "\x1b[?1000h"), strings.LastIndex(out, "\x1b[?1000l"); on < 0 || off < on {
		t.Errorf("the mouse was taken at %d and given back at %d", on, off)
	}
}
