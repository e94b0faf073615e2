package account

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"certty/model"
	"certty/ui/theme"
)

// soon is how long before its end a validation is warned of.
const soon = 30 * 24 * time.Hour

// last is the end of a validation: the whole of its last day counts.
func last(day time.Time) time.Time { return day.AddDate(0, 0, 1) }

// left says how long it is to the end of a day.
func left(day, now time.Time) string {
	switch days := int(last(day).Sub(now) / (24 * time.Hour)); {
	case !now.Before(last(day)):
		return "over"
	case days == 0:
		return "ends today"
	case days == 1:
		return "1 day left"
	default:
		return fmt.Sprintf("%d days left", days)
	}
}

// byTrouble lists first the domains that hold orders up, then those that are not
// validated, then those whose validation ends first.
func (m *maker) byTrouble() []*model.Domain {
	all := make([]*model.Domain, len(m.account.Domains))
	for i := range m.account.Domains {
		all[i] = &m.account.Domains[i]
	}
	slices.SortStableFunc(all, func(a, b *model.Domain) int {
		return cmp.Or(
			gone(a.GoneSince, b.GoneSince),
			cmp.Compare(len(m.held[b.ID]), len(m.held[a.ID])),
			cmp.Compare(rank(a.Trouble(m.now) == ""), rank(b.Trouble(m.now) == "")),
			cmp.Compare(rank(a.Expires.IsZero()), rank(b.Expires.IsZero())),
			a.Expires.Compare(b.Expires),
			strings.Compare(a.Name, b.Name))
	})
	return all
}

func (m *maker) domain(d *model.Domain) *entry {
	e := &entry{key: key(d.ID, d.Name), id: idText(d.ID), name: d.Name, domain: d, glyph: m.glyphs.Good, role: theme.Good, state: "validated"}
	e.said = append(e.said, fmt.Sprintf("%s: domain, id %d", d.Name, d.ID))
	until, days := "", ""
	if !d.Expires.IsZero() {
		until, days = d.Expires.Format(time.DateOnly), strings.NewReplacer(" days left", "d", " day left", "d").Replace(left(d.Expires, m.now))
	}
	switch trouble := d.Trouble(m.now); {
	case m.vanished(e, d.GoneSince):
	case trouble != "":
		e.glyph, e.role, e.state = m.glyphs.Failed, theme.Bad, m.troubleWord(d)
		e.said = append(e.said, "Nothing can be ordered in it: it "+trouble+".")
	case d.Validation == "":
		e.glyph, e.role, e.state = m.glyphs.Waits, theme.Text, "not told"
		e.said = append(e.said, "The account does not tell how its validation stands.")
	case until == "":
		e.said = append(e.said, "Validated; the account does not tell until when.")
	default:
		if last(d.Expires).Sub(m.now) < soon {
			e.glyph, e.role, e.state = m.glyphs.Warn, theme.Warn, "ends soon"
		}
		e.said = append(e.said, "Validated until "+until+": "+left(d.Expires, m.now)+".")
	}
	holds := ""
	if held := m.held[d.ID]; len(held) > 0 {
		holds = model.Count(len(held), "order", "orders")
		texts := make([]string, len(held))
		for i, h := range held {
			texts[i] = h.String()
		}
		e.said = append(e.said, "Holds up: "+strings.Join(texts, "; ")+".")
	}
	if len(d.Organizations) > 0 {
		e.said = append(e.said, "Delegated to "+m.named(d.Organizations)+".")
	} else {
		e.said = append(e.said, "Delegated for TLS to no organization that this administrator sees, or the account does not tell.")
	}
	if d.Method != "" {
		e.said = append(e.said, "Proof by "+d.Method+".")
	}
	e.more = []string{until, days, holds}
	return e
}

// troubleWord is what is wrong with a domain, in a word or two.
func (m *maker) troubleWord(d *model.Domain) string {
	switch {
	case d.State != "" && !strings.EqualFold(d.State, "active"):
		return "switched off"
	case !d.Expires.IsZero() && !m.now.Before(last(d.Expires)):
		return "ended"
	}
	return "not validated"
}
