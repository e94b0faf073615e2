package check

import (
	"encoding/json"
	"time"

	"certty/ui/cli/row"
)

// schemaVersion is that of the JSON document. Within one version nothing changes
// its meaning or goes away, and properties may be added.
const schemaVersion = 1

// Document is the result of a check as JSON.
type Document struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// CheckedAt is when it was judged.
	CheckedAt time.Time `json:"checked_at"`
	// State is the worst of what was found, in the words of the guidelines.
	State string `json:"state"`
	// ExitCode is what the program ends with.
	ExitCode int `json:"exit_code"`
	// Summary is what the plug-in's line says.
	Summary string `json:"summary"`
	// Findings are what is not as it should be, the gravest first.
	Findings []Finding `json:"findings"`
	// Targets say how each target was read; none where nothing could be checked.
	Targets []row.Target `json:"targets"`
	// Performance is the performance data.
	Performance []Measure `json:"performance"`
}

// Finding is one thing that is not as it should be.
type Finding struct {
	// State is how grave it is.
	State string `json:"state"`
	// Kind is what it is about.
	Kind string `json:"kind"`
	// Name is the row, target or domain that it is about; absent for the check
	// itself.
	Name string `json:"name,omitzero"`
	// Text says it.
	Text string `json:"text"`
	// Seconds is what is left, or how long it has lasted; absent where that says
	// nothing.
	Seconds int64 `json:"seconds,omitzero"`
}

// Measure is one value of the performance data.
type Measure struct {
	// Label is its name; those with a slash are of rows that were named.
	Label string `json:"label"`
	// Value is the number.
	Value json.Number `json:"value"`
	// Unit is % for a share; absent for counts and days.
	Unit string `json:"unit,omitzero"`
	// Warning is the range that alerts, in the syntax of the guidelines.
	Warning string `json:"warning,omitzero"`
	// Critical is that of CRITICAL.
	Critical string `json:"critical,omitzero"`
	// Least is the least that the value can be.
	Least json.Number `json:"min,omitzero"`
	// Most is the most that the value can be.
	Most json.Number `json:"max,omitzero"`
}

// words name the kinds of findings in the document.
var words = map[kind]string{
	kindTrouble: "trouble", kindTarget: "target", kindUnused: "unused", kindExpired: "expired", kindExpiring: "expiring", kindUntold: "untold",
	kindDoubt: "doubt", kindFailed: "failed", kindStuck: "stuck", kindUncollected: "uncollected", kindDomain: "domain", kindPassword: "password",
}

// document is the report as data.
func (r *report) document(now time.Time) Document {
	d := Document{
		SchemaVersion: schemaVersion, CheckedAt: now.UTC().Truncate(time.Second), State: r.worst().String(), ExitCode: r.worst().code(),
		Summary: r.summary(), Findings: make([]Finding, 0, len(r.findings)), Targets: append([]row.Target{}, r.looked...),
		Performance: append([]Measure{}, r.perf.values(r)...),
	}
	for i := range r.findings {
		f := &r.findings[i]
		d.Findings = append(d.Findings, Finding{
			State: f.level.String(), Kind: words[f.kind], Name: f.name, Text: f.text, Seconds: int64(f.span / time.Second),
		})
	}
	return d
}
