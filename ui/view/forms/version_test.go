package forms

import (
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

func TestNewVersionAsksFirst(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(*model.Item)
		says []string
	}{
		{"manual", func(*model.Item) {}, []string{"The vault makes a new key and a CSR. You have the CSR signed, then merge. The current version stays live until the merge.", "without a policy"}},
		{"issuer", func(it *model.Item) { it.Policy.Issuer.Name = "contoso-ca" }, []string{"orders it from contoso-ca, which may cost. The current version stays live until it is issued."}},
		{"self", func(it *model.Item) { it.Policy.Issuer.Name = "Self" }, []string{"The vault signs it by itself. The current version stays live until then."}},
		{"the key again", func(it *model.Item) { it.Policy.Key.ReuseKey = new(true) }, []string{"The key is used again"}},
		{"nothing was issued", func(it *model.Item) { it.Certificate.Issued = false }, []string{"then merge. Sends"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				it := holding(stored())
				tt.set(it)
				s := newScreen(t, it)
				s.h = 30
				s.open(NewVersion(s.s, s.row("shop"), noWays))
				s.sees(append(tt.says, "validity 12 months", "> [ Back ]")...)
				s.press("tab", "enter")
				if s.vault.sent() != 0 {
					t.Fatal("keys typed ahead sent it")
				}
				s.answer("tab", "enter")
				if len(s.vault.renewed) != 1 || s.vault.renewed[0] != it.Ref || len(s.stack) != 0 {
					t.Errorf("sent %v, %d open", s.vault.renewed, len(s.stack))
				}
			})
		})
	}
}

// The question is about the policy that it shows: another one is asked about
// anew, and has to be read first.
func TestNewVersionShowsWhatIsStoredNow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScreen(t, item("shop", nil))
		s.h = 30
		s.open(NewVersion(s.s, s.row("shop"), noWays))
		s.sees("being read")
		s.press("enter", "tab", "enter")
		s.holds(holding(stored()))
		s.sees("validity 12 months", "> [ Back ]")
		s.answer("tab")
		s.sees("> [ Ask for it ]")
		other := stored()
		other.ValidityMonths = 6
		s.holds(holding(other))
		s.sees("validity 6 months", "> [ Back ]")
		s.press("tab", "enter")
		if s.vault.sent() != 0 || len(s.stack) != 1 {
			t.Fatal("a key decided about a policy that it was not meant for")
		}
		time.Sleep(time.Second)
		s.holds(holding(other)) // the same again asks nothing anew
		s.sees("> [ Back ]")
	})
}

func TestNewVersionOverARequest(t *testing.T) {
	bubble(t, func(t *testing.T) {
		it := holding(stored())
		s := newScreen(t, it)
		s.h = 30
		s.open(NewVersion(s.s, s.row("shop"), noWays))
		s.vault.err = &backend.Error{Kind: backend.KindState, State: backend.StatePending}
		changed := *it
		changed.Request = open()
		s.answer("tab")
		s.holds(&changed)
		s.press("enter")
		s.sees("already has a request in progress", "Nothing was sent")
		s.press("esc")
		if len(s.stack) != 0 || s.vault.sent() != 0 {
			t.Errorf("%d open, %d sent", len(s.stack), s.vault.sent())
		}
		s.open(NewVersion(s.s, s.row("shop"), noWays))
		s.sees("already has a request in progress")
	})
}

func TestNewVersionRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScreen(t, holding(stored()))
		s.open(NewVersion(s.s, s.row("shop"), noWays))
		s.vault.err = &backend.Error{Kind: backend.KindPermission, Op: "new version", Ref: model.Ref{Target: "prod", Key: "shop"}}
		s.answer("tab", "enter")
		s.sees("Not done: new version shop (prod)")
	})
}

// While a call runs nobody has to wait for it: esc leaves, and the answer is the
// root's to tell.
func TestLeavingWhileACallRuns(t *testing.T) {
	for name, open := range map[string]func(*screen){
		"create":      func(s *screen) { s.open(NewCreate(s.s, noWays)); s.press("CN=shop", "ctrl+s") },
		"policy":      func(s *screen) { s.open(NewPolicy(s.s, s.row("shop"))); s.fill(fieldMonths, "24"); s.press("ctrl+s") },
		"new version": func(s *screen) { s.open(NewVersion(s.s, s.row("shop"), noWays)) },
		"import":      func(s *screen) { s.open(NewImport(s.s, noWays)); s.found("shop.pfx", pfx); s.press("ctrl+s") },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := newScreen(t, holding(stored()))
				open(s)
				held := make(chan struct{})
				s.vault.hold = held
				s.answer("tab", "enter")
				s.sees("Sent; waiting for the vault's answer")
				s.press("x", "enter", "ctrl+s")
				s.sees("Sent; waiting")
				s.press("esc")
				if len(s.stack) != 0 {
					t.Errorf("it stays open:\n%s", s.frame())
				}
				close(held)
				if n := len(s.s.Desk.Running()); n != 1 {
					t.Errorf("%d calls run", n)
				}
			})
		})
	}
}
