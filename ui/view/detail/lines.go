package detail

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"certty/backend/poll"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// Lines describes a row in lines of at most w cells, with the gist of what is
// long. events are those of its timeline, oldest first.
func Lines(s *view.Session, row view.Row, events []model.Event, w int) []string {
	return describe(s, row, events, w, false)
}

// describe is Lines, with everything where all is true.
func describe(s *view.Session, row view.Row, events []model.Event, w int, all bool) []string {
	l := &lines{t: s.Theme, data: s.Data, w: w, now: s.Data.Now, all: all}
	l.head(row)
	l.meaning(row)
	l.deletion(row.Item)
	if view.IsOrder(row.Item) {
		l.issued(row)
		l.order(row.Item)
		l.timeline(events)
		return l.trimmed()
	}
	if ended(row) {
		l.certificate(row)
		l.request(row)
	} else {
		l.request(row)
		l.certificate(row)
	}
	l.policy(row.Item.Policy)
	l.timeline(events)
	return l.trimmed()
}

type lines struct {
	t    *theme.Theme
	data *view.Data
	w    int
	now  time.Time
	all  bool
	out  []string
}

func (l *lines) add(line string) { l.out = append(l.out, box.Fit(line, l.w, l.t.Glyphs.Ellipsis)) }

// trimmed is without the blank lines at the end, which nobody has to scroll to.
func (l *lines) trimmed() []string {
	for n := len(l.out); n > 0 && strings.TrimSpace(l.out[n-1]) == ""; n-- {
		l.out = l.out[:n-1]
	}
	return l.out
}

func (l *lines) gap() { l.add("") }

func (l *lines) title(s string) { l.add(l.t.Paint(theme.Title, s)) }

func (l *lines) text(role theme.Role, s string) {
	for _, line := range box.Wrap(s, l.w) {
		l.add(l.t.Paint(role, line))
	}
}

// label is as wide as the longest name of a pair.
const label = 10

func (l *lines) pair(name, value string) {
	if value == "" {
		return
	}
	for i, line := range box.Wrap(value, max(1, l.w-label)) {
		head := ""
		if i == 0 {
			head = name
		}
		l.add(l.t.Paint(theme.Faint, box.Fit(head, label, "")) + line)
	}
}

func (l *lines) moment(name string, t time.Time) {
	if !t.IsZero() {
		l.pair(name, timetext.Moment(t))
	}
}

// ages are those of the settings of the row's target.
func (l *lines) ages(it *model.Item) poll.Ages {
	state, _ := l.data.State(it.Ref.Target)
	return state.Ages
}

func (l *lines) head(row view.Row) {
	l.add(l.t.Paint(theme.Strong, row.Item.Name()) + "  " + l.t.Paint(theme.Faint, row.Item.Ref.Target))
	glyph, role := view.Sign(l.t, row.Status)
	state := glyph + " " + string(row.Status.State)
	switch age := timetext.Age(l.now, row.Status.Since); {
	case row.Status.State == model.StateValid || row.Status.State == model.StateExpires:
		state += fmt.Sprintf(", %d days left", timetext.Days(l.now, row.Item.Certificate.NotAfter))
	case age != "":
		state += ", " + age
	}
	l.add(l.t.Paint(role, state))
	l.gap()
}

// meaning says in sentences what the state means, and what to do.
func (l *lines) meaning(row view.Row) {
	before := len(l.out)
	if d, ok := l.data.Doubt(row.Item.Ref); ok {
		l.text(theme.Warn, d.String())
	}
	for _, sentence := range Meaning(row) {
		l.text(theme.Text, sentence)
	}
	if s := superseded(row); s != "" {
		l.text(theme.Warn, s)
	}
	if row.Status.State == model.StateFailed || row.Item.Request.Open() {
		l.live(row.Item)
	}
	if s := lastRequest(row); s != "" {
		l.text(theme.Text, s)
	}
	request := "Its request"
	if view.IsOrder(row.Item) {
		request = "Its order"
	} else if row.Status.RenewalUnknown && row.Item.Deletion == nil {
		l.text(theme.Faint, "Renewal unknown: its request was not read yet.")
	}
	if l.data.Overdue(row.Item, time.Time{}) {
		l.text(theme.Faint, request+" was read "+timetext.Age(l.now, row.Item.RequestReadAt)+" ago. What became of it since is not known.")
	}
	if row.Item.Vanished() {
		l.text(theme.Warn, "Not listed since "+timetext.Moment(l.data.ListedAt(row.Item))+".")
	}
	if len(l.out) > before {
		l.gap()
	}
}

