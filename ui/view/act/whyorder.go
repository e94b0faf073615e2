package act

import (
	"certty/model"
	"certty/ui/view"
)

const (
	notRead    = "its status was not read yet; c reads it"
	noID       = "the account has no id of it yet"
	noShelf    = "the local repository is not open"
	hiddenHere = "it is deleted here: u shows it again"
)

// whyNoOrder is why nothing can be done with the account's order of a row.
func whyNoOrder(row view.Row) string {
	switch o := row.Item.Order; {
	case o == nil || o.ID == "":
		return noID
	case row.Item.Hidden():
		return hiddenHere
	case o.Status == "":
		return notRead
	}
	return ""
}

func whyNoCheck(t view.Target, row view.Row) string {
	switch {
	case t.Capabilities.Read == nil:
		return cant(t.Capabilities.ReadWhy)
	case row.Item.Order == nil:
		return noID
	}
	return ""
}

func whyNoPlace(t view.Target, row view.Row) string {
	switch {
	case t.Capabilities.Order == nil:
		return cant(t.Capabilities.OrderWhy)
	case t.Repository == nil:
		return noShelf
	}
	return row.Item.WhyNotPlaced()
}

func whyNoFind(t view.Target, row view.Row) string {
	if t.Repository == nil {
		return noShelf
	}
	return row.Item.WhyNotMissing()
}

func whyNoDecide(t view.Target, row view.Row) string {
	if t.Repository == nil {
		return noShelf
	}
	return row.Item.WhyNoDoubt()
}

func whyNoApprove(t view.Target, row view.Row) string {
	if t.Capabilities.Approve == nil {
		return cant(t.Capabilities.ApproveWhy)
	}
	if why := whyNoOrder(row); why != "" {
		return why
	}
	return row.Item.Order.WhyNotApproved()
}

func whyNoValidation(t view.Target, row view.Row) string {
	if t.Capabilities.Validation == nil {
		return cant(t.Capabilities.ValidationWhy)
	}
	if why := whyNoOrder(row); why != "" {
		return why
	}
	return row.Item.Order.WhyNotValidated()
}

func whyNoCollect(t view.Target, row view.Row) string {
	switch {
	case t.Capabilities.Collect == nil:
		return cant(t.Capabilities.CollectWhy)
	case t.Repository == nil:
		return noShelf
	}
	if why := whyNoOrder(row); why != "" {
		return why
	}
	return row.Item.WhyNotCollected()
}

func whyNoKeystore(t view.Target, row view.Row) string {
	switch {
	case t.Repository == nil:
		return noShelf
	case row.Item.Hidden():
		return hiddenHere
	}
	return row.Item.WhyNoKeystore()
}

func whyNoDeliver(t view.Target, row view.Row) string {
	switch {
	case t.Repository == nil:
		return noShelf
	case row.Item.Hidden():
		return hiddenHere
	}
	return row.Item.WhyNotDelivered()
}

// whyNoCancelOrder lets those go that can't be stopped: their card says so, and
// waits for the certificate where somebody wants that.
func whyNoCancelOrder(t view.Target, row view.Row) string {
	if t.Capabilities.Cancel == nil {
		return cant(t.Capabilities.CancelWhy)
	}
	if o, r := row.Item.Order, row.Item.Record; o == nil && r != nil {
		if r.Step == model.StepPrepared || r.Step == model.StepRefused {
			return "nothing was ordered: D deletes it here"
		}
		return model.Unsettled
	}
	if why := whyNoOrder(row); why != "" {
		return why
	}
	switch o := row.Item.Order; o.Phase {
	case model.OrderRequested, model.OrderApproved, model.OrderApplied, model.OrderIssued:
		return ""
	default:
		if o.Imported() {
			return ""
		}
		return t.Capabilities.Cancel.PlanCancel(row.Item).Effect
	}
}

func whyNoRevoke(t view.Target, row view.Row) string {
	if t.Capabilities.Revoke == nil {
		return cant(t.Capabilities.RevokeWhy)
	}
	if why := whyNoOrder(row); why != "" {
		return why
	}
	if why := row.Item.WhyNotRevoked(); why != "" {
		return why
	}
	if row.Item.Certificate.Serial == "" {
		return "its serial number was not read yet; c reads it"
	}
	return ""
}

func whyNoDeleteHere(t view.Target, row view.Row) string {
	switch {
	case t.Repository == nil:
		return noShelf
	case row.Item.Hidden():
		return "it is deleted here already: u shows it again"
	}
	return row.Item.WhyNotHidden()
}

func whyNoRestoreHere(t view.Target, row view.Row) string {
	switch {
	case t.Repository == nil:
		return noShelf
	case !row.Item.Hidden():
		return "it is not deleted here"
	}
	return ""
}

// whyNoChain is why the chain of an order can't be written to a file.
func whyNoChain(t view.Target, row view.Row) string {
	if t.Repository == nil {
		return noShelf
	}
	return row.Item.WhyNoChain()
}
