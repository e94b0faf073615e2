package check

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Threshold is a range of values that are fine, or with Inside of such that are
// not, in the syntax of the Monitoring Plugins guidelines ("Threshold and
// ranges"): "10:" alerts below 10, "~:10" above 10, "10:20" outside, "@10:20"
// inside, ends included. Numbers carry a unit: "%" for a share of a certificate's
// lifetime, m, h, d, w, y for a span; without one they are days.
//
// A number without a colon is the end that matters for what is measured (see
// [Side]): of life that is left the least, of a wait the longest.
//
// The zero value alerts never.
type Threshold struct {
	// Low and High are the ends: a share in percent, or a span in seconds.
	Low, High float64
	// Inside alerts for values from Low to High instead of all others.
	Inside bool
	// Share is true for a share of the lifetime.
	Share bool
	// Set is false for no threshold at all.
	Set bool
	// written is what a person wrote.
	written string
}

// Side is the end that a bare number means.
type Side int

// The sides.
const (
	// AtLeast alerts below the number.
	AtLeast Side = iota
	// AtMost alerts above it.
	AtMost
)

// units are spans in seconds.
var units = map[string]float64{
	"m": time.Minute.Seconds(), "h": time.Hour.Seconds(), "d": day, "w": 7 * day, "y": 365 * day,
}

const day = 24 * 60 * 60

// end is one end of a range, as it was written.
type end struct {
	value float64
	unit  string
}

// ParseThreshold reads a threshold. An empty text is none.
func ParseThreshold(text string, bare Side) (Threshold, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Threshold{}, nil
	}
	t := Threshold{Low: math.Inf(-1), High: math.Inf(1), Set: true, written: text}
	rest, inside := strings.CutPrefix(text, "@")
	if rest == "" {
		return Threshold{}, fmt.Errorf("threshold %q: a number is missing", text)
	}
	t.Inside = inside
	from, to, isRange := strings.Cut(rest, ":")
	if !isRange {
		from, to = rest, ""
		switch {
		case inside:
			from, to = "0", rest // the guidelines' own meaning: @10 is @0:10
		case bare == AtMost:
			from, to = "", rest // a wait is never below 0
		}
	}
	if err := t.ends(from, to); err != nil {
		return Threshold{}, fmt.Errorf("threshold %q: %w", text, err)
	}
	return t, nil
}

// ends reads the two ends of the range. A unit at one of them is meant for both.
func (t *Threshold) ends(from, to string) error {
	if from == "" && to == "" {
		return errors.New("a number is missing")
	}
	if to == "~" {
		return errors.New("\"~\" stands before the colon only")
	}
	low, err := parseEnd(from)
	if err != nil {
		return err
	}
	high, err := parseEnd(to)
	if err != nil {
		return err
	}
	if low.unit == "" {
		low.unit = high.unit
	}
	if high.unit == "" {
		high.unit = low.unit
	}
	if (low.unit == "%") != (high.unit == "%") {
		return errors.New("one end is a share, the other a span")
	}
	t.Share = low.unit == "%"
	scale := func(e end) float64 {
		switch {
		case t.Share:
			return e.value
		case e.unit == "":
			return e.value * day
		}
		return e.value * units[e.unit]
	}
	switch from {
	case "~":
	case "":
		t.Low = 0
	default:
		t.Low = scale(low)
	}
	if to != "" {
		t.High = scale(high)
	}
	switch {
	case t.Low > t.High:
		return errors.New("it begins behind its end")
	case math.IsInf(t.Low, -1) && math.IsInf(t.High, 1):
		return errors.New("it has no end: it would never alert, or always; say \"\" for no threshold")
	}
	return nil
}

// longest bounds a number: a hundred years in minutes.
const longest = 100 * 366 * 24 * 60

// parseEnd reads a number with its unit; "" and "~" have neither.
func parseEnd(text string) (end, error) {
	if text == "" || text == "~" {
		return end{}, nil
	}
	number := strings.TrimRight(text, "%mhdwy")
	e := end{unit: text[len(number):]}
	if _, ok := units[e.unit]; !ok && e.unit != "%" && e.unit != "" {
		return end{}, fmt.Errorf("%q is no unit: %%, m, h, d, w and y are", e.unit)
	}
	if number == "" || strings.ContainsFunc(number, func(r rune) bool { return !strings.ContainsRune("-.0123456789", r) }) {
		return end{}, fmt.Errorf("%q is no number with a unit, such as 20%% or 30d", text)
	}
	var err error
	if e.value, err = strconv.ParseFloat(number, 64); err != nil || math.Abs(e.value) > longest {
		return end{}, fmt.Errorf("%q is no number with a unit, such as 20%% or 30d", text)
	}
	return e, nil
}

// Alerts reports whether a value alerts: a share in percent, or a span in
// seconds.
func (t Threshold) Alerts(value float64) bool {
	if !t.Set || math.IsNaN(value) {
		return false
	}
	within := t.Low <= value && value <= t.High
	return within == t.Inside
}

// String is the threshold as it was written.
func (t Threshold) String() string { return t.written }

// Range is the threshold in the guidelines' form without units, as performance
// data wants it: percent, or days. It is "" for none.
func (t Threshold) Range() string {
	if !t.Set {
		return ""
	}
	number := func(v float64) string {
		if !t.Share {
			v /= day
		}
		return decimal(v)
	}
	var b strings.Builder
	if t.Inside {
		b.WriteByte('@')
	}
	switch {
	case math.IsInf(t.Low, -1):
		b.WriteString("~:")
	case t.Low != 0 || math.IsInf(t.High, 1) || t.Inside:
		b.WriteString(number(t.Low) + ":")
	}
	if !math.IsInf(t.High, 1) {
		b.WriteString(number(t.High))
	}
	return b.String()
}

// Limit says what alerts, for people: "<20% life", ">3d".
func (t Threshold) Limit() string {
	switch {
	case !t.Set:
		return ""
	case t.Inside, t.Low > 0 && !math.IsInf(t.High, 1):
		return "range " + ascii(t.written)
	case math.IsInf(t.High, 1):
		return "<" + t.number(t.Low)
	default:
		return ">" + t.number(t.High)
	}
}

func (t Threshold) number(v float64) string {
	if t.Share {
		return decimal(v) + "% life"
	}
	return decimal(v/day) + "d"
}

// decimal writes a number with at most two digits behind the point.
func decimal(v float64) string {
	v = math.Round(v*100) / 100
	if v == 0 {
		v = 0 // never -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
