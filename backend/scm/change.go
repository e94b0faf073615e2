package scm

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"certty/backend"
	"certty/model"
)

// replaceRequest has a certificate issued anew (SCM OpenAPI, ReplaceRequest).
// Here the names are an array.
type replaceRequest struct {
	CSR        string   `json:"csr"`
	Reason     string   `json:"reason"`
	CommonName string   `json:"commonName"`
	Names      []string `json:"subjectAlternativeNames"`
	dcvRequest
}

// Replace has another certificate issued under the order (SCM REST API, "Replace
// SSL certificate"). The answer tells nothing: the new certificate comes later,
// and until then the old one is what can be collected.
func (b *Backend) Replace(ctx context.Context, ref model.Ref, spec model.ReplaceSpec) (backend.Change, error) {
	if wrong := checkMessage("a reason", spec.Reason); wrong != "" {
		return backend.Change{}, invalid(opReplace, ref, wrong)
	}
	if len(spec.CSR) == 0 {
		return backend.Change{}, invalid(opReplace, ref, "a certificate request (CSR) is needed")
	}
	if wrong := checkDCV(spec.DCV); wrong != "" {
		return backend.Change{}, invalid(opReplace, ref, wrong)
	}
	if err := b.confirmed(ctx, opReplace, ref); err != nil {
		return backend.Change{}, err
	}
	names := spec.SANs
	if names == nil {
		names = []string{}
	}
	return b.change(ctx, opReplace, ref, "replace", replaceRequest{
		CSR: csrPEM(spec.CSR), Reason: spec.Reason, CommonName: spec.CommonName, Names: names, dcvRequest: dcvOf(spec.DCV),
	})
}

// revokeRequest revokes (SCM OpenAPI, RevokeRequest). The code is a text: so the
// newer documents want it, and the older service reads it so.
type revokeRequest struct {
	Code   string `json:"reasonCode"`
	Reason string `json:"reason"`
}

// Revoke revokes the certificate at the CA (SCM REST API, "Revoke SSL
// certificate"), after the order was read again: the serial number must be the
// one that was confirmed.
func (b *Backend) Revoke(ctx context.Context, ref model.Ref, revocation model.Revocation) (backend.Change, error) {
	if wrong := checkMessage("a reason in words", revocation.Message); wrong != "" {
		return backend.Change{}, invalid(opRevoke, ref, wrong)
	}
	if !slices.Contains(model.RevocationReasons(), revocation.Reason) {
		return backend.Change{}, invalid(opRevoke, ref, fmt.Sprintf("SCM does not take reason %d", int(revocation.Reason)))
	}
	if err := b.confirmed(ctx, opRevoke, ref); err != nil {
		return backend.Change{}, err
	}
	return b.change(ctx, opRevoke, ref, "revoke", revokeRequest{
		Code: strconv.Itoa(int(revocation.Reason)), Reason: revocation.Message,
	})
}

// messageRequest is the body of an approval and of a refusal.
type messageRequest struct {
	Message string `json:"message"`
}

// Approve lets an order go on to the CA (SCM REST API, "Approve SSL
// certificate").
func (b *Backend) Approve(ctx context.Context, ref model.Ref, message string) (backend.Change, error) {
	return b.decide(ctx, opApprove, "approve", ref, message)
}

// Decline refuses an order (SCM REST API, "Decline SSL certificate").
func (b *Backend) Decline(ctx context.Context, ref model.Ref, message string) (backend.Change, error) {
	return b.decide(ctx, opDecline, "decline", ref, message)
}

func (b *Backend) decide(ctx context.Context, op, verb string, ref model.Ref, message string) (backend.Change, error) {
	if wrong := checkMessage("a message", message); wrong != "" {
		return backend.Change{}, invalid(op, ref, wrong)
	}
	change, err := b.change(ctx, op, ref, verb, messageRequest{message})
	if backend.IsState(err, backend.StateTooLate) {
		err = b.whereItStands(ctx, op, ref, err)
	}
	return change, err
}

// whereItStands adds to a refusal that came too late how the order stands now:
// somebody else decided in the same moment.
func (b *Backend) whereItStands(ctx context.Context, op string, ref model.Ref, refused error) error {
	e := *refused.(*backend.Error) //nolint:errorlint // do gives nothing else
	if item, _, err := b.details(ctx, op, ref); err == nil {
		e.Message += "; it is " + item.Order.Status + " now"
	}
	return &e
}

// change makes a call on an order that answers with nothing, and reads the order
// back.
func (b *Backend) change(ctx context.Context, op string, ref model.Ref, verb string, body any) (backend.Change, error) {
	id, err := orderID(op, ref)
	if err != nil {
		return backend.Change{}, err
	}
	c := call{
		op: op, ref: ref, method: http.MethodPost, path: "ssl/v1/" + verb + "/" + strconv.Itoa(id),
		body: body, want: http.StatusNoContent, changes: true,
	}
	if _, err := b.do(ctx, c); err != nil {
		return backend.Change{}, err
	}
	return backend.Change{Page: b.readBack(ctx, op, ref)}, nil
}
