package revoke_test

import (
	"slices"
	"testing"

	"certty/backend"
	"certty/model"
	"certty/ui/view/revoke"
	"certty/ui/view/viewtest"
)

// TestRevoke: which certificate, why, and the name typed; the serial number that
// was on the screen is what is sent.
func TestRevoke(t *testing.T) {
	for _, tt := range []struct{ name, called, typed, label string }{
		{"by its name", "pay.example.com", "pay.example.com", "Type the name to confirm"},
		{"without a name", "", "17", "Type the order's id to confirm"},
		{"with a name that nobody can type", "pay\\u202e.example.com", "17", "Type the order's id to confirm"},
		{"with blanks", "pay example", "17", "Type the order's id to confirm"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := viewtest.New(t)
			a := s.Account()
			authority := viewtest.NewAuthority(t)
			s.Put(viewtest.OrderItem("17", tt.called, func(it *model.Item) {
				it.Certificate.DER = authority.Issue(viewtest.Key(t), "pay.example.com")
				it.Order.SANs = nil
			}))
			s.Open(revoke.New(s.Session, s.Row(viewtest.AccountName, "17")))
			s.Sees("(sectigo, order 17)", "serial A9:3E:17", "sha256", "Every client will refuse it within hours. This cannot be undone.", "0 / 512")
			s.Press("right", "tab", "keys were public")
			s.Sees("may refuse every other certificate with this key", "16 / 512")
			s.Press("ctrl+s")
			s.Sees("reason key compromise", "message keys were public", tt.label, "POST /ssl/v1/revoke/17")
			s.Press("tab", "enter")
			if len(a.Calls) != 0 {
				t.Fatalf("revoked without the name: %q", a.Calls)
			}
			// Another one was issued meanwhile: it is not what was confirmed.
			s.Put(viewtest.OrderItem("17", tt.called, func(it *model.Item) { it.Certificate.Serial = "0c" }))
			s.Press(tt.typed, "enter")
			if want := []string{"revoke sectigo/17@a93e17 1 keys were public"}; !slices.Equal(a.Calls, want) {
				t.Errorf("sent %q, want %q", a.Calls, want)
			}
		})
	}
}

// A certificate that was replaced meanwhile is explained, with the way to the
// one that stands there now and what was typed.
func TestStaleSerial(t *testing.T) {
	s := viewtest.New(t)
	a := s.Account()
	s.Put(viewtest.OrderItem("17", "pay.example.com", nil))
	s.Open(revoke.New(s.Session, s.Row(viewtest.AccountName, "17")))
	a.Err = &backend.Error{Kind: backend.KindGone, Op: "revoke"}
	s.Press("tab", "stolen", "ctrl+s", "tab", "pay.example.com")
	s.Put(viewtest.OrderItem("17", "pay.example.com", func(it *model.Item) { it.Certificate.Serial = "0c" }))
	s.Press("enter")
	s.Sees("Not revoked", "serial A9:3E:17", "Nothing was revoked", "the one that stands there now, serial 0C")
	s.Press("X")
	s.Sees("serial 0C", "stolen")
}

// On the smallest screen it is said whole what cancelling comes to, in the form
// and in the question, and no byte of a number is torn in two.
func TestRevokeOnASmallScreen(t *testing.T) {
	s := viewtest.New(t)
	s.Account()
	authority := viewtest.NewAuthority(t)
	s.Put(viewtest.OrderItem("17", "pay.example.com", func(it *model.Item) {
		it.Certificate.DER = authority.Issue(viewtest.Key(t), "pay.example.com")
		it.Certificate.Serial = "68b5205940602a7bbd9d18db78f1bbcfb36e2c41"
	}))
	const why = "SCM has no call that cancels an order. The certificate is issued; only revoking it ends it."
	s.Open(revoke.NewBecause(s.Session, s.Row(viewtest.AccountName, "17"), why))
	s.Resize(80, 19) // what a terminal of 24 lines leaves
	s.Sees("serial 68:B5:20:59:40:60:2A:7B:BD:9D: 18:DB:78:F1:BB:CF:B3:6E:2C:41 sha256", "This cannot be undone.", why, "[ Revoke ]")
	s.Press("tab", "not needed", "ctrl+s")
	s.Sees("pgup and pgdown show the rest")
	s.Press("pgdown")
	s.Sees(why, "Type the name to confirm")
}
