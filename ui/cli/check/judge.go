package check

import (
	"fmt"
	"slices"
	"time"

	"certty/model"
	"certty/model/query"
	"certty/model/timetext"
	"certty/ui/cli/survey"
)

// judge makes findings of what was read.
type judge struct {
	*settings
	now time.Time
	// means reports whether an argument names a row, see command.Fleet.Means.
	means func(arg string, it *model.Item) bool
	report
}

// all judges everything that was looked at.
func (j *judge) all(looks []survey.Look) {
	j.perf.settings = j.settings
	passed := 0
	for i := range looks {
		j.target(&looks[i])
		for _, r := range looks[i].Rows {
			if j.passes(&r) {
				passed++
				j.row(&r)
			}
		}
	}
	// A slip in a filter would be fine for ever.
	if f := j.filter.Filter; f != nil && passed == 0 {
		said := "no row passes the filter " + f.String()
		if doubt := f.Doubt(); doubt != "" {
			said += ": " + doubt
		}
		j.add(levelUnknown, kindTrouble, "", said, 0)
	}
	j.named(looks)
	slices.SortStableFunc(j.findings, compareFindings)
}

// passes reports whether a row is among those that are wanted.
func (j *judge) passes(r *survey.Row) bool {
	if len(j.names) > 0 && !slices.ContainsFunc(j.names, func(arg string) bool { return j.means(arg, r.Item) }) {
		return false
	}
	if j.filter.Filter == nil {
		return true
	}
	return j.filter.Match(&query.Row{Item: r.Item, Status: &r.Status, Text: query.Text(r.Item), Now: j.now})
}

func (j *judge) row(r *survey.Row) {
	if j.wants(partCertificates) && r.Live() {
		j.certificate(r)
	}
	if j.wants(partRequests) {
		j.request(r)
	}
}

// called is what a row is called in the output.
func called(r *survey.Row) string {
	name := r.Item.Ref.Target + "/" + r.Item.Name()
	if o := r.Item.Order; o != nil && o.ID != "" {
		name += " #" + o.ID
	}
	return name
}

// certificate judges how much of a certificate's life is left.
func (j *judge) certificate(r *survey.Row) {
	j.certificates++
	end := r.NotAfter()
	if end.IsZero() {
		j.add(levelUnknown, kindUntold, called(r), "when it ends is not told", 0)
		return
	}
	left := end.Sub(j.now)
	share, known := r.Item.Certificate.LifeLeft(j.now)
	j.perf.life(share, known, left)
	if len(j.names) > 0 {
		j.perf.name(called(r), share, known, left)
	}
	if left <= 0 {
		j.expired++
		j.add(levelCritical, kindExpired, called(r), "expired "+span(-left)+" ago", left)
		return
	}
	l := j.lifeLevel(share, known, left)
	// A lifetime that is not told has no share: the board's own rule stands in.
	if l == levelOK && !known && j.life.warning.Share && r.Status.State == model.StateExpires {
		l = levelWarning
	}
	if l == levelOK {
		return
	}
	j.expiring++
	said := span(left) + " left"
	if known {
		said += fmt.Sprintf(", %s%% of its life", decimal(share*100))
	}
	j.add(l, kindExpiring, called(r), said, left)
}

func (j *judge) lifeLevel(share float64, known bool, left time.Duration) level {
	alerts := func(t Threshold) bool {
		if t.Share {
			return known && t.Alerts(share*100)
		}
		return t.Alerts(left.Seconds())
	}
	switch {
	case alerts(j.life.critical):
		return levelCritical
	case alerts(j.life.warning):
		return levelWarning
	}
	return levelOK
}

// request judges what a row waits for.
func (j *judge) request(r *survey.Row) {
	state := string(r.Status.State)
	switch {
	case r.InDoubt():
		j.doubt++
		said := "in doubt, a person decides"
		if trouble := r.Item.Record.Trouble; trouble != "" {
			said += ": " + trouble
		}
		age, _, _ := r.Age(j.now)
		// It needs a person from the start, and does not get better.
		j.add(max(levelWarning, j.wait.level(age.Seconds())), kindDoubt, called(r), said, age)
		return
	case r.Failed():
		j.failures++
		j.add(level(j.failed), kindFailed, called(r), reason(r), 0)
	case r.Waiting():
		j.requests++
		j.waits(r, kindStuck, state, &j.stuck, levelOK)
	case r.Unread():
		j.unread++
	}
	if r.Uncollected() {
		said := "its files are to be written"
		if r.Status.State == model.StateCompleted {
			said = r.Status.Next
		}
		record := r.Item.Record // what is collected, or is to be, is held here
		if record.Trouble != "" {
			said += ": " + record.Trouble
		}
		least := levelOK
		if record.Files == model.FilesWithheld {
			least = levelWarning // time does not mend it
		}
		j.waits(r, kindUncollected, said, &j.uncollected, least)
	}
}

// waits judges how long something waits for somebody; least is its level from the
// start.
func (j *judge) waits(r *survey.Row, k kind, said string, count *int, least level) {
	age, atLeast, ok := r.Age(j.now)
	if !ok {
		return
	}
	j.perf.waited(age)
	l := max(least, j.wait.level(age.Seconds()))
	if l == levelOK {
		return
	}
	*count++
	if r.Status.Who != model.ActorNobody {
		said += " (" + string(r.Status.Who) + ")"
	}
	since := " for "
	if atLeast {
		since = " for at least "
	}
	j.add(l, k, called(r), said+since+span(age), age)
}

// reason says why a request or an order failed.
func reason(r *survey.Row) string {
	said := string(r.Status.State)
	switch it := r.Item; {
	case it.Request != nil && it.Request.ErrorMessage != "":
		said += ": " + it.Request.ErrorMessage
	case it.Record != nil && it.Record.Trouble != "":
		said += ": " + it.Record.Trouble
	case it.Order != nil && it.Order.Status != "":
		said += ": " + it.Order.Status
	case r.Status.Next != "":
		said += ", " + r.Status.Next
	}
	return said
}

// span says a time as the board does, but for what is below a minute: what begins
// with < may be taken for a tag where a monitoring shows it.
func span(d time.Duration) string {
	if d < time.Minute {
		return "0m"
	}
	return timetext.Span(d)
}
