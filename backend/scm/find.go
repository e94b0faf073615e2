package scm

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"certty/backend"
	"certty/model"
)

// aDay is by how much the account's days may differ from ours.
const aDay = 24 * time.Hour

// FindOrders looks for orders by the reference in their comments: in the report
// of those requested from a day before to a day after, and, because reports lag,
// among those that the list has under the name. Only one of the two may fail.
// Namesakes were requested a day before the trace's last moment, or since.
func (b *Backend) FindOrders(ctx context.Context, trace model.OrderTrace) (backend.FoundOrders, error) {
	ref := b.accountRef()
	ref.Key = trace.Reference
	if trace.Reference == "" {
		return backend.FoundOrders{}, invalid(opFind, ref, "a reference is needed to find an order by")
	}
	from, to := trace.Sent.Add(-aDay), trace.Sent.Add(aDay)
	if trace.Until.After(trace.Sent) {
		to = trace.Until.Add(aDay)
	}
	carrying, namesakes := map[string]model.Order{}, map[string]model.Order{}
	take := func(items []model.Item) {
		for _, it := range items {
			switch {
			case it.Order.Carries(trace.Reference):
				carrying[it.Ref.Key] = *it.Order
			case isNamesake(it.Order, trace):
				namesakes[it.Ref.Key] = *it.Order
			}
		}
	}
	items, _, reportErr := b.report(ctx, opFind, byRequest, from, to)
	if reportErr != nil && endsAll(reportErr) {
		return backend.FoundOrders{}, about(reportErr, ref)
	}
	take(items)
	known := map[string]bool{}
	for _, it := range items {
		known[it.Ref.Key] = true
	}
	named, listErr := b.named(ctx, trace.CommonName, from, known)
	take(named)
	switch {
	case listErr != nil && (reportErr != nil || endsAll(listErr)):
		return backend.FoundOrders{}, about(listErr, ref)
	case listErr != nil:
		b.log.InfoContext(ctx, "looked for an order in the report only", "target", b.info.Name, "error", listErr)
	}
	return backend.FoundOrders{Carrying: newestOrders(carrying), Namesakes: newestOrders(namesakes)}, nil
}

// newestOrders lists orders, the last one that was given out first.
func newestOrders(found map[string]model.Order) []model.Order {
	out := slices.Collect(maps.Values(found))
	slices.SortFunc(out, func(x, y model.Order) int {
		i, _ := strconv.Atoi(x.ID)
		j, _ := strconv.Atoi(y.ID)
		return j - i
	})
	return out
}

// isNamesake reports whether an order is for the name of a trace, may end in a
// certificate or has, and was requested within a day before it. Details tell no
// more than the day, of whatever time zone.
func isNamesake(o *model.Order, trace model.OrderTrace) bool {
	last := trace.Sent
	if trace.Until.After(last) {
		last = trace.Until
	}
	since := last.Add(-aDay)
	if o.Requested.Equal(o.Requested.Truncate(aDay)) {
		since = since.Add(-aDay)
	}
	return strings.EqualFold(o.CommonName, trace.CommonName) && (o.Phase.Open() || o.Phase == model.OrderIssued) && o.Requested.After(since)
}

// named reads the orders of a name that were requested after a moment, without
// those that are known. Ids are given out in order, so once every one of a
// handful is older, so is the rest.
func (b *Backend) named(ctx context.Context, name string, from time.Time, known map[string]bool) ([]model.Item, error) {
	if name == "" {
		return nil, invalid(opFind, b.accountRef(), "without a common name the list can't be searched")
	}
	w := b.walk(opFind, b.accountRef(), "ssl/v1", url.Values{"commonName": {name}}, orderKey)
	rows, err := w.all(ctx)
	if err != nil {
		return nil, err
	}
	var ids []int
	for _, raw := range rows {
		if key := orderKey(raw); !known[key] {
			if id, err := strconv.Atoi(key); err == nil {
				ids = append(ids, id)
			}
		}
	}
	newestFirst(ids)
	var items []model.Item
	for handful := range slices.Chunk(ids, 2*parallel) {
		older := 0
		for o := range fan(ctx, handful, func(ctx context.Context, id int) (model.Item, error) {
			item, _, err := b.details(ctx, opFind, b.row(id))
			return item, err
		}) {
			switch {
			case o.err == nil:
				items = append(items, o.out)
				// Details tell the day only.
				if requested := o.out.Order.Requested; !requested.IsZero() && requested.Before(from.Add(-aDay)) {
					older++
				}
			case backend.KindOf(o.err) == backend.KindNotFound:
			default:
				return items, o.err
			}
		}
		if older == len(handful) {
			break
		}
	}
	return items, nil
}

// about gives an error the ref of what was asked for.
func about(err error, ref model.Ref) error {
	return asCall(call{op: opFind, ref: ref}, err)
}
