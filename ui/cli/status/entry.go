package status

import (
	"cmp"
	"fmt"
	"time"

	"certty/model"
	"certty/model/query"
	"certty/model/timetext"
	"certty/ui/cli/output"
	"certty/ui/cli/row"
)

// entry is a row with what it was made from, which only sorting needs.
type entry struct {
	row.Row
	item   *model.Item
	status model.Status
	// event and at are what happened to it while it was watched, and when.
	event row.Event
	at    time.Time
}

// line is a line of JSON Lines.
func line(e entry) any {
	return row.Line{SchemaVersion: row.SchemaVersion, Event: e.event, At: e.at, Row: e.Row}
}

// shown are the columns of a table; those of the board, and who has to act.
var shown = []string{"state", "name", "target", "age_seconds", "life_left", "next", "who"}

// list says how rows are printed.
func list() output.List[entry] {
	l := output.List[entry]{Columns: output.Columns[entry](), Shown: shown, Line: line, Keys: []output.Key[entry]{
		boardKey("urgency", query.ByUrgency), boardKey("age", query.ByAge), {Name: "severity", Compare: bySeverity},
	}}
	for i := range l.Columns {
		c := &l.Columns[i]
		switch c.Name {
		case "state":
			c.Cell = state
		case "age_seconds":
			c.Also, c.Title, c.Cell = []string{"age"}, "AGE", age
		case "life_left":
			c.Also, c.Title, c.Cell = []string{"left"}, "LEFT", left
		case "days_left":
			c.Also, c.Title = []string{"days"}, "DAYS"
		case "not_after":
			c.Also = []string{"expiry"}
		case "next":
			c.Cell = next
		}
	}
	return l
}

// boardKey is a key of the board that is more than a column.
func boardKey(name string, key query.Key) output.Key[entry] {
	return output.Key[entry]{Name: name, Compare: func(a, b *entry, flip bool) int {
		return query.Order{Key: key, Flip: flip}.Compare(a.item, b.item, &a.status, &b.status)
	}}
}

// bySeverity has the most urgent first, not the first of the alphabet.
func bySeverity(a, b *entry, flip bool) int {
	if flip {
		a, b = b, a
	}
	return cmp.Compare(a.status.Severity, b.status.Severity)
}

func state(e *entry) string {
	if e.NotSeen {
		return "not seen"
	}
	return string(e.State)
}

// next is what has to be done; a row whose request was never read says so, for
// it may hide a renewal.
func next(e *entry) string {
	if e.Next == "" && e.RenewalUnknown {
		return "not read yet"
	}
	return e.Next
}

// age is empty for a live certificate, whose age is no news.
func age(e *entry) string {
	if e.AgeSeconds == nil || query.Since(&e.status).IsZero() {
		return ""
	}
	return timetext.Span(time.Duration(*e.AgeSeconds) * time.Second)
}

func left(e *entry) string {
	if e.LifeLeft == nil {
		return ""
	}
	return fmt.Sprintf("%.0f%%", 100**e.LifeLeft)
}
