package scm

import (
	"context"
	"iter"
	"strconv"
	"time"

	"certty/model"
)

// Limits of the reports of a sweep: with the 25 pages of a list of 5 000 orders
// they make less than 40 calls.
const (
	// requestYears is how many years back orders are asked for by the day of
	// their request, expiryYears how many years ahead the rest by that of their
	// expiry.
	requestYears = 8
	expiryYears  = 4
	// idleYears is how many years in a row may bring nothing new.
	idleYears = 2
)

// detailPage is how many orders that were read one by one make a page.
const detailPage = 25

// Sweep lists every order of the account, as far as this administrator sees
// them (SCM REST API, "List SSL certificates"). The list comes first, a page for
// each answer, with [model.FieldListing]; then pages of [model.FieldOrder] with
// status and dates: from reports by year, and one by one for orders that no
// report has, or where reports are refused. The last page carries the summary.
//
// A list that shifted while it was read is not complete. An order that can't be
// read alone keeps what the list told.
func (b *Backend) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		s := sweep{backend: b, yield: yield, lacking: map[string]bool{}}
		s.sum = model.Summary{Started: b.now(), Total: -1}
		s.walk = b.walk(opList, b.accountRef(), "ssl/v1", nil, orderKey)
		err := s.list(ctx)
		if err == nil {
			err = s.fill(ctx)
		}
		if s.stopped {
			return
		}
		s.sum.Total, s.sum.Seen = s.walk.total, len(s.walk.seen)
		s.sum.Complete = err == nil && s.walk.complete()
		yield(model.Page{Fields: model.FieldListing, AsOf: b.now(), Summary: &s.sum}, err)
	}
}

// sweep is one sweep under way.
type sweep struct {
	backend *Backend
	yield   func(model.Page, error) bool
	walk    *walk
	sum     model.Summary
	// lacking are the ids whose order was listed and not read yet.
	lacking map[string]bool
	// stopped is true once nobody listens any more.
	stopped bool
}

// tell hands a page on and reports whether to go on.
func (s *sweep) tell(p model.Page) bool {
	if !s.stopped && len(p.Items) > 0 {
		s.stopped = !s.yield(p, nil)
	}
	return !s.stopped
}

// list reads the list to its end.
func (s *sweep) list(ctx context.Context) error {
	for !s.walk.ended {
		rows, a, err := s.walk.next(ctx)
		if err != nil {
			return err
		}
		page := model.Page{Fields: model.FieldListing, AsOf: a.at}
		for _, raw := range rows {
			item, err := s.backend.listed(raw)
			if err != nil {
				continue // walk.next passed over it before
			}
			s.lacking[item.Ref.Key] = true
			page.Items = append(page.Items, item)
		}
		if !s.tell(page) {
			return nil
		}
	}
	return nil
}

// window is a span of time by a date of the orders.
type window struct {
	by       attribute
	from, to time.Time
}

// windows are the spans that are asked for, most likely first.
func windows(now time.Time) []window {
	// The service's clock, and its zone, may be ahead of ours.
	end := now.AddDate(0, 0, 1)
	var list []window
	for year := range requestYears {
		list = append(list, window{byRequest, end.AddDate(-year-1, 0, 0), end.AddDate(-year, 0, 0)})
	}
	// Certificates that were imported or discovered were never requested.
	for year := range expiryYears {
		list = append(list, window{byExpiry, end.AddDate(year-1, 0, 0), end.AddDate(year, 0, 0)})
	}
	return list
}

// fill reads status and dates of what was listed.
func (s *sweep) fill(ctx context.Context) error {
	idle := map[attribute]int{}
	for _, w := range windows(s.backend.now()) {
		if s.stopped || len(s.lacking) == 0 {
			return nil
		}
		if idle[w.by] >= idleYears {
			continue
		}
		items, at, err := s.backend.report(ctx, opReport, w.by, w.from, w.to)
		if err != nil {
			if endsAll(err) {
				return err
			}
			s.backend.log.InfoContext(ctx, "read orders one by one, because reports are not to be had", "target", s.backend.info.Name, "error", err)
			break
		}
		before := len(s.lacking)
		for i := range items {
			delete(s.lacking, items[i].Ref.Key)
		}
		if len(s.lacking) == before {
			idle[w.by]++
		}
		if !s.tell(orderPage(at, items...)) {
			return nil
		}
	}
	return s.one(ctx)
}

// one reads one by one what is lacking still.
func (s *sweep) one(ctx context.Context) error {
	ids := make([]int, 0, len(s.lacking))
	for key := range s.lacking {
		if id, err := strconv.Atoi(key); err == nil {
			ids = append(ids, id)
		}
	}
	return s.backend.single(ctx, ids, s.tell)
}

// single reads orders one by one, those that are read first in pages of their
// own. One that can't be read is passed over.
func (b *Backend) single(ctx context.Context, ids []int, tell func(model.Page) bool) error {
	// The newest are looked at most.
	newestFirst(ids)
	page := orderPage(time.Time{})
	for o := range fan(ctx, ids, func(ctx context.Context, id int) (model.Page, error) {
		item, at, err := b.details(ctx, opRead, b.row(id))
		return orderPage(at, item), err
	}) {
		switch {
		case o.err == nil:
			// A page is as old as its oldest answer.
			if len(page.Items) == 0 || o.out.AsOf.Before(page.AsOf) {
				page.AsOf = o.out.AsOf
			}
			page.Items = append(page.Items, o.out.Items...)
		case endsAll(o.err):
			tell(page)
			return o.err
		default:
			b.log.InfoContext(ctx, "passed over an order", "target", b.info.Name, "order", o.in, "error", o.err)
		}
		if len(page.Items) >= detailPage {
			if !tell(page) {
				return nil
			}
			page.Items = nil
		}
	}
	tell(page)
	return nil
}
