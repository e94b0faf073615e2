package doctor

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"certty/backend/doctor"
	"certty/ui/cli/jsontext"
)

// writeText prints what was found, for people.
func writeText(w io.Writer, here []doctor.Check, reports []report) error {
	b := bufio.NewWriter(w)
	_, _ = fmt.Fprintln(b, "this machine") // Flush tells
	writeChecks(b, here)
	for _, r := range reports {
		_, _ = fmt.Fprintf(b, "\n%s  %s  %s\n", r.info.Name, r.info.Kind, r.info.Address)
		for _, part := range parts(r.checks) {
			_, _ = fmt.Fprintln(b, " ", part.title)
			writeChecks(b, part.checks)
		}
	}
	_, _ = fmt.Fprintln(b, "\na firewall has to let this machine through to")
	for _, n := range needed(reports) {
		_, _ = fmt.Fprintf(b, "  %-40s  %s\n", n.Address, n.For)
	}
	return b.Flush()
}

// part is the checks of one endpoint, or of the credential.
type part struct {
	title  string
	checks []doctor.Check
}

func parts(checks []doctor.Check) []part {
	var out []part
	for _, c := range checks {
		title := "the credential"
		if c.Host != "" {
			title = c.Host + ", " + c.For
		}
		if len(out) == 0 || out[len(out)-1].title != title {
			out = append(out, part{title: title})
		}
		last := &out[len(out)-1]
		last.checks = append(last.checks, c)
	}
	return out
}

func writeChecks(w io.Writer, checks []doctor.Check) {
	const line = "    %-7s  %-27s  %s\n"
	for _, c := range checks {
		_, _ = fmt.Fprintf(w, line, c.Verdict, c.What, c.Text)
		if c.Fix != "" {
			_, _ = fmt.Fprintf(w, line, "", "", "→ "+c.Fix)
		}
	}
}

// need is a host that has to be reached, and what for.
type need struct {
	// Address is host and port.
	Address string `json:"address"`
	// For says which targets need it, and what for.
	For string `json:"for"`
}

// needed lists each host once.
func needed(reports []report) []need {
	var out []need
	for _, r := range reports {
		for _, e := range r.endpoints {
			n := need{e.Address(), r.info.Name + ": " + e.For}
			if i := slices.IndexFunc(out, func(o need) bool { return o.Address == n.Address }); i < 0 {
				out = append(out, n)
			} else if !strings.Contains(out[i].For, n.For) {
				out[i].For += ", " + n.For
			}
		}
	}
	return out
}

// schemaVersion is that of the JSON document.
const schemaVersion = 1

// document is the report as data.
type document struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// ThisMachine is what was found here, whatever the target.
	ThisMachine []check `json:"this_machine"`
	// Targets says what was found of each target.
	Targets []target `json:"targets"`
	// Firewall lists what this machine has to get through to.
	Firewall []need `json:"firewall"`
}

// target is what was found of one target.
type target struct {
	// Name is the configured name.
	Name string `json:"name"`
	// Kind is the kind of target, vault or scm.
	Kind string `json:"kind"`
	// Address is the URL of the vault or account.
	Address string `json:"address"`
	// Checks are what was looked at, from the bottom up.
	Checks []check `json:"checks"`
}

// check is one thing that was looked at.
type check struct {
	// Host is the host that it is about; absent for the credential, and for this
	// machine.
	Host string `json:"host,omitempty"`
	// What was looked at.
	What string `json:"what"`
	// Verdict is how it stands.
	Verdict string `json:"verdict"`
	// Text says what was found.
	Text string `json:"text"`
	// Fix is what to do, and who can.
	Fix string `json:"fix,omitempty"`
}

func data(checks []doctor.Check) []check {
	out := make([]check, len(checks))
	for i, c := range checks {
		out[i] = check{Host: c.Host, What: c.What, Verdict: c.Verdict.String(), Text: c.Text, Fix: c.Fix}
	}
	return out
}

// writeJSON prints what was found, for programs.
func writeJSON(w io.Writer, here []doctor.Check, reports []report) error {
	d := document{SchemaVersion: schemaVersion, ThisMachine: data(here), Targets: []target{}, Firewall: append([]need{}, needed(reports)...)}
	for _, r := range reports {
		d.Targets = append(d.Targets, target{Name: r.info.Name, Kind: r.info.Kind, Address: r.info.Address, Checks: data(r.checks)})
	}
	return jsontext.Print(w, d)
}
