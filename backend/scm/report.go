package scm

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// attribute is the date by which a report chooses its rows (SCM REST API, "SSL
// Certificates report", certificateDateAttribute).
type attribute string

// The dates that reports go by.
const (
	byRevocation attribute = "2"
	byExpiry     attribute = "3"
	byRequest    attribute = "4"
	byIssuance   attribute = "5"
)

// reportRequest is the body of a report's call. The numbers are sent as texts:
// so the newer documents want them, and the older service reads them so.
type reportRequest struct {
	From      string    `json:"from"`
	To        string    `json:"to"`
	Status    string    `json:"certificateStatus"`
	Attribute attribute `json:"certificateDateAttribute"`
}

// anyStatus asks for rows in every status.
const anyStatus = "0"

// isoTime is how reports want their dates.
const isoTime = "2006-01-02T15:04:05.000Z"

// report reads the orders whose date lies in a window.
func (b *Backend) report(ctx context.Context, op string, by attribute, from, to time.Time) ([]model.Item, time.Time, error) {
	c := call{
		op: op, ref: b.accountRef(), method: http.MethodPost, path: "report/v1/ssl-certificates",
		query: url.Values{"output_type": {"buffered"}}, want: http.StatusOK,
		body: reportRequest{
			From: from.UTC().Format(isoTime), To: to.UTC().Format(isoTime), Status: anyStatus, Attribute: by,
		},
	}
	a, err := b.do(ctx, c)
	if err != nil {
		return nil, a.at, err
	}
	var body struct {
		Status  num               `json:"statusCode"`
		Message str               `json:"message"`
		Rows    []json.RawMessage `json:"reports"`
	}
	if err := unmarshal(a.body, &body); err != nil {
		return nil, a.at, unreadable(c, a, err)
	}
	if body.Status != 0 {
		// The error is inside of a success.
		return nil, a.at, &backend.Error{
			Kind: backend.KindOther, Op: c.op, Ref: c.ref, Status: c.want, Code: fmt.Sprint(int(body.Status)),
			Message: text.Flat("the report failed: " + string(body.Message)),
		}
	}
	items := make([]model.Item, 0, len(body.Rows))
	for _, raw := range body.Rows {
		item, err := b.reported(raw)
		if err != nil {
			b.log.WarnContext(ctx, "passed over a row of a report", "target", b.info.Name, "error", err)
			continue
		}
		items = append(items, item)
	}
	return items, a.at, nil
}

// endsAll reports whether an error is one that every other call would meet as
// well, so that no other way is tried: it could lock the account, or waits for
// the network.
func endsAll(err error) bool {
	switch backend.KindOf(err) {
	case backend.KindAuth, backend.KindNetwork, backend.KindThrottled, backend.KindLocal:
		return true
	default:
		return false
	}
}
