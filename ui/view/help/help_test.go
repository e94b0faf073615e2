package help_test

import (
	"strings"
	"testing"

	"certty/ui/keys"
	"certty/ui/view/help"
	"certty/ui/view/viewtest"
)

// TestColumnOfOrders: what the H of the board means is told where orders are.
func TestColumnOfOrders(t *testing.T) {
	s := viewtest.New(t)
	s.Open(help.New(s.Session, []keys.Action{{Def: keys.OpenRow}}))
	if strings.Contains(s.Frame(), "On the board") {
		t.Errorf("without an account:\n%s", s.Frame())
	}
	s.Account()
	s.Resize(80, 24)
	s.Sees("On the board", "H "+s.Session.Theme.Glyphs.Here, "the order is held here, in the local repository", "Without the sign it is at its account only")
}
