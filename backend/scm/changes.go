package scm

import (
	"context"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"certty/model"
)

// openStatuses are the statuses whose orders are listed to see what moved, in
// the order in which an order passes through them: one that moves on while the
// lists are read stands in the next one. "SA Approved" is spelt in two ways and
// refused in the other, so such orders are in no list that is asked for.
var openStatuses = []string{"Requested", "Approved", "Applied"}

// overlap is how far a report of news reaches back behind the last sweep:
// reports lag, and their dates may be days of another zone.
const overlap = 24 * time.Hour

// furthest is how far back news are looked for at most.
const furthest = 31 * 24 * time.Hour

// Changes reads the orders that are open, those that were issued or revoked
// since the last sweep, and those that left the open ones: a list for each open
// status and three reports, and the details of single orders.
//
// An order that a list shows in the status that is known is told as it is known:
// the list proves that this is how it stands.
func (b *Backend) Changes(ctx context.Context, known *model.Snapshot) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		c := changes{backend: b, known: known, yield: yield, listed: map[string]model.OrderPhase{}, told: map[string]bool{}}
		if err := c.read(ctx); err != nil && !c.stopped {
			yield(orderPage(b.now()), err)
		}
	}
}

// changes is one look at what changed.
type changes struct {
	backend *Backend
	known   *model.Snapshot
	yield   func(model.Page, error) bool
	// listed is the phase in whose list an order stands.
	listed map[string]model.OrderPhase
	// told are the orders that were yielded as they stand now.
	told    map[string]bool
	stopped bool
}

func (c *changes) tell(p model.Page) bool {
	for i := range p.Items {
		c.told[p.Items[i].Ref.Key] = true
	}
	if !c.stopped && len(p.Items) > 0 {
		c.stopped = !c.yield(p, nil)
	}
	return !c.stopped
}

func (c *changes) read(ctx context.Context) error {
	for _, status := range openStatuses {
		if err := c.list(ctx, status); err != nil || c.stopped {
			return err
		}
	}
	if err := c.reports(ctx); err != nil || c.stopped {
		return err
	}
	return c.backend.single(ctx, c.lacking(), c.tell)
}

// list reads the orders of a status and tells those that were known to stand
// there.
func (c *changes) list(ctx context.Context, status string) error {
	w := c.backend.walk(opList, c.backend.accountRef(), "ssl/v1", url.Values{"status": {status}}, orderKey)
	phase := model.ParseOrderPhase(status)
	for !w.ended {
		rows, a, err := w.next(ctx)
		if err != nil {
			return err
		}
		page := orderPage(a.at)
		for _, raw := range rows {
			key := orderKey(raw)
			c.listed[key] = phase
			if it := c.known.Get(key); it != nil && it.Order != nil && it.Order.Phase == phase && !it.RequestReadAt.IsZero() {
				page.Items = append(page.Items, model.Item{Ref: it.Ref, Order: it.Order.Clone(), Certificate: it.Certificate})
			}
		}
		if !c.tell(page) {
			return nil
		}
	}
	return nil
}

// reports reads what was requested, issued and revoked since the last sweep.
// Where reports are refused the details have to do.
func (c *changes) reports(ctx context.Context) error {
	now := c.backend.now()
	from := now.Add(-furthest)
	if swept := c.known.SweptAt().Add(-overlap); swept.After(from) {
		from = swept
	}
	for _, by := range []attribute{byRequest, byIssuance, byRevocation} {
		items, at, err := c.backend.report(ctx, opReport, by, from, now.Add(overlap))
		if err != nil {
			if endsAll(err) {
				return err
			}
			c.backend.log.InfoContext(ctx, "saw no news of reports", "target", c.backend.info.Name, "error", err)
			return nil
		}
		// A report lags behind the lists: what it says of an order that stands
		// in another list by now is not news.
		items = slices.DeleteFunc(items, func(it model.Item) bool {
			phase, listed := c.listed[it.Ref.Key]
			return c.told[it.Ref.Key] || listed && phase != it.Order.Phase
		})
		if !c.tell(orderPage(at, items...)) {
			return nil
		}
	}
	return nil
}

// lacking are the orders that have to be read one by one: those in a list that
// nothing else told of, and those that stood in a list and do so no more.
func (c *changes) lacking() []int {
	var ids []int
	add := func(key string) {
		if id, err := strconv.Atoi(key); err == nil && !c.told[key] {
			ids = append(ids, id)
		}
	}
	for key := range c.listed {
		add(key)
	}
	for _, it := range c.known.Items() {
		_, listed := c.listed[it.Ref.Key]
		if !listed && it.Order != nil && hasList(it.Order) {
			add(it.Ref.Key)
		}
	}
	return ids
}

// hasList reports whether an order stands in one of the lists while its status is
// what it was. Of one in another open status, or a status that nobody knows, the
// lists say nothing: whoever polls reads those when their answers get old.
func hasList(o *model.Order) bool {
	return slices.ContainsFunc(openStatuses, func(status string) bool {
		return strings.EqualFold(strings.TrimSpace(o.Status), status)
	})
}

// newestFirst sorts ids so that the last ones given out come first.
func newestFirst(ids []int) {
	slices.Sort(ids)
	slices.Reverse(ids)
}
