package act

import (
	"certty/model"
	"certty/ui/view"
)

const (
	notRead    = "its status was not read yet; c reads it"
	noID       = "the account has no id of it yet"
	notHeld    = "it is at the account only; an import takes it into the local repository"
	noShelf    = "the local repository is not open"
	unsettled  = "whether it was ordered is not settled"
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

// standsAs says how an order stands, for a reason.
func standsAs(o *model.Order) string { return "the order is " + o.Status }

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
	switch r := row.Item.Record; {
	case t.Capabilities.Order == nil:
		return cant(t.Capabilities.OrderWhy)
	case t.Repository == nil:
		return noShelf
	case row.Item.Order != nil || r == nil:
		return "it was placed already"
	case r.Step == model.StepRefused:
		return "it was refused; order again with what you typed"
	case r.Step != model.StepPrepared:
		return unsettled
	}
	return ""
}

func whyNoFind(t view.Target, row view.Row) string {
	switch r := row.Item.Record; {
	case t.Repository == nil:
		return noShelf
	case r == nil || r.Step != model.StepSending && r.Step != model.StepUndecided:
		return "it is not missing"
	}
	return ""
}

func whyNoDecide(t view.Target, row view.Row) string {
	switch r := row.Item.Record; {
	case t.Repository == nil:
		return noShelf
	case r != nil && r.Step == model.StepSending:
		return "it is looked for by itself for 20 minutes first"
	case !r.NeedsPerson():
		return "there is no doubt about it"
	}
	return ""
}

func whyNoApprove(t view.Target, row view.Row) string {
	if t.Capabilities.Approve == nil {
		return cant(t.Capabilities.ApproveWhy)
	}
	if why := whyNoOrder(row); why != "" {
		return why
	}
	if o := row.Item.Order; o.Phase != model.OrderRequested {
		return "it does not wait for approval: " + standsAs(o)
	}
	return ""
}

func whyNoValidation(t view.Target, row view.Row) string {
	if t.Capabilities.Validation == nil {
		return cant(t.Capabilities.ValidationWhy)
	}
	if why := whyNoOrder(row); why != "" {
		return why
	}
	if o := row.Item.Order; !o.Phase.Open() {
		return "it does not wait for validation: " + standsAs(o)
	}
	return ""
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
	switch o, r := row.Item.Order, row.Item.Record; {
	case r == nil:
		return notHeld
	case o.Phase == model.OrderRevoked:
		return "it is revoked, and SCM does not hand it out any more"
	case !o.Phase.Certified():
		return "nothing was issued yet: " + standsAs(o)
	case r.ChainSerial != "" && r.ChainSerial == row.Item.Certificate.Serial:
		return "it is here already"
	}
	return ""
}

func whyNoKeystore(t view.Target, row view.Row) string {
	switch r := row.Item.Record; {
	case t.Repository == nil:
		return noShelf
	case r == nil:
		return notHeld
	case row.Item.Hidden():
		return hiddenHere
	case !r.KeyHeld:
		return "its private key was not made here"
	case r.ChainSerial == "":
		return "its certificate was not collected yet"
	}
	return ""
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
		return unsettled
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
	switch o := row.Item.Order; {
	case o.Phase == model.OrderRevoked:
		return "it is revoked already"
	case o.Phase != model.OrderIssued:
		return "only an issued certificate can be revoked: " + standsAs(o)
	case row.Item.Certificate.Serial == "":
		return "its serial number was not read yet; c reads it"
	}
	return ""
}

func whyNoDeleteHere(t view.Target, row view.Row) string {
	switch r := row.Item.Record; {
	case t.Repository == nil:
		return noShelf
	case row.Item.Hidden():
		return "it is deleted here already: u shows it again"
	case r.NeedsPerson() || r != nil && r.Step == model.StepSending:
		return unsettled + ", and nobody would look for it any more"
	case r == nil && row.Item.Order == nil:
		return noID
	}
	return ""
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
	switch r := row.Item.Record; {
	case t.Repository == nil:
		return noShelf
	case r == nil:
		return notHeld
	case r.ChainSerial == "":
		return "its certificate was not collected yet"
	}
	return ""
}
