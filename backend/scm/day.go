package scm

import (
	"encoding/json"
	"strings"
	"time"
)

// day is a date or a time in any of the shapes that SCM writes: the details of
// an order as asked for (yyyy-MM-dd) or as the older default (MM/dd/yyyy),
// reports with milliseconds and zone, the log of a validation with a blank and no
// zone. What stands in none, null or an empty text is no date; bad tells that
// there was one and that it can't be read.
type day struct {
	time.Time
	bad bool
}

func (d *day) UnmarshalJSON(raw []byte) error {
	var written string
	if string(raw) == "null" {
		return nil
	}
	if d.bad = json.Unmarshal(raw, &written) != nil; !d.bad {
		d.Time, d.bad = parseDay(written)
	}
	return nil
}

// shapes are the forms of a date, by the layout of package time. A date with
// slashes is the American one that SCM REST API gives as its default: whether
// 03/04 is in March or in April can't be told by looking, and that of the reader's
// country is no better guess. What makes no American date is none.
var shapes = []string{
	"2006-01-02",
	"2006-01-02T15:04:05.999999999Z07:00",
	"2006-01-02T15:04:05.999999999Z0700",
	"2006-01-02T15:04:05.999999999",
	"2006-01-02 15:04:05.999999999",
	"2006-01-02T15:04Z07:00",
	"01/02/2006",
	"01/02/2006 15:04:05",
	"02.01.2006",
	"02.01.2006 15:04:05",
	"2006/01/02",
	"2006/01/02 15:04:05",
}

// parseDay reads a date. A time without a zone is taken for UTC.
func parseDay(written string) (at time.Time, bad bool) {
	written = strings.TrimSpace(written)
	if written == "" {
		return time.Time{}, false
	}
	const longest = 40
	if len(written) > longest {
		return time.Time{}, true
	}
	for _, shape := range shapes {
		t, err := time.Parse(shape, written)
		if err != nil {
			continue
		}
		if t = t.UTC(); t.Year() < 1950 || t.Year() > 9999 {
			break
		}
		return t, false
	}
	return time.Time{}, true
}
