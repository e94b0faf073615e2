package order_test

import (
	"testing"

	"certty/model"
	"certty/ui/view/board"
	"certty/ui/view/order"
	"certty/ui/view/viewtest"
)

// second adds an account of that name, which offers what the first one does.
func (d *desk) second(name string, readOnly bool) {
	d.t.Helper()
	more := d.Session.Desk.Target(viewtest.AccountName)
	more.Info.Name, more.Info.Address = name, "https://"+name+".example.com/api"
	if readOnly {
		more.Capabilities.Order, more.Capabilities.OrderWhy = nil, "this target is read-only"
	}
	d.Session.Desk.Equip(append(d.Session.Desk.Targets(), more), nil)
}

// A new order is for the account of the row. Where the row names none and there
// are several, it is asked for, and nobody's order goes to the first by chance.
func TestAccountOfANewOrder(t *testing.T) {
	none, able := []string{}, []string{"emea"}
	for _, tt := range []struct {
		name           string
		able, readOnly []string
		row            *model.Item
		sees           []string
	}{
		{"one account", none, none, viewtest.Item("prod", "shop", nil), []string{"New order (sectigo)", "Common name"}},
		{"the row's", able, none, viewtest.OrderItem("7", "shop.example.com", nil), []string{"New order (sectigo)", "Common name"}},
		{"one that can order", none, []string{"apac"}, viewtest.Item("prod", "shop", nil), []string{"New order (sectigo)", "Common name"}},
		{"several", able, []string{"apac"}, viewtest.Item("prod", "shop", nil), []string{"> Account (*) sectigo ( ) emea", "https://cert-manager.com/api", "ctrl+s go on"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			for _, name := range tt.readOnly {
				d.second(name, true)
			}
			for _, name := range tt.able {
				d.second(name, false)
			}
			d.Open(board.New(d.Session))
			d.Put(tt.row)
			d.Press("b")
			d.Sees(tt.sees...)
			if tt.name != "several" {
				return
			}
			d.Press("right")
			d.Sees("https://emea.example.com/api")
			d.Press("enter")
			d.Sees("New order (emea)")
			d.Press("esc")
			if _, ok := d.Top().(*board.View); !ok {
				t.Errorf("esc does not lead back to the board:\n%s", d.Frame())
			}
			d.sent()
		})
	}
}

// What can't be ordered anywhere says why.
func TestNoAccountForANewOrder(t *testing.T) {
	d := newDesk(t)
	targets := d.Session.Desk.Targets()
	if _, why := order.Accounts(targets[:len(targets)-1], "prod"); why != "" {
		t.Errorf("%q where there is no account", why)
	}
	targets[len(targets)-1].Capabilities.Order = nil
	targets[len(targets)-1].Capabilities.OrderWhy = "this target is read-only"
	for _, row := range []string{"", "prod", viewtest.AccountName} {
		if names, why := order.Accounts(targets, row); len(names) > 0 || why != "this target is read-only" {
			t.Errorf("on a row of %q: %v, %q", row, names, why)
		}
	}
}
