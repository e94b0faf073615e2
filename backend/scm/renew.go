package scm

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"certty/backend"
	"certty/model"
)

// renewRequest is the body of a renewal (SCM OpenAPI, RenewInfo). Without a CSR
// the old one is used again, and so the old key.
type renewRequest struct {
	CSR string `json:"csr,omitempty"`
	dcvRequest
}

// Renew orders a successor (SCM REST API, "Renew SSL certificate by SSL id"),
// which has an id of its own. It is sent once.
func (b *Backend) Renew(ctx context.Context, ref model.Ref, spec model.RenewSpec) (backend.Change, error) {
	id, err := orderID(opRenew, ref)
	if err != nil {
		return backend.Change{}, err
	}
	if wrong := checkDCV(spec.DCV); wrong != "" {
		return backend.Change{}, invalid(opRenew, ref, wrong)
	}
	request := renewRequest{dcvRequest: dcvOf(spec.DCV)}
	if len(spec.CSR) > 0 {
		request.CSR = csrPEM(spec.CSR)
	}
	c := call{
		op: opRenew, ref: ref, method: http.MethodPost, path: "ssl/v1/renewById/" + strconv.Itoa(id),
		body: request, want: http.StatusOK, changes: true,
	}
	successor, a, err := b.place(ctx, c)
	if err != nil {
		return backend.Change{}, err
	}
	page := orderPage(time.Time{})
	for _, ref := range []model.Ref{ref, b.row(successor)} {
		read := b.readBack(ctx, opRenew, ref)
		if len(read.Items) == 0 {
			// The order is placed, whatever can be read of it: its id is the news.
			page = model.Page{Fields: model.FieldListing, AsOf: a.at, Items: []model.Item{
				{Ref: b.row(id), Order: &model.Order{ID: strconv.Itoa(id)}},
				{Ref: b.row(successor), Order: &model.Order{ID: strconv.Itoa(successor)}},
			}}
			break
		}
		page.AsOf = read.AsOf
		page.Items = append(page.Items, read.Items...)
	}
	return backend.Change{Page: page}, nil
}

// FindRenewal looks for the order that renewed ref's. The old order tells that
// it was renewed and not by which: it is the one with the same name that was
// requested at that time. Two that could be it are an error of KindConflict, and
// none that can be seen yet is one of KindNotFound.
func (b *Backend) FindRenewal(ctx context.Context, ref model.Ref) (*model.Order, error) {
	old, _, err := b.details(ctx, opFindRenewal, ref)
	if err != nil || !old.Order.Renewed {
		return nil, err
	}
	oldID, err := orderID(opFindRenewal, ref)
	if err != nil {
		return nil, err
	}
	candidates, err := b.successors(ctx, ref, old.Order, oldID)
	switch {
	case err != nil:
		return nil, err
	case len(candidates) == 1:
		return &candidates[0], nil
	case len(candidates) == 0:
		return nil, &backend.Error{Kind: backend.KindNotFound, Op: opFindRenewal, Ref: ref, Message: "the order counts as renewed, and its successor is not to be seen yet"}
	}
	ids := make([]string, len(candidates))
	for i, o := range candidates {
		ids[i] = o.ID
	}
	return nil, &backend.Error{
		Kind: backend.KindConflict, Op: opFindRenewal, Ref: ref,
		Message: fmt.Sprintf("any of these orders could be its successor: %s", strings.Join(ids, ", ")),
	}
}

// successors are the orders that could have renewed an order.
func (b *Backend) successors(ctx context.Context, ref model.Ref, old *model.Order, oldID int) ([]model.Order, error) {
	now := b.now()
	from, to := now.Add(-7*aDay), now.Add(aDay)
	if at := old.RenewedAt; !at.IsZero() {
		// It tells the day only.
		from, to = at.Add(-aDay), at.Add(2*aDay)
	}
	items, _, err := b.report(ctx, opFindRenewal, byRequest, from, to)
	if err != nil && endsAll(err) {
		return nil, asCall(call{op: opFindRenewal, ref: ref}, err)
	}
	known := map[string]bool{strconv.Itoa(oldID): true}
	for _, it := range items {
		known[it.Ref.Key] = true
	}
	named, listErr := b.named(ctx, old.CommonName, from, known)
	if listErr != nil && (err != nil || endsAll(listErr)) {
		return nil, asCall(call{op: opFindRenewal, ref: ref}, listErr)
	}
	var out []model.Order
	for _, it := range append(items, named...) {
		id, err := strconv.Atoi(it.Ref.Key)
		if err == nil && id > oldID && isSuccessor(it.Order, old, from, to) {
			out = append(out, *it.Order)
		}
	}
	return out, nil
}

// isSuccessor reports whether o could have renewed old.
func isSuccessor(o, old *model.Order, from, to time.Time) bool {
	sameName := strings.EqualFold(o.CommonName, old.CommonName)
	sameOrganization := o.OrganizationID == old.OrganizationID || o.OrganizationID == 0 || old.OrganizationID == 0
	// An order with a reference of its own was placed as a new one.
	ordered := strings.HasPrefix(o.Comments, model.ReferencePrefix) && o.Comments != old.Comments
	inTime := o.Requested.IsZero() || !o.Requested.Before(from) && !o.Requested.After(to)
	return sameName && sameOrganization && inTime && !ordered
}
