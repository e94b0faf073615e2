package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"certty/ui/cli/row"
)

// kind is what a finding is about. The kinds are in the order of the output.
type kind int

const (
	kindTrouble kind = iota
	kindTarget
	kindUnused
	kindExpired
	kindExpiring
	kindUntold
	kindDoubt
	kindFailed
	kindStuck
	kindUncollected
	kindDomain
	kindPassword
)

// phrases say several findings of a kind in a word, after their number.
var phrases = map[kind]string{
	kindTrouble: "problems", kindTarget: "targets not read", kindUnused: "names without a certificate in use", kindExpired: "expired",
	kindExpiring: "expiring", kindUntold: "whose end is not told", kindDoubt: "orders in doubt", kindFailed: "failed", kindStuck: "stuck",
	kindUncollected: "not collected or delivered", kindDomain: "domain validations", kindPassword: "passwords",
}

// finding is one thing that is not as it should be.
type finding struct {
	level level
	kind  kind
	// name is what it is about; "" for the check itself.
	name, text string
	// span is what is left, or how long it has lasted.
	span time.Duration
}

// String is the finding in one line.
func (f *finding) String() string {
	if f.name == "" {
		return f.text
	}
	return f.name + ": " + f.text
}

func compareFindings(a, b finding) int {
	return cmp.Or(cmp.Compare(b.level, a.level), cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name))
}

// report is everything that is said.
type report struct {
	findings []finding
	// reads say how each target was read, looked are the same as data.
	reads  []string
	looked []row.Target
	perf   perfdata

	targets, untold                          int
	certificates, expiring, expired          int
	requests, stuck, failures, doubt, unread int
	uncollected, domains                     int
}

// add adds a finding. What is OK is none.
func (r *report) add(l level, k kind, name, said string, span time.Duration) {
	if l != levelOK {
		r.findings = append(r.findings, finding{l, k, name, said, span})
	}
}

// worst is the level of the whole.
func (r *report) worst() level {
	worst := levelOK
	for _, f := range r.findings {
		worst = max(worst, f.level)
	}
	return worst
}

// String is the output of the plug-in.
func (r *report) String() string {
	var b strings.Builder
	b.WriteString("CERTTY " + r.worst().String() + " - " + ascii(r.summary()))
	if values := written(r.perf.values(r)); values != "" {
		b.WriteString(" | " + values)
	}
	b.WriteByte('\n')
	verbose := 0
	if r.perf.settings != nil {
		verbose = r.perf.settings.verbose
	}
	if verbose > 0 {
		for i := range r.findings {
			fmt.Fprintf(&b, "%s: %s\n", r.findings[i].level, ascii(cut(r.findings[i].String(), longestLine)))
		}
		if r.unread > 0 {
			fmt.Fprintf(&b, "%d rows whose pending request was never read; --deep reads all\n", r.unread)
		}
	}
	if verbose > 1 {
		for _, line := range r.reads {
			b.WriteString(ascii(line) + "\n")
		}
	}
	return b.String()
}

// summary says the whole in a few words: the gravest kinds first, a single
// finding in full, several by their number.
func (r *report) summary() string {
	if len(r.findings) == 0 {
		return r.fine()
	}
	var said []string
	for rest := r.findings; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].kind == rest[0].kind && rest[n].level == rest[0].level {
			n++
		}
		said = append(said, r.phrase(rest[:n]))
		rest = rest[n:]
	}
	return strings.Join(said, ", ")
}

// longestFinding bounds what a single finding takes of the first line,
// longestLine what it has in a line of its own, for which --verbose is: an error
// may hold a whole page.
const longestFinding, longestLine = 160, 500

// phrase says findings of one kind and level.
func (r *report) phrase(of []finding) string {
	first := &of[0]
	var limit string
	if s := r.perf.settings; s != nil && first.kind == kindExpiring {
		limit = s.life.limit(first.level)
	}
	if len(of) == 1 {
		return cut(first.String(), longestFinding) + limit
	}
	bySpan := func(a, b finding) int { return cmp.Compare(a.span, b.span) }
	said := fmt.Sprintf("%d %s", len(of), phrases[first.kind])
	switch first.kind {
	case kindExpiring:
		said += limit + " in " + span(slices.MinFunc(of, bySpan).span) + " the first"
	case kindStuck, kindUncollected:
		said += " up to " + span(slices.MaxFunc(of, bySpan).span)
	case kindTarget:
		said = fmt.Sprintf("%d of %d targets not read", len(of), r.targets)
	case kindDomain:
		said += " end in " + span(slices.MinFunc(of, bySpan).span) + " the first"
	}
	return said
}

// fine says what was found in order.
func (r *report) fine() string {
	said := fmt.Sprintf("%d certificates, %d requests open", r.certificates, r.requests)
	if least, ok := r.perf.least(); ok {
		said += ", " + least
	}
	return said
}

// cut shortens a text to at most n characters.
func cut(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return string(runes[:n-3]) + "..."
}

// ascii makes a text safe for the line: the plug-in API ends the text at a "|",
// and what is no printable ASCII reaches consoles, mails and web pages that were
// not made for it.
func ascii(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '|' || r < ' ' || r == 0x7f:
		case r > '~':
			b.WriteByte('?')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
