package scenario

import "certty/backend/sandbox/vaultserver"

// deleted are soft-deleted certificates: one with time, one whose last day it
// is, and one of which nothing was ever issued.
func (m moment) deleted() []vaultserver.Entry {
	return []vaultserver.Entry{
		{
			Name: "old-shop", Tags: owner("shop"), Deleted: m.ago(12 * day),
			Policy: tls("CN=old-shop.example.com", manual, ec(), "old-shop.example.com"),
			Issued: []vaultserver.Issue{m.left(0.4)},
		},
		{
			Name: "promo-spring", Tags: owner("marketing"), Deleted: m.ago(89*day + day/4),
			Policy: tls("CN=spring.example.com", vaultserver.IssuerContoso, ec(), "spring.example.com"),
			Issued: []vaultserver.Issue{{At: m.ago(250 * day), Lifetime: lifetime}},
		},
		{
			Name: "shop-example-cmo", Tags: owner("shop"), Deleted: m.ago(2 * day),
			Policy: tls("CN=shop.example.cmo", manual, ec(), "shop.example.cmo"),
			Asked:  &vaultserver.Asked{At: m.ago(2*day + day/4)},
		},
	}
}
