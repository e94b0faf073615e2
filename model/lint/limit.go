package lint

import "time"

// Limit is a number of days that holds from a moment on, until the next limit
// of its kind.
type Limit struct {
	// From is when it begins to hold; the moment of issuance counts.
	From time.Time
	// Days are the most that are allowed, each of 86 400 seconds.
	Days int
	// Source is where it stands.
	Source string
}

const (
	lifetimeSource = "CA/Browser Forum, TLS Baseline Requirements, section 6.3.2"
	ballot         = " (ballot SC-081v3)"
)

func from(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Lifetimes lists how long a certificate may be valid, oldest first: 398 days,
// from 2026-03-15 on 200, from 2027-03-15 on 100, from 2029-03-15 on 47.
func Lifetimes() []Limit {
	return []Limit{
		{from(2020, time.September, 1), 398, lifetimeSource},
		{from(2026, time.March, 15), 200, lifetimeSource + ballot},
		{from(2027, time.March, 15), 100, lifetimeSource + ballot},
		{from(2029, time.March, 15), 47, lifetimeSource + ballot},
	}
}

// At is the one of some limits, oldest first, that holds at a moment; ok is
// false before the first.
func At(limits []Limit, at time.Time) (limit Limit, ok bool) {
	for _, l := range limits {
		if !at.Before(l.From) {
			limit, ok = l, true
		}
	}
	return limit, ok
}

// After is the first of some limits, oldest first, that begins after a moment;
// ok is false when none does.
func After(limits []Limit, at time.Time) (limit Limit, ok bool) {
	for _, l := range limits {
		if at.Before(l.From) {
			return l, true
		}
	}
	return Limit{}, false
}

// Expected is the lifetime that an order can expect.
type Expected struct {
	// Days are the most that the certificate is valid.
	Days int
	// Cut is true when that is less than the term: the CA shortens it or refuses
	// the order.
	Cut bool
	// Limit is the rule that holds at the moment; the zero value where the rules
	// begin later.
	Limit Limit
	// Next is the rule that would shorten it further, and holds if the
	// certificate is issued only then; the zero value when none would.
	Next Limit
}

// Lifetime is what an order of a profile's term in days can expect, were it
// issued at that moment. What it gets is the CA's to say.
func Lifetime(term int, at time.Time) Expected {
	limits := Lifetimes()
	e := Expected{Days: term}
	if limit, ok := At(limits, at); ok {
		e.Limit = limit
		e.Days = min(term, limit.Days)
		e.Cut = e.Days < term
	}
	if next, ok := After(limits, at); ok && next.Days < e.Days {
		e.Next = next
	}
	return e
}
