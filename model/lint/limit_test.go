package lint

import (
	"testing"
	"time"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestLifetime(t *testing.T) {
	for _, tt := range []struct {
		name     string
		term     int
		at       string
		days     int
		cut      bool
		next     int
		fromNext string
	}{
		{name: "before the rules", term: 825, at: "2020-08-31 23:59:59", days: 825, next: 398, fromNext: "2020-09-01"},
		{name: "398 days", term: 398, at: "2026-03-14 23:59:59", days: 398, next: 200, fromNext: "2026-03-15"},
		{name: "a year, cut", term: 365, at: "2026-03-15 00:00:00", days: 200, cut: true, next: 100, fromNext: "2027-03-15"},
		{name: "what Sectigo offers", term: 199, at: "2026-11-21 12:00:00", days: 199, next: 100, fromNext: "2027-03-15"},
		{name: "as long as the next rule allows", term: 100, at: "2026-11-21 12:00:00", days: 100},
		{name: "short, no rule in sight shortens it", term: 47, at: "2026-11-21 12:00:00", days: 47},
		{name: "90 days meet the last rule only", term: 90, at: "2026-11-21 12:00:00", days: 90},
		{name: "100 days", term: 199, at: "2027-03-15 00:00:00", days: 100, cut: true, next: 47, fromNext: "2029-03-15"},
		{name: "47 days", term: 100, at: "2029-03-15 00:00:00", days: 47, cut: true},
		{name: "the zone does not count", term: 199, at: "2029-03-14 23:59:59", days: 100, cut: true, next: 47, fromNext: "2029-03-15"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := Lifetime(tt.term, at(tt.at))
			if e.Days != tt.days || e.Cut != tt.cut || e.Next.Days != tt.next {
				t.Errorf("%+v", e)
			}
			if tt.fromNext != "" && e.Next.From.Format(time.DateOnly) != tt.fromNext {
				t.Errorf("next from %s", e.Next.From)
			}
			east := time.FixedZone("east", 14*60*60)
			if other := Lifetime(tt.term, at(tt.at).In(east)); other != e {
				t.Errorf("in another zone %+v", other)
			}
		})
	}
}

func TestTheLastRule(t *testing.T) {
	if _, ok := After(Lifetimes(), at("2029-03-15 00:00:00")); ok {
		t.Error("there is a rule after the last")
	}
}

// Every rule says where it stands, and they tighten with time.
func TestRules(t *testing.T) {
	limits := Lifetimes()
	for i, l := range limits {
		if l.Source == "" || l.From.Location() != time.UTC {
			t.Errorf("%+v", l)
		}
		if i > 0 && (l.Days >= limits[i-1].Days || !l.From.After(limits[i-1].From)) {
			t.Errorf("%+v after %+v", l, limits[i-1])
		}
	}
}

func TestExpect(t *testing.T) {
	for _, tt := range []struct {
		term     int
		at, want string
	}{
		{90, "2026-11-21 12:00:00", "expect 90 days; since 2026-03-15 the rule allows 200"},
		{365, "2026-11-21 12:00:00", "expect 200 days at most: since 2026-03-15 public certificates live no longer; the CA shortens it or refuses"},
		{825, "2020-01-31 12:00:00", "expect 825 days"},
		{199, "2027-01-14 00:00:00", "expect 199 days; since 2026-03-15 the rule allows 200"},
		{199, "2027-01-14 00:00:01", "expect 199 days; since 2026-03-15 the rule allows 200; if it is issued only from 2027-03-15 on, 100"},
		{199, "2027-02-01 00:00:00", "expect 199 days; since 2026-03-15 the rule allows 200; if it is issued only from 2027-03-15 on, 100"},
	} {
		if got := Expect(tt.term, at(tt.at)); got != tt.want {
			t.Errorf("%d days at %s: %q", tt.term, tt.at, got)
		}
	}
}
