package model

import (
	"slices"
	"strings"
)

// WhyNotApproved is why nobody can approve or decline the order; "" when
// somebody can.
func (o *Order) WhyNotApproved() string {
	if o.Phase != OrderRequested {
		return "it does not wait for approval: " + o.stands()
	}
	return ""
}

// WhyNotValidated is why the order waits for no validation; "" when it may.
func (o *Order) WhyNotValidated() string {
	if !o.Phase.Open() {
		return "it does not wait for validation: " + o.stands()
	}
	return ""
}

// WhyNotRenewed is why the order can't be renewed; "" when it can.
func (o *Order) WhyNotRenewed() string {
	switch {
	case o.Renewed:
		return "another order renewed it already"
	case o.Phase == OrderRevoked:
		return "the certificate is revoked: make a new order"
	case !o.Phase.Certified():
		return "nothing was issued for this order yet"
	case o.Phase == OrderReplaced:
		return "another certificate took its place"
	}
	return ""
}

// WhyNotReplaced is why the certificate of the order can't be replaced; "" when it
// can.
func (o *Order) WhyNotReplaced() string {
	if o.Phase != OrderIssued {
		return "only an issued certificate can be replaced: " + o.stands()
	}
	return ""
}

// stands says how an order stands, for a reason.
func (o *Order) stands() string { return "the order is " + o.Status }

// WhyNotRevoked is why the certificate of an order that was read can't be
// revoked; "" when it can.
func (it *Item) WhyNotRevoked() string {
	switch o := it.Order; {
	case o.Phase == OrderRevoked:
		return "it is revoked already"
	case o.Phase != OrderIssued:
		return "only an issued certificate can be revoked: " + o.stands()
	}
	return ""
}

// WhyNotCollected is why the certificate of an order that was read can't be
// collected into the local repository; "" when it can. With trouble it can be once
// more: its chain may have come in part.
func (it *Item) WhyNotCollected() string {
	switch o, r := it.Order, it.Record; {
	case r == nil:
		return NotHeld
	case o.Phase == OrderRevoked:
		return "it is revoked, and SCM does not hand it out any more"
	case !o.Phase.Certified():
		return "nothing was issued yet: " + o.stands()
	case r.ChainSerial != "" && r.ChainSerial == it.Certificate.Serial && r.Trouble == "":
		return "it is here already"
	}
	return ""
}

// WhyNoChain is why nothing can be written of the certificate that was collected
// for an order; "" when something can.
func (it *Item) WhyNoChain() string {
	switch r := it.Record; {
	case r == nil:
		return NotHeld
	case r.ChainSerial == "":
		return "its certificate was not collected yet"
	}
	return ""
}

// WhyNotDelivered is why there is nothing to decide about the key of an order's
// certificate; "" when it is held back.
func (it *Item) WhyNotDelivered() string {
	switch r := it.Record; {
	case r == nil:
		return NotHeld
	case r.Files == FilesDue:
		return "its files are written by itself as soon as they can be"
	case r.Files == FilesWaiting:
		return "its files are written together with its keystore, which waits for its password"
	case r.Files != FilesWithheld:
		return "no certificate is held back"
	}
	return ""
}

// WhyNoKeystore is why no keystore can be made for an order; "" when one can.
func (it *Item) WhyNoKeystore() string {
	switch r := it.Record; {
	case r == nil:
		return NotHeld
	case !r.KeyHeld:
		return "its private key was not made here"
	case r.Files == FilesWithheld:
		return "its certificate is held back: it is for none of the keys of this order"
	}
	return it.WhyNoChain()
}

// WhyNotPlaced is why an order can't be sent; "" for one that was prepared here.
func (it *Item) WhyNotPlaced() string {
	switch r := it.Record; {
	case it.Order != nil || r == nil:
		return "it was placed already"
	case r.Step == StepRefused:
		return "it was refused; order again with what you typed"
	case r.Step != StepPrepared:
		return Unsettled
	}
	return ""
}

// WhyNotMissing is why nobody looks for an order at the account; "" when its
// answer was lost.
func (it *Item) WhyNotMissing() string {
	if r := it.Record; r == nil || r.Step != StepSending && r.Step != StepUndecided {
		return "it is not missing"
	}
	return ""
}

// WhyNoDoubt is why there is nothing to decide about an order; "" when it is not
// known whether it was placed and it was looked for long enough, and where a
// person's word for it can be taken back.
func (it *Item) WhyNoDoubt() string {
	switch r := it.Record; {
	case r != nil && r.Decided:
		return ""
	case r != nil && r.Step == StepSending:
		return "it is looked for by itself for 20 minutes first"
	case !r.NeedsPerson():
		return "there is no doubt about it"
	}
	return ""
}

// WhyNotHidden is why an order can't be deleted here; "" when it can.
func (it *Item) WhyNotHidden() string {
	switch r := it.Record; {
	case r.NeedsPerson() || r != nil && r.Step == StepSending:
		return Unsettled + ", and nobody would look for it any more"
	case r == nil && it.Order == nil:
		return "the account has no id of it yet"
	}
	return ""
}

// Words for why something can't be done with an order.
const (
	// NotHeld: the local repository knows nothing of it.
	NotHeld = "it is at the account only; an import takes it into the local repository"
	// Unsettled: see [Item.WhyNoDoubt].
	Unsettled = "whether it was ordered is not settled"
)

// Description is the person's own part of the order's comments: what stands
// behind the reference, where it has one.
func (o *Order) Description() string {
	if first, rest, _ := strings.Cut(o.Comments, " "); strings.HasPrefix(first, ReferencePrefix) {
		return rest
	}
	return o.Comments
}

// Stands says in a sentence how far an order got from here.
func (r *Record) Stands() string {
	switch r.Step {
	case StepPrepared:
		return "It is written down and was not sent."
	case StepSending:
		return "It may have been placed; it is being looked for."
	case StepUndecided, StepDoubled:
		return "Whether it was placed waits for your decision."
	case StepRefused:
		return "SCM refused it."
	case StepUnreadable:
		return "What is held of it here can't be read."
	case StepPlaced:
		return "It is placed, and nothing was collected yet."
	case StepCollected:
		return "Its certificate is here."
	default:
		return ""
	}
}

// Lacking lists the names of want that are not among have, each once; case does
// not count.
func Lacking(have, want []string) []string {
	var out []string
	for _, name := range want {
		is := func(n string) bool { return strings.EqualFold(n, name) }
		if !slices.ContainsFunc(have, is) && !slices.ContainsFunc(out, is) {
			out = append(out, name)
		}
	}
	return out
}
