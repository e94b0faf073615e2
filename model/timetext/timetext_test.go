package timetext_test

import (
	"testing"
	"time"

	"certty/model/timetext"
)

var now = time.Date(2026, 11, 22, 0, 30, 0, 0, time.FixedZone("", 3600))

func TestSpan(t *testing.T) {
	const day = 24 * time.Hour
	for span, want := range map[time.Duration]string{
		-time.Hour: "<1m", 0: "<1m", 59 * time.Second: "<1m", time.Minute: "1m", time.Hour - 1: "59m", time.Hour: "1h", 2*day - 1: "47h",
		2 * day: "2d", 2*365*day - 1: "729d", 2 * 365 * day: "2y", 99 * 365 * day: "99y",
	} {
		if got := timetext.Span(span); got != want {
			t.Errorf("%v is %q, want %q", span, got, want)
		}
		if got := timetext.Age(now, now.Add(-span)); got != want {
			t.Errorf("%v ago is %q, want %q", span, got, want)
		}
	}
	if got := timetext.Age(now, time.Time{}); got != "" {
		t.Errorf("what is not known is %q old", got)
	}
}

func TestMoment(t *testing.T) {
	zone := time.Local
	t.Cleanup(func() { time.Local = zone })
	time.Local = time.FixedZone("XST", -2*3600)
	if got := timetext.Moment(now); got != "2026-11-21 21:30 XST" {
		t.Errorf("got %q", got)
	}
	if got := timetext.Day(now); got != "2026-11-21" {
		t.Errorf("the day is %q", got)
	}
	if got := timetext.Moment(time.Time{}); got != "unknown" {
		t.Errorf("no moment is %q", got)
	}
}

func TestDays(t *testing.T) {
	for span, want := range map[time.Duration]int{0: 0, 23 * time.Hour: 0, 24 * time.Hour: 1, 71 * time.Hour: 2, -25 * time.Hour: -1} {
		if got := timetext.Days(now, now.Add(span)); got != want {
			t.Errorf("%v are %d days, want %d", span, got, want)
		}
	}
}