// live says how long the version that is in use will do, while a new one is
// awaited or was refused.
func (l *lines) live(it *model.Item) {
	if !it.Certificate.Issued || it.Deletion != nil {
		return
	}
	if left := timetext.Days(l.now, it.Certificate.NotAfter); left >= 0 {
		l.text(theme.Text, fmt.Sprintf("The current version stays live: %d days left.", left))
	} else {
		l.text(theme.Bad, fmt.Sprintf("The current version expired %d days ago.", -left))
	}
}

func (l *lines) deletion(it *model.Item) {
	d := it.Deletion
	if d == nil {
		return
	}
	l.title("DELETED")
	l.moment("deleted", d.At)
	if !d.PurgeAt.IsZero() {
		kept := "until " + timetext.Moment(d.PurgeAt)
		switch days := timetext.Days(l.now, d.PurgeAt); {
		case d.Purged || days < 0:
		case days == 0:
			kept += ", less than a day"
		default:
			kept += fmt.Sprintf(", %d days", days)
		}
		l.pair("kept", kept)
	}
	if it.Certificate.PurgeProtected() && !d.Purged {
		l.pair("purge", "not before that: the vault has purge protection")
	}
	l.moment("seen", d.SeenAt)
	l.gap()
}

func (l *lines) certificate(row view.Row) {
	c := &row.Item.Certificate
	if c.Issued {
		l.title(strings.TrimSpace("CERTIFICATE " + c.Version))
		l.pair("subject", c.Subject)
		l.pair("issuer", c.Issuer)
		l.pair("sans", strings.Join(c.SANs.All(), "\n"))
		l.pair("key", c.KeyType)
		l.pair("serial", c.Serial)
		l.pair("sha1", c.Thumbprint)
		l.pair("from", timetext.Moment(c.NotBefore))
		l.pair("until", timetext.Moment(c.NotAfter))
		if left, ok := c.LifeLeft(l.now); ok && left > 0 {
			l.pair("life left", fmt.Sprintf("%s %.0f%%, %d days", l.t.Bar(left, 10), 100*left, timetext.Days(l.now, c.NotAfter)))
		}
		if !c.Enabled {
			l.pair("enabled", "no")
		}
	} else if len(c.Tags) == 0 && !l.all {
		return
	} else {
		l.title("CERTIFICATE OBJECT")
		l.pair("version", c.Version)
	}
	for k, v := range sorted(c.Tags) {
		l.pair("tag", k+"="+v)
	}
	if l.all {
		l.moment("created", c.Created)
		l.moment("changed", c.Updated)
		l.pair("recovery", recovery(c))
		l.moment("listed", l.data.ListedAt(row.Item))
		l.moment("read", row.Item.CertificateReadAt)
		if read := l.read(row.Item); row.Item.Request == nil && read != "" {
			l.pair("request", "none, read "+read)
		}
	}
	l.gap()
}

// recovery says what the vault does with the certificate once it is deleted, in
// the service's own word as well.
func recovery(c *model.Certificate) string {
	switch {
	case c.RecoveryLevel == "":
		return ""
	case c.Unrecoverable():
		return "none once it is deleted (" + c.RecoveryLevel + ")"
	case c.RecoverableDays == 0:
		return "possible once it is deleted (" + c.RecoveryLevel + ")"
	}
	return fmt.Sprintf("for %d days once it is deleted (%s)", c.RecoverableDays, c.RecoveryLevel)
}

// gist is how many events of a timeline stand where there is little room.
const gist = 6

func (l *lines) timeline(events []model.Event) {
	if len(events) == 0 {
		return
	}
	// One zone for all: the events stand in a column.
	l.title("TIMELINE, " + l.now.Local().Format("MST"))
	if left := len(events) - gist; !l.all && left > 0 {
		l.text(theme.Faint, fmt.Sprintf("%d earlier ones", left))
		events = events[left:]
	}
	const stamp = "01-02 15:04"
	for _, e := range events {
		at := l.t.Paint(theme.Faint, e.At.Local().Format(stamp))
		for _, line := range box.Wrap(e.Text, max(1, l.w-len(stamp)-2)) {
			l.add(at + "  " + line)
			at = strings.Repeat(" ", len(stamp))
		}
	}
}

// sorted walks a map by key, so that a frame is always the same.
func sorted(m map[string]string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
