package check

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// perfdata gathers what the performance data tells (Monitoring Plugins
// guidelines, "Performance data"): 'label'=value[UOM];warn;crit;min;max.
type perfdata struct {
	settings *settings
	// share is the least share of a lifetime that is left, days the least of all
	// lives; wait the longest wait; nil where there is none.
	share, days, waits, domains, passwords *float64
	// names are those of the rows that were asked for by name.
	names []Measure
}

func least(to **float64, v float64) {
	if *to == nil || v < **to {
		*to = &v
	}
}

func (p *perfdata) life(share float64, known bool, left time.Duration) {
	if known {
		least(&p.share, share*100)
	}
	least(&p.days, left.Hours()/24)
}

func (p *perfdata) waited(age time.Duration) {
	if days := age.Hours() / 24; p.waits == nil || days > *p.waits {
		p.waits = &days
	}
}

func (p *perfdata) domain(left time.Duration)   { least(&p.domains, left.Hours()/24) }
func (p *perfdata) password(left time.Duration) { least(&p.passwords, left.Hours()/24) }

// name keeps the life of a row that was asked for by name.
func (p *perfdata) name(name string, share float64, known bool, left time.Duration) {
	if known {
		p.names = append(p.names, p.shareOf(name, share*100))
	}
	p.names = append(p.names, p.daysOf(name+" days", left.Hours()/24))
}

// shareOf and daysOf write a life with those thresholds that are of its kind.
func (p *perfdata) shareOf(label string, percent float64) Measure {
	w, c := p.settings.life.ranges(true)
	return value(label, percent, "%", w, c, "0", "100")
}

func (p *perfdata) daysOf(label string, days float64) Measure {
	w, c := p.settings.life.ranges(false)
	return value(label, days, "", w, c, "", "")
}

// ranges are the thresholds that are shares, or those that are spans.
func (p pair) ranges(share bool) (warning, critical string) {
	if p.warning.Share == share {
		warning = p.warning.Range()
	}
	if p.critical.Share == share {
		critical = p.critical.Range()
	}
	return warning, critical
}

// least says the least life in words.
func (p *perfdata) least() (string, bool) {
	switch {
	case p.share != nil:
		return "at least " + decimal(*p.share) + "% of life left", true
	case p.days != nil:
		return "at least " + decimal(*p.days) + "d left", true
	}
	return "", false
}

// values is the performance data of a report; none when nothing was checked.
func (p *perfdata) values(r *report) []Measure {
	if p.settings == nil {
		return nil
	}
	count := func(label string, n int) Measure { return value(label, float64(n), "", "", "", "0", "") }
	var out []Measure
	if s := p.settings; s.wants(partCertificates) {
		out = append(out, count("certificates", r.certificates), count("expiring", r.expiring), count("expired", r.expired))
	}
	if p.share != nil {
		out = append(out, p.shareOf("life", *p.share))
	}
	if p.days != nil {
		out = append(out, p.daysOf("days", *p.days))
	}
	if p.settings.wants(partRequests) {
		out = append(out, count("requests", r.requests), count("stuck", r.stuck), count("failed", r.failures), count("doubt", r.doubt),
			count("uncollected", r.uncollected), count("unread", r.unread))
	}
	for _, m := range []struct {
		label string
		days  *float64
		pair  pair
		min   string
	}{
		{"wait", p.waits, p.settings.wait, "0"},
		{"domain", p.domains, p.settings.domain, ""},
		{"password", p.passwords, p.settings.password, ""},
	} {
		if m.days != nil {
			out = append(out, value(m.label, *m.days, "", m.pair.warning.Range(), m.pair.critical.Range(), m.min, ""))
		}
	}
	out = append(out, value("targets", float64(r.targets), "", "", "", "0", ""), value("untold", float64(r.untold), "", "", "", "0", fmt.Sprint(r.targets)))
	return append(out, p.names...)
}

// value is one value, as exact as it is written.
func value(label string, v float64, uom, warning, critical, least, most string) Measure {
	return Measure{
		Label: label, Value: json.Number(decimal(v)), Unit: uom, Warning: warning, Critical: critical, Least: json.Number(least), Most: json.Number(most),
	}
}

// String is the value as the guidelines write it. What follows the last field that
// says something is left out.
func (m *Measure) String() string {
	said := quoted(m.Label) + "=" + m.Value.String() + m.Unit + ";" + strings.Join([]string{m.Warning, m.Critical, m.Least.String(), m.Most.String()}, ";")
	return strings.TrimRight(said, ";")
}

// written is performance data in one line.
func written(measures []Measure) string {
	words := make([]string, len(measures))
	for i := range measures {
		words[i] = measures[i].String()
	}
	return strings.Join(words, " ")
}

// quoted is a label in single quotes. One within is doubled; "=" would end the
// label for many readers.
func quoted(label string) string {
	label = strings.ReplaceAll(ascii(label), "=", "_")
	return "'" + strings.ReplaceAll(label, "'", "''") + "'"
}
