package manual

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"certty/ui/cli/command"
)

// roff writes a page in the language of man(7), as groff and mandoc both read it.
type roff struct{ bytes.Buffer }

// page is that of one command. Its date is the source's, where the build recorded
// it, so that two builds of one source make the same pages.
func page(cmd *cobra.Command, program command.Program) []byte {
	set := flagsOf(cmd) // first: it completes the use line
	var r roff
	r.WriteString(".TH " + strings.ToUpper(file(cmd)) + ` 1 "` + day(program.CommitTime) + `" "certty ` + escape(program.Version) + `" certty` + "\n")
	r.section("NAME")
	r.line(file(cmd) + " - " + cmd.Short)
	r.section("SYNOPSIS")
	r.line(cmd.UseLine())
	r.section("DESCRIPTION")
	r.text(cmd.Long)
	if commands := below(cmd); len(commands) > 0 {
		r.section("COMMANDS")
		for _, c := range commands {
			r.item(bold(c.CommandPath()), c.Short)
		}
	}
	if set.HasFlags() {
		r.section("OPTIONS")
		set.VisitAll(r.flag)
	}
	if cmd.Example != "" {
		r.section("EXAMPLES")
		r.block(strings.Split(cmd.Example, "\n"))
	}
	if cmd.Runnable() && cmd.Name() != "check" { // which has those of monitoring, and says so
		r.section("EXIT STATUS")
		for _, c := range command.ExitCodes() {
			r.item(bold(fmt.Sprint(c.Code)), c.Says)
		}
	}
	if related := also(cmd); len(related) > 0 {
		r.section("SEE ALSO")
		r.WriteString(strings.Join(related, ", ") + "\n")
	}
	return r.Bytes()
}

// day is that of a time in the form of RFC 3339, or nothing.
func day(commit string) string {
	if _, err := time.Parse(time.RFC3339, commit); err != nil {
		return ""
	}
	return commit[:len(time.DateOnly)]
}

// file names the page of a command.
func file(cmd *cobra.Command) string {
	return strings.ReplaceAll(cmd.CommandPath(), " ", "-")
}

// also are the pages of the command above and of those below.
func also(cmd *cobra.Command) []string {
	var out []string
	if cmd.HasParent() {
		out = append(out, bold(file(cmd.Parent()))+"(1)")
	}
	for _, c := range below(cmd) {
		out = append(out, bold(file(c))+"(1)")
	}
	return out
}

func (r *roff) section(title string) { r.WriteString(".SH " + title + "\n") }

func (r *roff) line(text string) { r.WriteString(escape(text) + "\n") }

func (r *roff) item(head, text string) {
	r.WriteString(".TP\n" + head + "\n")
	r.line(text)
}

// text fills paragraphs and leaves indented lines as they are.
func (r *roff) text(long string) {
	var kept []string
	apart := false // a paragraph ended, and nothing has followed it yet
	keep := func() {
		if len(kept) > 0 {
			r.WriteString(".PP\n")
			r.block(kept)
			apart = true
		}
		kept = nil
	}
	for line := range strings.SplitSeq(long, "\n") {
		switch {
		case strings.HasPrefix(line, " "), strings.HasPrefix(line, "\t"):
			kept = append(kept, strings.ReplaceAll(line, "\t", "    "))
		case line == "":
			keep()
			apart = true
		default:
			keep()
			if apart {
				r.WriteString(".PP\n")
			}
			apart = false
			r.line(line)
		}
	}
	keep()
}

// block keeps lines as they are.
func (r *roff) block(lines []string) {
	r.WriteString(".nf\n")
	for _, line := range lines {
		r.line(line)
	}
	r.WriteString(".fi\n")
}

func (r *roff) flag(f *pflag.Flag) {
	value, usage := described(f)
	head := bold("--" + f.Name)
	if f.Shorthand != "" {
		head = bold("-"+f.Shorthand) + ", " + head
	}
	if value != "" {
		head += ` \fI` + escape(value) + `\fR`
	}
	r.item(head, usage)
}

func bold(text string) string { return `\fB` + escape(text) + `\fR` }

// signs are those that groff reads or typesets otherwise: examples have to be
// copied as they stand.
var signs = strings.NewReplacer(
	`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`,
)

// escape is text that is shown as it is. It must not begin with what would be a
// request, and has no sign beyond ASCII that an old man can't read.
func escape(text string) string {
	var out strings.Builder
	for _, c := range signs.Replace(text) {
		if c > '~' {
			fmt.Fprintf(&out, `\[u%04X]`, c)
		} else {
			out.WriteRune(c)
		}
	}
	if s := out.String(); !strings.HasPrefix(s, ".") {
		return s
	}
	return `\&` + out.String()
}
