package walk

import (
	"testing"
	"time"

	"certty/ui/ptytest"
)

// TestWaiting: over an issuer's request a new one is caught before it is sent;
// who waits for its end is asked then, with the form as it was filled in.
func TestWaiting(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.start()
	term.WaitText("n new")
	create(t, term, "CN=ordered.test", "contoso-ca")
	term.WaitFor("the ordered row", func(s ptytest.Screen) bool { return cursorOn(s, "ordered-test") })
	_, first := w.get("/certificates/ordered-test/pending")

	term.WaitText("n new")
	term.Keys("n")
	term.WaitText("New request, manual")
	term.Type("CN=ordered.test")
	term.Keys("ctrl+s")
	term.WaitText("ordered-test already has a request in progress", "issuer contoso-ca", "Nothing was sent",
		"ask for its cancellation", "wait until it is completed", "delete the request, then go on", "your form is kept")
	term.Keys("w")
	term.WaitText("Waiting. It goes on by itself")
	if _, now := w.get("/certificates/ordered-test/pending"); now["request_id"] != first["request_id"] {
		t.Fatal("something was sent")
	}
	w.moveClock(time.Minute)
	term.WaitText("POST /certificates/ordered-test/create", "A certificate of that name exists", "> [ Back ]")
	term.Keys("esc")
	term.WaitText("New request, manual", "CN=ordered.test")
}
