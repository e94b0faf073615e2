package timetext

import (
	"strconv"
	"time"
)

const (
	day  = 24 * time.Hour
	year = 365 * day
)

// Span is a duration in one word, in its largest whole unit: <1m, 4m, 3h, 12d, 2y.
// Hours and days go on to twice the next unit, because 47h says more than 1d. It
// is never finer than a minute, so that rows don't change every second.
func Span(d time.Duration) string {
	whole := func(unit time.Duration, letter string) string { return strconv.FormatInt(int64(d/unit), 10) + letter }
	switch {
	case d < time.Minute:
		return "<1m"
	case d < time.Hour:
		return whole(time.Minute, "m")
	case d < 2*day:
		return whole(time.Hour, "h")
	case d < 2*year:
		return whole(day, "d")
	default:
		return whole(year, "y")
	}
}

// Age is how long ago a moment was, as [Span]; "" for one that is not known.
func Age(now, then time.Time) string {
	if then.IsZero() {
		return ""
	}
	return Span(now.Sub(then))
}

// Moment is a point in time to the minute, in the local zone and with its name.
func Moment(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.Local().Format("2006-01-02 15:04 MST")
}

// Day is the date of a point in time in UTC, in which certificates have theirs
// (RFC 5280, section 4.1.2.5).
func Day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// Days is how many whole days lie between now and then; negative when then is
// past.
func Days(now, then time.Time) int { return int(then.Sub(now) / day) }
