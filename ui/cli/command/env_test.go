package command

import "testing"

// TestSize: a program without a terminal has no width, and a command that asks
// for it is no mistake.
func TestSize(t *testing.T) {
	none := &Env{}
	if none.Width() != 0 || none.Height() != 0 {
		t.Errorf("%d x %d without a terminal", none.Width(), none.Height())
	}
	some := &Env{Size: func() (columns, lines int) { return 80, 24 }}
	if some.Width() != 80 || some.Height() != 24 {
		t.Errorf("%d x %d, want 80 x 24", some.Width(), some.Height())
	}
}
