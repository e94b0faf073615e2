package walk

import (
	"testing"

	"certty/backend/sandbox/scmserver"
	"certty/ui/ptytest"
)

// orderStatus is how an order of that name stands at the account's server; ""
// when there is none.
func (w *world) orderStatus(name string) string {
	w.t.Helper()
	_, body := w.get("/sandbox/scm/orders")
	rows, _ := body["orders"].([]any)
	for _, row := range rows {
		if o, ok := row.(map[string]any); ok && o["common_name"] == name {
			status, _ := o["status"].(string)
			return status
		}
	}
	return ""
}

// onOrder filters the board down to the order of that name; the column of the
// names is too narrow for it.
func onOrder(term *ptytest.Terminal, name string) {
	term.Keys("/")
	term.Type("name:" + name)
	term.WaitFor("only "+name, func(s ptytest.Screen) bool { return s.Contains("filter: name:"+name) && s.Contains(" 1/") })
	term.Keys("enter")
	term.WaitText("filter: name:"+name, "1 of ", name+"  sectigo")
}

// TestDecideOnOrders approves, cancels and revokes orders by keys alone, and
// deletes one here and restores it; the account's server tells what came of it.
func TestDecideOnOrders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	w.withAccount()
	term := w.start()
	term.WaitText("checkout.exam", "mail.example.net")

	onOrder(term, "checkout.example.com")
	term.WaitText("Y approve")
	term.Keys("Y")
	term.WaitText("Approve checkout.example.com (sectigo, order", "costs one certificate")
	term.Type("as asked")
	term.WaitText("8 / 512")
	term.Keys("ctrl+s")
	term.WaitText("Sends: POST /ssl/v1/approve/")
	choose(t, term, "Approve")
	term.WaitText("checkout.example.com: approved")
	if o := w.orderAt("checkout.example.com"); o.Status == scmserver.StatusRequested || o.Message != "as asked" {
		t.Errorf("the approved order is %s, %q at the account", o.Status, o.Message)
	}
	term.Keys("esc")

	onOrder(term, "backwards.example.com")
	term.WaitText("N decline", "x cancel")
	term.Keys("x")
	term.WaitText("Decline backwards.example.com", "no call that cancels an order", "Cancelled: not needed any more")
	term.Keys("ctrl+s")
	term.WaitText("Sends: POST /ssl/v1/decline/")
	choose(t, term, "Decline")
	term.WaitText("backwards.example.com: declined")
	if status := w.orderStatus("backwards.example.com"); status != "Declined" {
		t.Errorf("the cancelled order is %q at the account", status)
	}
	term.Keys("esc")

	onOrder(term, "mail.example.net")
	term.WaitText("X revoke")
	term.Keys("X")
	term.WaitText("Revoke mail.example.net (sectigo, order", "Every client will refuse it within hours")
	term.Keys("right", "tab")
	term.Type("key was public")
	term.WaitText("14 / 512")
	term.Keys("ctrl+s")
	term.WaitText("key compromise", "Sends: POST /ssl/v1/revoke/")
	confirmName(t, term, "mail.example.net")
	term.WaitText("mail.example.net: revoked")
	if status := w.orderStatus("mail.example.net"); status != "Revoked" {
		t.Errorf("the revoked order is %q at the account", status)
	}
	// D, u: off the board and back, and nothing but that.
	term.Keys("D")
	term.WaitText("Delete here: mail.example.net", "the account keeps the order")
	choose(t, term, "Delete here")
	term.WaitText("mail.example.net: deleted here")
	term.WaitText("No row passes the filter")
	term.Keys("esc")
	term.WaitText("filter: none")
	term.Keys("/")
	term.Type("is:deleted-here")
	term.WaitFor("what was deleted here", func(s ptytest.Screen) bool { return cursorOn(s, "mail.example.net") && s.Contains("is:deleted-here") })
	term.Keys("enter")
	term.WaitText("u restore")
	term.Keys("u")
	term.WaitText("Show again: mail.example.net")
	choose(t, term, "Restore")
	term.WaitText("mail.example.net: shown again")
	if status := w.orderStatus("mail.example.net"); status != "Revoked" {
		t.Errorf("deleting here changed the account: %q", status)
	}
	term.WaitText("No row passes the filter")
}
