package copymenu_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"certty/model"
	"certty/ui/view/copymenu"
	"certty/ui/view/viewtest"
)

// TestOrder: what can be copied of an order, and why what can't.
func TestOrder(t *testing.T) {
	s := viewtest.New(t)
	s.Account()
	s.Put(viewtest.OrderItem("17", "pay.example.com", nil), viewtest.OrderItem("18", "www.example.com", func(it *model.Item) {
		viewtest.Uncertified(it, "Applied")
		it.Order.Validation = &model.OrderValidation{Domains: []model.DomainValidation{
			{Domain: "example.com", Method: "CNAME", Host: "_0a.example.com", Point: "0b.sectigo.com"}, {Domain: "example.org", Valid: true, Host: "x", Point: "y"}}}
	}))
	for _, tt := range []struct{ order, key, copies, why string }{
		{"17", "n", "pay.example.com", ""}, {"17", "i", "17", ""}, {"17", "s", "a93e17", ""}, {"17", "a", "pay.example.com", ""},
		{"17", "t", "", "not collected"}, {"17", "c", "", "not collected"}, {"17", "d", "", "waits for no record"},
		{"18", "s", "", "nothing was issued yet"}, {"18", "d", "_0a.example.com. IN CNAME 0b.sectigo.com.", ""},
	} {
		row := s.Row(viewtest.AccountName, tt.order)
		s.Copied.Reset()
		s.Open(copymenu.New(s.Session, row.ID()))
		s.Sees("Copy from", "order "+tt.order)
		s.Press(tt.key)
		if tt.why != "" {
			s.Said("not now: ")
			s.Said(tt.why)
			s.Press("esc")
			continue
		}
		if want := base64.StdEncoding.EncodeToString([]byte(tt.copies)); !strings.Contains(s.Copied.String(), want) {
			t.Errorf("%s of %s copied %q, want %q", tt.key, tt.order, s.Copied.String(), tt.copies)
		}
	}
}
