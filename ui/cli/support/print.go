package support

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"
	"time"
)

// write prints the report for people.
func (r *report) write(b *bytes.Buffer) {
	p := r.Program
	fmt.Fprintf(b, "certty support, made %s", moment(r.MadeAt))
	if r.Redacted {
		b.WriteString(", names and hosts replaced")
	}
	b.WriteString("\n")
	section(b, "Program")
	row(b, "version", p.Version)
	row(b, "commit", strings.TrimSpace(p.Commit+" "+p.CommitTime))
	if p.Modified {
		row(b, "", "with changes that are not committed")
	}
	row(b, "built with", p.Go)
	row(b, "for", p.OS+"/"+p.Arch)
	section(b, "Terminal")
	row(b, "person", fmt.Sprint(r.Terminal.Person))
	row(b, "width", fmt.Sprint(r.Terminal.Width))
	row(b, "ssh", fmt.Sprint(r.Terminal.SSH))
	for _, s := range r.Terminal.Settings {
		row(b, s.Name, s.text())
	}
	row(b, "also set", strings.Join(r.Environment, " "))
	section(b, "Configuration")
	row(b, "file", cmp.Or(r.Configuration.File, "none"))
	for _, problem := range r.Configuration.Problems {
		row(b, "problem", problem)
	}
	for _, s := range r.Configuration.Settings {
		fmt.Fprintf(b, "  %s: %s\n", s.Name, s.text())
	}
	section(b, "Local state")
	row(b, "state", r.State.StateDir)
	row(b, "cache", r.State.CacheDir)
	row(b, "journal", r.State.Journal)
	row(b, "error", r.State.Error)
	for _, note := range r.State.Notes {
		row(b, "note", note)
	}
	for _, t := range r.Targets {
		t.write(b)
	}
	r.writeErrors(b)
	section(b, "Libraries")
	for _, m := range p.Modules {
		fmt.Fprintf(b, "  %s %s\n", m.Path, m.Version)
	}
}

func (t *target) write(b *bytes.Buffer) {
	section(b, "Target "+t.Name)
	row(b, "kind", t.Kind)
	row(b, "address", t.Address)
	row(b, "read-only", fmt.Sprint(t.ReadOnly))
	if t.Sandbox {
		row(b, "sandbox", "true")
	}
	if t.Latch != nil {
		row(b, "latched", moment(t.Latch.At)+": "+t.Latch.Reason)
	}
	var able []string
	for _, c := range t.Capabilities {
		if c.Able {
			able = append(able, c.Name)
		}
	}
	row(b, "can", strings.Join(able, ", "))
	for _, c := range t.Capabilities {
		if !c.Able {
			row(b, "can't", c.Name+": "+c.Why)
		}
	}
}

func (r *report) writeErrors(b *bytes.Buffer) {
	section(b, "Changes whose end is not known")
	for _, c := range r.Unfinished {
		fmt.Fprintf(b, "  %s  %s %s/%s by %s\n", moment(c.At), c.Op, c.Target, c.Name, c.Actor)
	}
	if len(r.Unfinished) == 0 {
		b.WriteString("  none\n")
	}
	section(b, "Last errors, newest first")
	for _, f := range r.Errors {
		fmt.Fprintf(b, "  %s  %s %s", moment(f.At), f.From, f.Op)
		if f.Target != "" {
			b.WriteString(" " + f.Target)
		}
		if f.Name != "" {
			b.WriteString("/" + f.Name)
		}
		if f.Result != "" {
			b.WriteString(": " + f.Result)
		}
		if f.Times > 1 {
			fmt.Fprintf(b, " (%d times)", f.Times)
		}
		b.WriteString("\n")
		for _, part := range [][2]string{{"status", f.Status}, {"code", f.Code}, {"request id", f.RequestID}, {"text", f.Text}} {
			if part[1] != "" {
				fmt.Fprintf(b, "      %s: %s\n", part[0], part[1])
			}
		}
	}
	if len(r.Errors) == 0 {
		b.WriteString("  none\n")
	}
}

func section(b *bytes.Buffer, title string) { fmt.Fprintf(b, "\n%s\n", title) }

// row prints what is known under a word.
func row(b *bytes.Buffer, word, value string) {
	if value != "" {
		fmt.Fprintf(b, "  %-10s %s\n", word, value)
	}
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339) }
