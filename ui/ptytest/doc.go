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
