package detail

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"certty/model"
	"certty/model/x5c"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// Lines describes a row in lines of at most w cells. events are those of its
// timeline, oldest first.
func Lines(s *view.Session, row view.Row, events []model.Event, w int) []string {
	l := &lines{t: s.Theme, w: w, now: s.Data.Now}
	l.head(row)
	l.meaning(row)
	l.request(row)
	l.certificate(row)
	l.timeline(events)
	return l.out
}

type lines struct {
	t   *theme.Theme
	w   int
	now time.Time
	out []string
}

func (l *lines) add(line string) { l.out = append(l.out, box.Fit(line, l.w, l.t.Glyphs.Ellipsis)) }

func (l *lines) gap() { l.add("") }

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

func (l *lines) head(row view.Row) {
	l.add(l.t.Paint(theme.Strong, row.Item.Ref.Key))
	glyph, role := view.Sign(l.t, row.Status)
	state := glyph + " " + string(row.Status.State)
	if age := view.Age(l.now, row.Status.Since); age != "" {
		state += ", " + age
	}
	l.add(l.t.Paint(role, state))
	l.gap()
}

// meaning says in a sentence what the state means and what to do.
func (l *lines) meaning(row view.Row) {
	for _, sentence := range Meaning(row) {
		l.text(theme.Text, sentence)
	}
	c := &row.Item.Certificate
	if r := row.Item.Request; r.Open() && c.Issued {
		left := view.Days(l.now, c.NotAfter)
		if left >= 0 {
			l.text(theme.Text, fmt.Sprintf("The current version stays live: %d days left.", left))
		} else {
			l.text(theme.Bad, fmt.Sprintf("The current version expired %d days ago.", -left))
		}
	}
	if row.Status.RenewalUnknown {
		l.text(theme.Faint, "Renewal unknown: its request was not read yet.")
	}
	if row.Item.Vanished() {
		l.text(theme.Warn, "Not listed since "+view.Moment(row.Item.ListedAt)+".")
	}
	l.gap()
}

func (l *lines) request(row view.Row) {
	r := row.Item.Request
	if r == nil {
		return
	}
	title := "REQUEST"
	if r.ID != "" {
		title += " " + r.ID
	}
	l.add(l.t.Paint(theme.Title, title))
	status := r.Status
	if r.Gone {
		status = "gone; last known: " + r.Status
	}
	l.pair("status", status)
	if r.CancelAsked && r.Phase == model.PhaseInProgress {
		l.pair("", "cancellation asked, not confirmed")
	}
	l.pair("remark", r.Details)
	l.pair("error", r.ErrorCode)
	l.pair("", r.ErrorMessage)
	l.pair("issuer", issuer(r.Issuer))
	l.pair("since", view.Moment(row.Status.Since))
	l.pair("read", view.Moment(row.Item.RequestReadAt))
	l.csr(r.CSR)
	if r.Replaced != "" {
		l.text(theme.Warn, "It took the place of request "+r.Replaced+", which was in progress: another client may have replaced it.")
	}
	l.gap()
}

func (l *lines) csr(der []byte) {
	if len(der) == 0 {
		return
	}
	info, err := x5c.ParseCSR(der)
	if err != nil {
		l.pair("CSR", "can't be used: "+view.Clean(err.Error()))
		return
	}
	l.pair("subject", view.Clean(info.Subject.String()))
	l.pair("sans", names(info.DNSNames))
	l.pair("key", x5c.KeyType(info.PublicKey)+", stays in the vault")
	if id, err := x5c.PublicKeyID(der); err == nil {
		l.pair("key id", "sha256 "+id)
	}
}

func issuer(i model.Issuer) string {
	if i.Manual() {
		return "Unknown (manual)"
	}
	if i.CertificateType != "" {
		return i.Name + ", " + i.CertificateType
	}
	return i.Name
}

func names(all []string) string { return strings.Join(all, "\n") }

func (l *lines) certificate(row view.Row) {
	c := &row.Item.Certificate
	if !c.Issued {
		return
	}
	title := "CERTIFICATE"
	if c.Version != "" {
		title += " " + c.Version
	}
	l.add(l.t.Paint(theme.Title, title))
	l.pair("subject", c.Subject)
	l.pair("issuer", c.Issuer)
	l.pair("sans", names(c.SANs.All()))
	l.pair("key", c.KeyType)
	l.pair("serial", c.Serial)
	l.pair("sha1", c.Thumbprint)
	l.pair("from", view.Moment(c.NotBefore))
	l.pair("until", view.Moment(c.NotAfter))
	if left, ok := c.LifeLeft(l.now); ok && left > 0 {
		l.pair("life left", fmt.Sprintf("%s %.0f %%, %d days", l.t.Bar(left, 10), 100*left, view.Days(l.now, c.NotAfter)))
	}
	if !c.Enabled {
		l.pair("enabled", "no")
	}
	for k, v := range sorted(c.Tags) {
		l.pair("tag", k+"="+v)
	}
	l.gap()
}

func (l *lines) timeline(events []model.Event) {
	if len(events) == 0 {
		return
	}
	l.add(l.t.Paint(theme.Title, "TIMELINE"))
	for _, e := range events {
		l.add(l.t.Paint(theme.Faint, e.At.Local().Format("01-02 15:04")) + "  " + e.Text)
	}
}

// Meaning explains a row's state in sentences: what it means, what to do, who.
func Meaning(row view.Row) []string {
	r := row.Item.Request
	switch row.Status.State {
	case model.StateWaitsMerge:
		return []string{"You: have the CSR signed, and merge."}
	case model.StateInProgress:
		return []string{"The issuer works on it. It is read again as often as the vault allows; nothing has to be done here."}
	case model.StateCancelAsked:
		return []string{"Cancellation was asked and is not confirmed. It may still complete instead."}
	case model.StateFailed:
		return failed(r)
	case model.StateCancelled:
		return []string{"The request was cancelled. A signed certificate can still be merged, or the request deleted."}
	case model.StateGone:
		if r == nil {
			return []string{"No certificate was ever issued here, and there is no request. The object keeps the name; a new request can be made under it."}
		}
		return []string{"The vault no longer knows this request: it was deleted, or replaced and deleted. What stands below is its last known state."}
	case model.StateExpired:
		return []string{"Clients refuse it. Make a new version."}
	case model.StateExpires:
		return []string{"Little life is left. Make a new version."}
	case model.StateCompleted:
		return []string{"The request was completed; the new version is live."}
	case model.StateUnknown:
		if r != nil {
			return []string{"The vault says «" + r.Status + "», which this program does not know. It is not taken for finished."}
		}
		return []string{"Its request was not read yet."}
	default:
		return nil
	}
}

func failed(r *model.Request) []string {
	if strings.EqualFold(r.ErrorCode, model.IssuerErrorCode) {
		return []string{"The CA could not issue it: the trouble is on the CA's side. Ask the CA, then create again."}
	}
	return []string{"The CA refused the request: change what it names, then create again."}
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
