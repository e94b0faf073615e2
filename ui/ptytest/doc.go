// Package ptytest drives a finished program as a person does: it starts it in a
// pseudo terminal, types keys, and looks at the screen. Only tests import it.
//
// The screen is kept by a small terminal emulator (vt10x). It counts every rune
// as one cell, so frames with wide characters (CJK, emoji) are shifted on it;
// look at those in the tests of the views, which measure with x/ansi.
//
// A test waits for what the screen shows and never for a time; the bound on each
// wait is so generous that it only ends tests that fail. A failing test shows
// the screen.
//
// A wait names the state that the next step needs: nothing that a narrow column or
// the end of a line may cut, that stood there before, that comes a moment before
// the state itself, or that is only gone from a frame that is half drawn. To see
// whether it does, shake the walks:
//
//	go test ./ui/walk -shake 300ms
//
// pauses at random, each time for up to so long: before the test's servers answer,
// or after they did what was asked ([Late]), before keys, and between the pieces in
// which the terminal takes what the program writes. -shake.of chooses among
// answers, keys, terminal and program; the last one, which is off by default,
// starts programs that are built with the race detector, on one processor, which
// others may take from them. -shake.seed repeats the pauses of a run, whose seed is
// printed. Without -shake nothing is paused.
//
//	func TestMain(m *testing.M) { os.Exit(ptytest.Main(m)) }
//
//	func TestQuit(t *testing.T) {
//		term := ptytest.Start(t, ptytest.Options{Path: ptytest.Build(t, "certty")})
//		term.WaitText("q quit")
//		term.Keys("q")
//		if code := term.Wait(); code != 0 {
//			t.Errorf("exit code %d", code)
//		}
//		if err := term.Restored(); err != nil {
//			t.Error(err)
//		}
//	}
package ptytest
