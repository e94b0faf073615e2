package board_test

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
	"certty/ui/view/board"
	"certty/ui/view/viewtest"
)

// TestImportOrdersAsksFromWhere: a vault's row names no account, and where there
// are two the first is not taken by chance.
func TestImportOrdersAsksFromWhere(t *testing.T) {
	s := viewtest.New(t)
	s.Account()
	more := s.Session.Desk.Target(viewtest.AccountName)
	more.Info.Name, more.Info.Address = "emea", "https://emea.example.com/api"
	s.Session.Desk.Equip(append(s.Session.Desk.Targets(), more), nil)
	b := board.New(s.Session)
	s.Open(b)
	s.Put(viewtest.Item("prod", "shop", nil))
	for _, a := range b.Actions() {
		if a.ID == keys.ImportOrders.ID {
			_ = a.Run() // it opens the view
		}
	}
	s.Sees("Import orders", "> Account (*) sectigo ( ) emea")
	s.Press("right")
	s.Sees("https://emea.example.com/api")
	s.Press("enter")
	s.Sees("Import orders from emea")

	s.Press("esc")
	s.Put(viewtest.OrderItem("7", "shop.example.com", nil))
	s.Press("i")
	s.Sees("Import orders from sectigo")
}

// TestImportKey: one key brings a certificate into a vault on a vault's row, and
// takes orders over on an order's; the other one can be found all the same.
func TestImportKey(t *testing.T) {
	key := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("i")}
	for _, tt := range []struct {
		name    string
		account bool
		order   bool
		want    string
	}{
		{"a vault alone", false, false, keys.Import.ID},
		{"a vault's row", true, false, keys.Import.ID},
		{"an order's row", true, true, keys.ImportOrders.ID},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := viewtest.New(t)
			if tt.account {
				s.Account()
			}
			b := board.New(s.Session)
			s.Open(b)
			if tt.order {
				s.Put(viewtest.OrderItem("7", "shop.example.com", nil))
			} else {
				s.Put(viewtest.Item("prod", "shop", nil))
			}
			if a, _ := keys.Find(b.Actions(), key); a.ID != tt.want || a.Disabled != "" {
				t.Errorf("i is %s, disabled by %q, want %s", a.ID, a.Disabled, tt.want)
			}
			for _, a := range b.Actions() {
				if a.ID == keys.ImportOrders.ID && (a.Disabled == "") != tt.account {
					t.Errorf("importing orders is disabled by %q", a.Disabled)
				}
			}
		})
	}
}
