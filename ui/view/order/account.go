package order

import (
	"certty/ui/view"
	"certty/ui/view/sheet"
)

// Accounts are the names of the targets that a new order can be made at, by
// [sheet.Accounts].
func Accounts(targets []view.Target, row string) (names []string, why string) {
	return sheet.Accounts(targets, row, func(t view.Target) string { return WhyNoOrder(t.Capabilities) })
}

// NewAt opens an empty order at one of accounts, and asks at which where there
// are several. Each must be able to order.
func NewAt(s *view.Session, accounts []string) view.View {
	return sheet.AtAccount(s, "New order", accounts, func(account string) view.View { return New(s, account) })
}
