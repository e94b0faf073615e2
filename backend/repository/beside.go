package repository

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"certty/backend"
	"certty/model"
	"certty/model/timetext"
)

// AnyOrder stands for the ids of all orders, see [Manager.Place].
const AnyOrder = "*"

// aDay is what an account that tells days only tells of a moment.
const aDay = 24 * time.Hour

// alone refuses an order beside those for the same name that were not placed from
// here. A key that is made here has a reference of its own, so that of another
// machine's order tells nothing. The lists of the account lag: an order of the last
// minutes may be missed.
func (m *Manager) alone(ctx context.Context, h *backend.Holding, namesakes []model.Order, beside []string) (model.Record, error) {
	if len(namesakes) == 0 || slices.Contains(beside, AnyOrder) {
		return h.Record, nil
	}
	records, err := m.o.Shelf.Records(ctx, m.o.Target)
	if err != nil {
		return h.Record, fmt.Errorf("look which orders for %s were placed from here, nothing was sent: %w", h.Spec.CommonName, err)
	}
	strangers := slices.DeleteFunc(slices.Clone(namesakes), func(o model.Order) bool {
		return slices.ContainsFunc(records, func(r model.Record) bool { return ours(&r, &o) })
	})
	if !slices.ContainsFunc(strangers, func(o model.Order) bool { return !slices.Contains(beside, o.ID) }) {
		return h.Record, nil
	}
	var ids, said []string
	for i := range strangers {
		o := &strangers[i]
		ids = append(ids, o.ID)
		said = append(said, m.placedElsewhere(o))
	}
	refusal := &backend.Error{
		Kind: backend.KindConflict, Op: "order", Ref: m.ref(h.Record.Key),
		Message: "nothing was sent: the account has " + strings.Join(said, "; ") + ", not placed from here",
		Advice: &backend.Advice{
			Cause: "Somebody else ordered for the same name not long ago, on another machine or on SCM's own pages.",
			Next:  "Ask who it was. Place this order only if both are meant: it costs another certificate. Else delete it here.",
			Who:   model.ActorYou,
		},
	}
	var record model.Record
	err = m.o.Shelf.Change(ctx, m.o.Target, h.Record.Key, func(h *backend.Holding) error {
		if h.Record.Step != model.StepPrepared {
			return errMoved
		}
		h.Record.Namesakes, h.Record.Trouble = strings.Join(ids, ", "), oneLine(refusal)
		record = h.Record
		return nil
	})
	if err != nil {
		return h.Record, fmt.Errorf("order %s, nothing was sent: %w", h.Record.Key, err)
	}
	m.tell(record, "")
	return record, refusal
}

// ours reports whether an order of the account is the one of a record that was
// placed from here, or may be.
func ours(r *model.Record, o *model.Order) bool {
	return r.Key == o.ID && !r.Imported || o.Carries(r.Reference)
}

// placedElsewhere describes an order that somebody else placed.
func (m *Manager) placedElsewhere(o *model.Order) string {
	said := "order " + o.ID + " for " + o.CommonName + " (" + o.Status
	switch requested := o.Requested; {
	case requested.IsZero():
	case requested.Equal(requested.Truncate(aDay)):
		said += ", requested on " + timetext.Day(requested)
	default:
		said += ", requested " + timetext.Span(m.o.Now().Sub(requested)) + " ago"
	}
	if o.Requester != "" {
		said += " by " + o.Requester
	}
	return said + ")"
}
