package scm

import (
	"context"
	"net/http"
	"strconv"

	"certty/backend"
	"certty/model"
)

// PlanCancel says what is left of cancelling an order: SCM has no such call, and
// what comes near depends on how far the order is.
func (b *Backend) PlanCancel(item *model.Item) backend.CancelPlan {
	o := item.Order
	plan := func(way backend.CancelWay, effect string) backend.CancelPlan {
		return backend.CancelPlan{Way: way, Effect: effect}
	}
	impossible := func(why string) backend.CancelPlan { return plan(backend.CancelImpossible, why) }
	switch {
	case o == nil || o.ID == "":
		return impossible("The account does not have this order yet.")
	case o.Phase == model.OrderUnknown && o.Status == "":
		return impossible("It is not known yet how the order stands.")
	case o.Imported():
		return plan(backend.CancelDelete, "The account's record of this imported certificate is deleted. The certificate itself stays valid.")
	}
	switch o.Phase {
	case model.OrderRequested:
		return plan(backend.CancelDecline, "The order is declined, as an administrator would decline it. If somebody approves it in the same moment it goes on.")
	case model.OrderApproved, model.OrderApplied:
		return impossible("SCM can't stop an order that was approved. Watch it, and revoke the certificate when it is issued.")
	case model.OrderIssued:
		return plan(backend.CancelRevoke, "The certificate is issued; only revoking it is left, and that can't be undone.")
	case model.OrderDeclined, model.OrderRejected, model.OrderInvalid:
		return impossible("The order was refused; there is nothing left to cancel. It can be hidden here.")
	case model.OrderRevoked, model.OrderExpired, model.OrderReplaced:
		return impossible("The certificate is not in use any more; there is nothing left to cancel.")
	default:
		return impossible("What the order's status \"" + o.Status + "\" means is not known, so it is left alone.")
	}
}

// cancelMessage goes with an order that is declined in place of being cancelled.
const cancelMessage = "Cancelled by whoever ordered it"

// Cancel reads the order again and does what PlanCancel promised, where that is
// declining or deleting. Anything else is a State error of StateTooLate, and
// nothing is sent.
func (b *Backend) Cancel(ctx context.Context, ref model.Ref) (backend.Change, error) {
	if b.info.ReadOnly {
		return backend.Change{}, readOnly(call{op: opCancel, ref: ref})
	}
	item, _, err := b.details(ctx, opCancel, ref)
	if err != nil {
		return backend.Change{}, err
	}
	if ref.Revision != "" {
		if err := sameCertificate(opCancel, ref, item); err != nil {
			return backend.Change{}, err
		}
	}
	switch plan := b.PlanCancel(&item); plan.Way {
	case backend.CancelDecline:
		return b.decide(ctx, opCancel, "decline", ref, cancelMessage)
	case backend.CancelDelete:
		return b.deleteRecord(ctx, ref)
	default:
		return backend.Change{}, &backend.Error{
			Kind: backend.KindState, State: backend.StateTooLate, Op: opCancel, Ref: ref,
			Message: "the order is " + item.Order.Status + ". " + plan.Effect,
		}
	}
}

// deleteRecord deletes what the account knows of a certificate that was imported
// or discovered (SCM REST API, "Delete SSL certificate"). There is no news in its
// place: the next sweep does not list it.
func (b *Backend) deleteRecord(ctx context.Context, ref model.Ref) (backend.Change, error) {
	id, err := orderID(opCancel, ref)
	if err != nil {
		return backend.Change{}, err
	}
	_, err = b.do(ctx, call{
		op: opCancel, ref: ref, method: http.MethodDelete, path: "ssl/v1/" + strconv.Itoa(id),
		want: http.StatusNoContent, changes: true,
	})
	return backend.Change{}, err
}
