package walk

import (
	"path/filepath"
	"testing"
	"time"

	faults "certty/backend/sandbox/fault"
)

// TestWorkSaysNoSecret: the work without a screen, at an
// account that cuts connections, sends pages and points elsewhere, says no secret
// and writes none down.
func TestWorkSaysNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	w.configureAccount("")
	w.order("quiet.example.com", filepath.Join(w.dir, "none"))
	w.moveClock(time.Minute)
	var said []string
	for _, f := range []faults.Fault{
		{Kind: faults.HTML}, {Kind: faults.Redirect}, {Kind: faults.ResetAfter, Times: 3}, {Kind: faults.TruncatedJSON, Times: 3}, {Kind: faults.Refuse, Status: 500},
	} {
		if err := w.box.SCM().Inject(f); err != nil {
			t.Fatal(err)
		}
		code, text := w.work("--once")
		if code == 0 && f.Times == 0 {
			t.Errorf("%s: code 0: %s", f.Kind, text)
		}
		said = append(said, text)
		w.box.SCM().ClearFaults()
	}
	_, text := w.work("--once")
	w.secretless(append(said, text)...)
}
