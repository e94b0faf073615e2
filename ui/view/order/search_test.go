package order_test

import (
	"crypto/elliptic"
	"fmt"
	"slices"
	"testing"

	"certty/model"
	"certty/ui/view/order"
	"certty/ui/view/viewtest"
)

// crowded is the form of an order at an account with hundreds of departments
// and profiles, and as many requests in the vaults.
func crowded(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	a := &d.Shelf.Known
	for i := range 150 {
		a.Organizations = append(a.Organizations, model.Organization{ID: 1000 + i, Name: fmt.Sprintf("Shop in a town far away, number %d", i), ParentID: 10, API: true, APIKnown: true})
		a.Profiles = append(a.Profiles, model.Profile{ID: 2000 + i, Name: fmt.Sprintf("Profile %d", i), Terms: []int{90 + i}, Organizations: []int{10, 1000 + i}})
	}
	d.offers = *a
	d.Open(order.New(d.Session, viewtest.AccountName))
	return d
}

// An organization and a profile are found by what is shown of them.
func TestSearch(t *testing.T) {
	d := crowded(t)
	d.to("Organization")
	d.Sees("Type to search among them; space lists all.")
	d.Press("1042")
	d.Sees("> Acme / Shop in a town", "(1042)", "1 of 1 found among 152", "enter choose up down move esc back to the form")
	d.Press("enter")
	d.Sees("(1042) > 45 of 152", "tab next field")
	d.to("Profile")
	d.Sees("(*) Profile 42 (2042)", "(*) 132 days")

	// Esc leaves the list, not the form, and changes nothing.
	d.to("Organization")
	d.Press("acme", "down", "esc")
	d.Sees("New order (sectigo)", "(1042) > 45 of 152")
	d.Press("acme (10)", "tab")
	d.to("Profile")
	d.Press(" ")
	d.Sees("> Profile 42 (2042)", "45 of 152")
	d.Press("pgup", "up", "enter")
	d.Sees("< Profile 31 (2031) > 34 of 152", "(*) 121 days")
	d.sent()
}

// A sync that ends under the open list leaves it where it was.
func TestSearchSurvivesASync(t *testing.T) {
	d := crowded(t)
	d.to("Organization")
	d.Press("number 4", "down", "down")
	d.Sees("3 of 33 found among 152")
	const marked = "> Acme / Shop in a town far away, number 24 (1024)"
	d.Sees(marked)
	d.offers.Organizations = slices.Clone(d.offers.Organizations)
	d.offers.Organizations[18].GoneSince = viewtest.Noon // number 14
	d.Press("ctrl+r")
	if d.syncs != 1 {
		t.Fatalf("%d syncs", d.syncs)
	}
	d.Sees(marked, "2 of 32 found among 151")
	d.Press("esc")
	d.Sees("New order (sectigo)", "< Acme (10) > 1 of 151", "< Quick (101) >")
	d.Press("esc")
	if d.Top() != nil {
		t.Errorf("esc does not leave:\n%s", d.Frame())
	}
}

// The requests of the vaults are searched in the same way, and the one that was
// chosen is the one that is ordered for.
func TestSearchRequests(t *testing.T) {
	d := newDesk(t)
	csr := request(t, elliptic.P256(), "shop.example.com")
	items := make([]*model.Item, 30)
	for i := range items {
		items[i] = viewtest.Item("prod", fmt.Sprintf("request-%02d", i), func(it *model.Item) {
			r := model.Request{ID: "1", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: model.IssuerUnknown}, CSR: csr}
			if i == 27 {
				r.CSR = request(t, elliptic.P384(), "far.example.com")
			}
			viewtest.Pending(it, r)
			viewtest.Unissued(it)
		})
	}
	d.Put(items...)
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.fill("Cost centre", "4711")
	d.choose("Key ", "vault request")
	d.to("Vault request")
	d.Press("t-27 prod", "enter")
	d.Sees("< request-27 (prod) > 28 of 30", "for far.example.com, EC P-384")
	d.order()
	d.sent("order far.example.com")
}
