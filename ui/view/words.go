package view

import (
	"fmt"
	"time"

	"certty/backend"
)

// Age says how long ago a moment was, in one word: <1m, 4m, 3h, 12d. It is
// never finer than a minute, so that rows don't change every second.
func Age(now, then time.Time) string {
	if then.IsZero() {
		return ""
	}
	return Span(now.Sub(then))
}

// Span is a duration in one word.
func Span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "<1m"
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d/time.Minute))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d/time.Hour))
	case d < 2*365*24*time.Hour:
		return fmt.Sprintf("%dd", int(d/(24*time.Hour)))
	default:
		return fmt.Sprintf("%dy", int(d/(365*24*time.Hour)))
	}
}

// Moment is a point in time with its zone, for the detail.
func Moment(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.Local().Format("2006-01-02 15:04 MST")
}

// Days is how many whole days lie between now and then; negative when then is
// past.
func Days(now, then time.Time) int { return int(then.Sub(now).Hours() / 24) }

// Trouble says in a word or two what is wrong with a target.
func Trouble(err error) string {
	switch backend.KindOf(err) {
	case backend.KindAuth:
		return "login refused"
	case backend.KindPermission:
		return "no permission"
	case backend.KindNetwork:
		return "not reached"
	case backend.KindThrottled:
		return "throttled"
	case backend.KindUnavailable:
		return "in trouble"
	case backend.KindOther:
		return "not understood"
	case backend.KindLocal:
		return "trouble here"
	case backend.KindSignIn:
		return "signing in"
	default:
		return backend.KindOf(err).String()
	}
}
