package scm

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"certty/backend"
	"certty/model"
)

// orderID is the account's id of the order that ref names. A row that was made
// here and has none yet can't be asked for.
func orderID(op string, ref model.Ref) (int, error) {
	id, err := strconv.Atoi(ref.Key)
	if err != nil || id <= 0 || strconv.Itoa(id) != ref.Key {
		return 0, &backend.Error{Kind: backend.KindNotFound, Op: op, Ref: ref, Message: "the account has no id for this order"}
	}
	return id, nil
}

// Read reads an order with its certificate (SCM REST API, "Get SSL certificate
// details"). That of one which waits for the CA comes with the log of its
// validation.
func (b *Backend) Read(ctx context.Context, ref model.Ref) (model.Page, error) {
	item, at, err := b.details(ctx, opRead, ref)
	if err != nil {
		return model.Page{}, err
	}
	if item.Order.Phase == model.OrderApplied {
		v, err := b.Validation(ctx, ref)
		switch {
		case err == nil:
			item.Order.Validation = &v
		case endsAll(err):
			return model.Page{}, err
		default:
			// The order stands; why it waits can't be told.
			item.Order.Validation = &model.OrderValidation{ReadAt: at, Trouble: err.Error()}
		}
	}
	return orderPage(at, item), nil
}

// details reads one order. Dates are asked for in a form that can't be mistaken;
// not every instance is known to heed that, so they are read by their shape.
func (b *Backend) details(ctx context.Context, op string, ref model.Ref) (model.Item, time.Time, error) {
	id, err := orderID(op, ref)
	if err != nil {
		return model.Item{}, time.Time{}, err
	}
	c := call{
		op: op, ref: ref, method: http.MethodGet, path: "ssl/v1/" + strconv.Itoa(id),
		query: url.Values{"dateFormat": {"ISO"}}, want: http.StatusOK,
	}
	a, err := b.do(ctx, c)
	if err != nil {
		return model.Item{}, a.at, err
	}
	if err := b.called.recall(ctx); err != nil {
		// The order is told without its organization's name, as without Known.
		b.log.WarnContext(ctx, "organizations are told by their ids", "target", b.info.Name, "error", err)
	}
	item, err := b.detailed(a.body)
	if err != nil {
		return model.Item{}, a.at, unreadable(c, a, err)
	}
	if item.Ref.Key != ref.Key {
		return model.Item{}, a.at, &backend.Error{
			Kind: backend.KindOther, Op: op, Ref: ref, Status: c.want, Message: "the answer is about order " + item.Ref.Key,
		}
	}
	return item, a.at, nil
}

// confirmed reads an order just before it is changed for good. Another serial
// number than the one that was confirmed means another certificate: nothing is
// sent then.
func (b *Backend) confirmed(ctx context.Context, op string, ref model.Ref) error {
	if b.info.ReadOnly {
		return readOnly(call{op: op, ref: ref})
	}
	if ref.Revision == "" {
		return invalid(op, ref, "the serial number of the certificate that is meant is needed")
	}
	item, _, err := b.details(ctx, op, ref)
	if err != nil {
		return err
	}
	return sameCertificate(op, ref, item)
}

// sameCertificate refuses an order whose certificate is not the one that ref
// means.
func sameCertificate(op string, ref model.Ref, item model.Item) error {
	now := item.Certificate.Serial
	if sameSerial(now, ref.Revision) {
		return nil
	}
	message := "the order has another certificate by now, with serial number " + now
	if now == "" {
		message = "the order has no certificate"
	}
	return &backend.Error{Kind: backend.KindGone, Op: op, Ref: ref, Message: message}
}

// readBack is the news after a change that was done. What can't be read back
// shows with the next look; the change stands.
func (b *Backend) readBack(ctx context.Context, op string, ref model.Ref) model.Page {
	ref.Revision = ""
	item, at, err := b.details(ctx, op, ref)
	if err != nil {
		b.log.InfoContext(ctx, "did not read the order back", "target", b.info.Name, "op", op, "order", ref.Key, "error", err)
		return model.Page{}
	}
	return orderPage(at, item)
}
