package app

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"certty/backend"
	"certty/backend/poll"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// wide is the width from which the header has a line for the targets' health
// of its own.
const wide = 100

func (m *Model) resize(w, h int) {
	m.w, m.h = w, h
	bw, bh := m.body()
	m.base.SetSize(bw, bh)
	for _, v := range m.stack {
		v.SetSize(bw, bh)
	}
}

func (m *Model) headerLines() int {
	if m.w >= wide {
		return 3
	}
	return 2
}

// footerLines are a rule, the status and the hints.
const footerLines = 3

func (m *Model) body() (w, h int) {
	return max(0, m.w), max(0, m.h-m.headerLines()-footerLines)
}

// frame draws exactly the screen's height, and no line wider than it.
func (m *Model) frame() string {
	if m.w <= 0 || m.h <= 0 {
		return ""
	}
	if m.w < minWidth || m.h < minHeight {
		return m.tooSmall()
	}
	g := m.s.Theme.Glyphs
	w, h := m.body()
	lines := make([]string, 0, m.h)
	lines = append(lines, m.header()...)
	body := height(m.base.View(), h)
	for i, v := range m.stack {
		if i == 0 {
			// What lies over it is cut in at cells.
			body = box.Clamp(body, w, h, g.Ellipsis)
		}
		body = box.Over(body, v.View(), w)
	}
	lines = append(lines, body...)
	lines = append(lines, m.rule(), box.Fit(m.status(), m.w, g.Ellipsis), m.hints())
	return m.s.Theme.Finish(strings.Join(height(lines, m.h), "\n"))
}

// height makes exactly h lines of lines. Their width is their makers' matter:
// measuring every line of every frame again costs more than drawing it.
func height(lines []string, h int) []string {
	if len(lines) >= h {
		return lines[:h]
	}
	return append(lines, make([]string, h-len(lines))...)
}

func (m *Model) tooSmall() string {
	lines := []string{"certty", "screen too small", "ctrl+c quits"}
	return m.s.Theme.Finish(strings.Join(box.Clamp(lines, m.w, m.h, ""), "\n"))
}

func (m *Model) rule() string {
	return m.s.Theme.Paint(theme.Border, strings.Repeat(m.s.Theme.Glyphs.Line, m.w))
}

func (m *Model) header() []string {
	t := m.s.Theme
	name := " " + t.Paint(theme.Title, "certty")
	if m.readOnly {
		name += "  " + t.Paint(theme.Warn, "READ-ONLY")
	}
	if m.w >= wide {
		if m.sandbox {
			name += "   " + t.Paint(theme.Sandbox, "SANDBOX: nothing leaves this machine")
		}
		return []string{
			m.spread(name, t.Paint(theme.Key, "?")+" help   "+t.Paint(theme.Key, ":")+" commands "),
			m.spread(" "+m.health(), m.counts()),
			m.rule(),
		}
	}
	if m.sandbox {
		name += "  " + t.Paint(theme.Sandbox, "SANDBOX")
	}
	return []string{m.spread(name+"  "+m.health(), m.counts()), m.rule()}
}

// spread puts right at the right edge; left gives way.
func (m *Model) spread(left, right string) string {
	room := max(0, m.w-ansi.StringWidth(right))
	return box.Fit(left, room, m.s.Theme.Glyphs.Ellipsis) + right
}

func (m *Model) counts() string {
	c := m.s.Data.Counts()
	t := m.s.Theme
	failed, waiting := plural(c.Failed, "failed"), plural(c.Waiting, "waiting")
	if c.Failed > 0 {
		failed = t.Paint(theme.Bad, failed)
	}
	if c.Waiting > 0 {
		waiting = t.Paint(theme.Waits, waiting)
	}
	return failed + "  " + waiting + " "
}

// health says of each target how many rows it has and how old they are;
// trouble is named where it is, with the time it ends.
func (m *Model) health() string {
	var parts []string
	for _, name := range m.s.Data.Targets() {
		state, ok := m.s.Data.State(name)
		parts = append(parts, m.targetHealth(name, state, ok))
	}
	return strings.Join(parts, "   ")
}

func (m *Model) targetHealth(name string, s poll.State, known bool) string {
	t := m.s.Theme
	g := t.Glyphs
	if m.signIns.of(name) {
		return t.Paint(theme.Waits, g.Waits+" "+name+" signing in")
	}
	if !known || s.Snapshot == nil {
		return g.Waits + " " + name + " opening"
	}
	now := m.s.Data.Now
	text := name
	if m.w >= wide {
		text += " " + strconv.Itoa(s.Snapshot.Len())
	}
	age := view.Age(now, s.Snapshot.SweptAt())
	switch {
	case s.Latched:
		return t.Paint(theme.Bad, g.Trouble+" "+text+aged(age)+": login refused, R retries")
	case s.PausedUntil.After(now) && backend.KindOf(s.Err) == backend.KindThrottled:
		return t.Paint(theme.Warn, g.Trouble+" "+text+aged(age)+": throttled until "+s.PausedUntil.Local().Format("15:04"))
	case s.Err != nil:
		return t.Paint(theme.Warn, g.Trouble+" "+text+aged(age)+": "+view.Trouble(s.Err))
	case s.PartErr != nil:
		return t.Paint(theme.Warn, g.Warn+" "+text+" "+age+", not all readable")
	case age == "":
		return t.Paint(theme.Waits, g.Waits) + " " + text + " loading"
	}
	return t.Paint(theme.Good, g.Good) + " " + text + " " + age
}

func aged(age string) string {
	if age == "" {
		return ", never read"
	}
	return ", " + age + " old"
}

// status is one line: trouble that stays, then news, then what is listed.
func (m *Model) status() string {
	t := m.s.Theme
	if m.trouble != "" {
		return " " + t.Paint(theme.Bad, t.Glyphs.Cross+" "+m.trouble)
	}
	for _, name := range m.s.Data.Targets() {
		if s, ok := m.s.Data.State(name); ok && s.KeeperErr != nil {
			return " " + t.Paint(theme.Bad, t.Glyphs.Cross+" not kept on disk: "+view.Clean(s.KeeperErr.Error()))
		}
	}
	if said := m.toast.View(t); said != "" {
		return " " + said
	}
	if waits := m.waitingSignIns(); waits != "" {
		return " " + waits
	}
	if m.unread != nil {
		return " " + t.Paint(theme.Bad, t.Glyphs.Cross+" the timeline can't be read: "+view.Clean(m.unread.Error()))
	}
	return " " + m.base.Status()
}

// hints are the keys that do something here now, as many as fit.
func (m *Model) hints() string {
	t := m.s.Theme
	top := m.top()
	if top.Capturing() {
		return ""
	}
	line, width := "", 0
	for _, a := range keys.Hints(m.actions()) {
		label := a.Label()
		if label == "⏎" {
			label = t.Glyphs.Enter
		}
		w := 3 + ansi.StringWidth(label) + ansi.StringWidth(a.Help)
		if width+w > m.w {
			break
		}
		line += " " + t.Paint(theme.Key, label) + " " + a.Help + " "
		width += w
	}
	return line
}

func plural(n int, word string) string { return strconv.Itoa(n) + " " + word }
