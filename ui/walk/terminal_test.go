package walk

import (
	"strings"
	"testing"
	"time"

	"certty/ui/ptytest"
)

func cursorName(s ptytest.Screen) string {
	for _, line := range s.Lines {
		if strings.HasPrefix(line, "> ") {
			return line
		}
	}
	return ""
}

// TestKeysArriveWhole: bursts, split sequences and pasted line ends, in the
// finished program.
func TestKeysArriveWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.startWith(ptytest.Options{Cols: 80, Rows: 24})
	rows := rowsOf(settled(term))
	at := func(i int) {
		t.Helper()
		term.WaitFor("the cursor on row "+rows[i], func(s ptytest.Screen) bool { return strings.Contains(cursorName(s), " "+rows[i]+" ") })
	}
	term.Keys("home")
	at(0)
	term.Write("jjj")
	at(3)
	// A program can't wait for the rest of a key for long. Where this test was held
	// up between the parts they are written once more.
	split := func(first, rest string, to int) {
		t.Helper()
		for {
			term.Keys("esc", "home", "j", "j", "j")
			at(3)
			start := time.Now()
			term.Write(first)
			term.Write(rest)
			if time.Since(start) < 25*time.Millisecond {
				at(to)
				return
			}
		}
	}
	split("\x1b", "[A", 2)
	split("\x1b[", "B", 4)
	term.Keys("k")
	at(3)
	// A paste that nobody asked for does nothing, and says so.
	term.Paste("x\ny\nn\nq\n")
	term.WaitText("paste ignored")
	at(3)
	// A split paste marker does not deliver its text as keys.
	term.Write("\x1b[20")
	term.Write("0~q\rx\ry\x1b[2")
	term.Write("01~")
	term.Keys("j")
	at(4)
	if term.Screen().Contains("┌") {
		t.Errorf("the paste opened something:\n%s", term.Screen())
	}
	term.Keys("?")
	term.WaitText("This row")
	term.Write("\x1b") // alone
	term.WaitGone("This row")
}

// rowsOf lists the names on the board, from the top.
func rowsOf(s ptytest.Screen) []string {
	var names []string
	for _, line := range s.Lines[3 : len(s.Lines)-3] {
		if f := strings.Fields(strings.TrimLeft(line, "> ")); len(f) > 2 {
			for i, word := range f {
				if word == "prod" && i > 0 {
					names = append(names, f[i-1])
				}
			}
		}
	}
	return names
}

// TestNoColor: without colour nothing but the screen's modes is styled, and the
// cursor can be seen.
func TestNoColor(t *testing.T) {
	w := newWorld(t, true)
	term := w.startWith(ptytest.Options{NoColor: true, Cols: 80, Rows: 24})
	before := cursorName(settled(term))
	term.Keys("j")
	term.WaitFor("another row under the cursor", func(s ptytest.Screen) bool { return cursorName(s) != before && cursorName(s) != "" })
	for seq := range strings.SplitSeq(string(term.Output()), "\x1b[") {
		if end := strings.IndexAny(seq, "mABCDHJKhl"); end > 0 && seq[end] == 'm' && seq[:end] != "0" {
			t.Fatalf("a style was sent: %q", seq[:end+1])
		}
	}
}

// TestBareConsole: on TERM=linux without UTF-8 only 7-bit characters are sent.
func TestBareConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.startWith(ptytest.Options{Term: "linux", Env: []string{"LANG=C", "LC_ALL=C"}, Cols: 80, Rows: 24})
	term.WaitText("shop-example-com", "waits: merge")
	term.Keys("?")
	term.WaitText("This row")
	for _, b := range term.Output() {
		if b >= 0x80 {
			t.Fatalf("byte %#x was sent", b)
		}
	}
}

// TestResize: every size is drawn, ten times over.
func TestResize(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.startWith(ptytest.Options{Cols: 80, Rows: 24})
	term.WaitText("shop-example-com")
	for i := range 10 {
		cols, rows := 100+10*i, 24+i
		term.Resize(cols, rows)
		term.WaitFor("the rule over the whole width", func(s ptytest.Screen) bool {
			return len(s.Lines) == rows && strings.Count(s.Lines[2], "─") == cols
		})
	}
	term.Resize(30, 8)
	term.WaitText("screen too small")
	term.Resize(80, 24)
	term.WaitText("shop-example-com")
}

// TestIdle: an idle screen sends nothing. Ages change on the whole minute, so
// the look is taken within one.
func TestIdle(t *testing.T) {
	w := newWorld(t, false)
	term := w.startWith(ptytest.Options{Cols: 80, Rows: 24})
	term.WaitText("There is no certificate here yet", "● prod <1m")
	for looked := false; !looked; {
		for s := time.Now().Second(); s < 1 || s > 55; s = time.Now().Second() {
			time.Sleep(100 * time.Millisecond) // until the minute is young enough
		}
		minute, mark := time.Now().Minute(), term.Mark()
		time.Sleep(3 * time.Second) // the span that is looked at
		sent := term.BytesSince(mark)
		if looked = time.Now().Minute() == minute; looked && len(sent) != 0 {
			t.Errorf("%d bytes were sent while nothing happened: %q", len(sent), sent)
		}
	}
}

// TestReadOnlyLetsOnlyReadsThrough presses every key of the program and counts
// at the server.
func TestReadOnlyLetsOnlyReadsThrough(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start("--read-only")
	term.WaitText("READ-ONLY", "shop-example-com", "waits: merge")
	on(term, "shop-example-com")
	for _, key := range []string{"m", "x", "d", "n", "s"} {
		term.Keys(key)
		term.Keys("tab", "enter", "esc", "esc")
	}
	term.WaitText("shop-example-com")
	term.Keys("n")
	term.WaitText("not now:", "read-only")
	for call, times := range w.box.Vault().Calls() {
		if call.Changes() {
			t.Errorf("%d × %+v reached the server", times, call)
		}
	}
	term.Keys("q")
	term.Wait()
}
