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

// NewAt opens an order at one of accounts, and asks at which where there are
// several. Each must be able to order. It is empty, unless row is a vault's request
// that waits for a merge: then it is for the CSR of that.
func NewAt(s *view.Session, accounts []string, row view.Row) view.View {
	return sheet.AtAccount(s, "New order", accounts, func(account string) view.View {
		v := newOrder(s, account, nil)
		if row.Item != nil {
			v.request = row.Item.Ref
		}
		return v
	})
}
