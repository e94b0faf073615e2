package vault

import (
	"context"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"

	"certty/backend"
	"certty/model"
)

// PlanCancel says what asking for cancellation would do. In Key Vault it is a
// request of its own: the service answers "in progress" and decides later.
func (v *Vault) PlanCancel(item *model.Item) backend.CancelPlan {
	r := item.Request
	impossible := func(why string) backend.CancelPlan {
		return backend.CancelPlan{Way: backend.CancelImpossible, Effect: why}
	}
	switch {
	case r == nil && item.RequestReadAt.IsZero():
		return impossible("It is not known yet whether there is a request.")
	case r == nil:
		return impossible("There is no request.")
	case r.Gone:
		return impossible("The vault no longer knows this request.")
	case r.Phase == model.PhaseCompleted:
		return impossible("The request is completed; its certificate is in the vault.")
	case r.Phase == model.PhaseCancelled:
		return impossible("The request is cancelled already.")
	case r.Phase == model.PhaseFailed:
		return impossible("The request has failed; there is nothing left to cancel.")
	case r.CancelAsked:
		return impossible("Cancellation was asked for already; the vault has not answered yet.")
	}
	effect := "The vault is asked to cancel the request. It stays in progress until the vault has answered, and may still complete."
	if !r.Manual() {
		effect += " An order at the issuer may go on."
	}
	return backend.CancelPlan{
		Way:    backend.CancelAsk,
		Effect: effect + " The certificate object and its name remain.",
	}
}

// Cancel asks for the cancellation of a request (Key Vault REST, "Update
// Certificate Operation"). The page holds the request as the service answers,
// which is still in progress.
func (v *Vault) Cancel(ctx context.Context, ref model.Ref) (backend.Change, error) {
	if err := v.confirm(ctx, opCancel, ref); err != nil {
		return backend.Change{}, err
	}
	c := call{op: opCancel, ref: ref, want: http.StatusOK, changes: true, query: requestFilter(ref)}
	a, err := v.do(ctx, c, func(ctx context.Context) error {
		_, err := v.client.UpdateCertificateOperation(ctx, ref.Key, azcertificates.UpdateCertificateOperationParameter{
			CancellationRequested: new(true),
		}, nil)
		return err
	})
	if err != nil {
		return backend.Change{}, err
	}
	r, err := v.answeredRequest(c, a)
	if err != nil {
		return backend.Change{}, err
	}
	return backend.Change{Page: v.requestPage(ref.Key, r, a.at), ServiceRequestID: a.serviceID()}, nil
}

// DeleteRequest deletes a request (Key Vault REST, "Delete Certificate
// Operation"), in whatever state it is. The page says that there is none.
func (v *Vault) DeleteRequest(ctx context.Context, ref model.Ref) (backend.Change, error) {
	if err := v.confirm(ctx, opDeleteRequest, ref); err != nil {
		return backend.Change{}, err
	}
	c := call{op: opDeleteRequest, ref: ref, want: http.StatusOK, changes: true, query: requestFilter(ref)}
	a, err := v.do(ctx, c, func(ctx context.Context) error {
		_, err := v.client.DeleteCertificateOperation(ctx, ref.Key, nil)
		return err
	})
	if err != nil {
		return backend.Change{}, err
	}
	if _, err := v.answeredRequest(c, a); err != nil {
		return backend.Change{}, err
	}
	return backend.Change{Page: v.requestPage(ref.Key, nil, a.at), ServiceRequestID: a.serviceID()}, nil
}

// confirm reads the request again just before it is changed. That the service
// honours request_id rests on its documents alone, so it is not left to the
// filter whose request is changed.
func (v *Vault) confirm(ctx context.Context, op string, ref model.Ref) error {
	if v.info.ReadOnly {
		return readOnly(call{op: op, ref: ref})
	}
	r, _, err := v.readRequest(ctx, op, ref)
	switch {
	case err != nil:
		return err
	case r == nil:
		return &backend.Error{Kind: backend.KindGone, Op: op, Ref: ref, Message: "the vault does not know this request any more"}
	}
	return nil
}

// answeredRequest decodes the request that a change answers with. Should it be
// another one than was meant, the service has ignored the filter in the moment
// between reading and changing.
func (v *Vault) answeredRequest(c call, a answer) (*model.Request, error) {
	r, err := decodeOperation(a.header, a.body, a.at)
	if err != nil {
		return nil, unreadable(c, a, err)
	}
	if replaced(c.ref, r) {
		return nil, &backend.Error{
			Kind: backend.KindPartial, Op: c.op, Ref: c.ref, Status: c.want, RequestID: a.serviceID(),
			Message: "the service applied it to request " + r.ID + ", which had replaced this one a moment before",
		}
	}
	return r, nil
}
