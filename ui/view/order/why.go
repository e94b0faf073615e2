package order

import (
	"cmp"

	"certty/backend"
	"certty/ui/view"
)

// cant is the reason that a backend gives, or one for it.
func cant(why string) string { return cmp.Or(why, "this target can't do that") }

// WhyNoOrder is why nothing can be ordered at a target; "" when it can.
func WhyNoOrder(caps backend.Capabilities) string {
	if caps.Order == nil {
		return cant(caps.OrderWhy)
	}
	return ""
}

// WhyNoAgain is why no order like a row's can be made; "" when one can.
func WhyNoAgain(caps backend.Capabilities, row view.Row) string {
	if why := WhyNoOrder(caps); why != "" {
		return why
	}
	return whyNoOrderRead(row)
}

func whyNoOrderRead(row view.Row) string {
	switch o := row.Item.Order; {
	case o == nil && row.Item.Record != nil:
		return "the account does not know this order yet"
	case o == nil:
		return "this row is no order of a CA account"
	case o.Status == "":
		return "its details were not read yet; enter opens and reads it"
	}
	return ""
}

// WhyNoRenew is why a row can't be renewed; "" when it can.
func WhyNoRenew(caps backend.Capabilities, row view.Row) string {
	if caps.Renew == nil {
		return cant(caps.RenewWhy)
	}
	if why := whyNoOrderRead(row); why != "" {
		return why
	}
	return row.Item.Order.WhyNotRenewed()
}

// WhyNoReplace is why a row's certificate can't be replaced; "" when it can.
func WhyNoReplace(caps backend.Capabilities, row view.Row) string {
	if caps.Replace == nil {
		return cant(caps.ReplaceWhy)
	}
	if why := whyNoOrderRead(row); why != "" {
		return why
	}
	if why := row.Item.Order.WhyNotReplaced(); why != "" {
		return why
	}
	if row.Item.Certificate.Serial == "" {
		return "its serial number was not read yet; enter opens and reads it"
	}
	return ""
}
