package query

import (
	"strconv"
	"strings"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

// measure is a number of a row that can be compared.
type measure struct {
	name string
	// example shows what may be compared with it, for errors.
	example string
	// parse reads what it is compared with.
	parse func(string) (float64, bool)
	// of is the row's value; false where it has none.
	of func(*Row) (float64, bool)
}

var measures = []measure{
	{name: "left", example: "20%", parse: parseShare, of: func(r *Row) (float64, bool) {
		return r.Status.LifeLeft, r.Status.LifeLeft >= 0
	}},
	{name: "days", example: "30", parse: parseDays, of: func(r *Row) (float64, bool) {
		c := &r.Item.Certificate
		if !c.Issued || c.NotAfter.IsZero() {
			return 0, false
		}
		return float64(c.NotAfter.Sub(r.Now)), true
	}},
	{name: "age", example: "3d", parse: parseSpan, of: func(r *Row) (float64, bool) {
		if r.Status.Since.IsZero() {
			return 0, false
		}
		return float64(r.Now.Sub(r.Status.Since)), true
	}},
}

func measureOf(name string) (measure, bool) {
	for _, m := range measures {
		if m.name == name {
			return m, true
		}
	}
	return measure{}, false
}

// parseShare reads 20%; 0.2 means the same.
func parseShare(s string) (float64, bool) {
	number, percent := strings.CutSuffix(s, "%")
	n, ok := parseNumber(number)
	if percent {
		return n / 100, ok
	}
	return n, ok && n <= 1
}

// parseDays reads a number of days as a span.
func parseDays(s string) (float64, bool) {
	n, ok := parseNumber(strings.TrimSuffix(s, "d"))
	return n * float64(24*time.Hour), ok
}

// units are those in which the board shows ages, and weeks.
var units = map[byte]time.Duration{
	'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour, 'y': 365 * 24 * time.Hour,
}

// parseSpan reads 90m, 12h, 3d, 2w, 1y.
func parseSpan(s string) (float64, bool) {
	if s == "" {
		return 0, false
	}
	unit, ok := units[s[len(s)-1]]
	if !ok {
		return 0, false
	}
	n, ok := parseNumber(s[:len(s)-1])
	return n * float64(unit), ok
}

// parseNumber reads digits with at most one point. The forms that strconv knows
// beyond that, such as 0x1p4 or inf, are nobody's intention here.
func parseNumber(s string) (float64, bool) {
	if s == "" || len(s) > 12 || strings.Trim(s, "0123456789.") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

// operators, the longer ones first.
var operators = []string{"<=", ">=", "<", ">"}

func compare(op string, have, want float64) bool {
	switch op {
	case "<":
		return have < want
	case "<=":
		return have <= want
	case ">":
		return have > want
	default:
		return have >= want
	}
}
