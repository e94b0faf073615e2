package validation

import (
	"cmp"
	"strings"
	"time"

	"certty/model"
	"certty/model/timetext"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
)

// page is text with values that have names.
type page struct{ view.Page }

func (p *page) pair(name, value string) {
	const label = 12
	for i, line := range box.Wrap(value, max(1, p.Width-label)) {
		if i > 0 {
			name = ""
		}
		p.Lines = append(p.Lines, p.Theme.Paint(theme.Faint, box.Fit(name, label, ""))+line)
	}
}

// View draws the domains and, of the chosen one, everything.
func (v *View) View() []string {
	w := min(sheet.Width, v.w)
	p := &page{view.Page{Theme: v.s.Theme, Width: max(1, w-4)}}
	v.draw(p)
	v.top = max(0, min(v.top, len(p.Lines)-(v.h-2)))
	title := "Validation of " + v.s.Data.Name(v.ref)
	if row, ok := v.s.Data.Row(v.ref); ok {
		title = "Validation of " + view.Called(row.Item)
	}
	return box.Frame(v.s.Theme, title, p.Lines[v.top:], w, v.h)
}

func (v *View) draw(p *page) {
	if why := v.whyNoRead(); why != "" {
		p.Add(theme.Text, "Not known: "+why+".")
		return
	}
	if v.read == nil {
		p.Add(theme.Waits, "Asking the account.")
		return
	}
	if v.read.Err != nil {
		p.AddUnread(v.read.Err)
		p.Add(theme.Text, "")
	}
	told := &v.read.Validation
	if told.Trouble != "" {
		p.Add(theme.Bad, "The CA says: "+told.Trouble)
		p.Add(theme.Text, "")
	}
	if len(told.Domains) == 0 {
		if v.read.Err == nil {
			p.Add(theme.Text, "The account tells of no domain that this order waits for.")
		}
		return
	}
	v.list(p)
	p.Add(theme.Text, "")
	v.chosen(p, &told.Domains[v.at])
	if v.call.Running() {
		p.Add(theme.Waits, "The CA is asked to look again.")
	}
}

// list names each domain with how it stands.
func (v *View) list(p *page) {
	t := v.s.Theme
	for i := range v.read.Validation.Domains {
		d := &v.read.Validation.Domains[i]
		glyph, role, state := t.Glyphs.Waits, theme.Waits, "not validated"
		if d.Valid {
			glyph, role, state = t.Glyphs.Good, theme.Good, "validated"
		}
		if !d.Expires.IsZero() {
			state += " until " + day(d.Expires)
		}
		if d.Method != "" {
			state += ", " + d.Method
		}
		marker, name := "  ", d.Domain
		if i == v.at {
			marker, name = "> ", t.Paint(theme.Selected, d.Domain)
		}
		p.Lines = append(p.Lines, box.Fit(marker+t.Paint(role, glyph)+" "+name+"  "+state, p.Width, t.Glyphs.Ellipsis))
	}
}

func (v *View) chosen(p *page, d *model.DomainValidation) {
	p.Add(theme.Title, strings.ToUpper("to publish for ")+d.Domain)
	proof, ok := d.Proof()
	switch {
	case d.Valid:
		p.Add(theme.Text, "Nothing: control of the domain is proved.")
	case ok && proof.Kind != "":
		p.Add(theme.Text, "A DNS record. Whoever runs the DNS of the domain publishes it.")
		p.pair("type", proof.Kind)
		p.pair("name", proof.Name)
		p.pair("value", proof.Value)
	case ok && proof.Value != "":
		p.Add(theme.Text, "A file on the web server of the domain.")
		p.pair("address", proof.Name)
		p.pair("content", proof.Value)
	case ok:
		p.Add(theme.Text, "An answer to the mail that the CA sent there.")
		p.pair("mailbox", proof.Name)
	default:
		p.Add(theme.Text, "The account does not tell what. An administrator of the account starts the domain's validation; its domain list shows the record then.")
	}
	p.Add(theme.Text, "")
	p.pair("status", cmp.Or(d.Status, "not told"))
	if d.OrderStatus != "" {
		p.pair("proof", d.OrderStatus)
	}
	p.pair("last look", moment(d.LastCheck))
	p.pair("next look", moment(d.NextCheck))
	if others := v.others(d.Domain); len(others) > 0 {
		p.pair("holds up", strings.Join(others, "\n"))
	}
	p.pair("read", timetext.Moment(v.read.Validation.ReadAt))
}

// others are the other open orders of the account that wait for a domain, or
// for a name below it.
func (v *View) others(domain string) []string {
	var out []string
	for _, row := range v.s.Data.Rows() {
		it := row.Item
		if it.Ref.Target != v.ref.Target || it.Ref == v.ref || it.Order == nil || !it.Order.Phase.Open() {
			continue
		}
		if waitsFor(it.Order, domain) {
			out = append(out, it.Name()+" (order "+it.Order.ID+")")
		}
	}
	return out
}

// waitsFor goes by what the CA told of the order, else by its names.
func waitsFor(o *model.Order, domain string) bool {
	if o.Validation != nil {
		for _, d := range o.Validation.Waiting() {
			if strings.EqualFold(d.Domain, domain) {
				return true
			}
		}
		return false
	}
	for _, name := range append([]string{o.CommonName}, o.SANs...) {
		name, domain := strings.ToLower(name), strings.ToLower(domain)
		if name == domain || strings.HasSuffix(name, "."+domain) {
			return true
		}
	}
	return false
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "not told"
	}
	return timetext.Moment(t)
}

// day is a date as the account tells it, without a time and a zone.
func day(t time.Time) string { return t.Format("2006-01-02") }
