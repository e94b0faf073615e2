package app

import (
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"certty/backend"
	"certty/backend/poll"
	"certty/model/timetext"
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

// passwordUrgent is how long before its end every screen says that a password
// ends; the targets say it from [model.PasswordSoon] on.
const passwordUrgent = 7 * 24 * time.Hour

// footerLines are a rule, the status and the hints.
const footerLines = 3

// toldLines is how many lines news may take at most.
const toldLines = 4

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
	if len(m.stack) > 0 {
		// What lies over it is cut in at cells.
		body = box.Clamp(body, w, h, g.Ellipsis)
	}
	for _, layer := range m.layers() {
		body = box.Over(body, layer, w)
	}
	foot := m.foot()
	// More lines than there is room for cover the last ones of the body, which
	// stands as it stood.
	lines = append(lines, body[:max(0, len(body)-(len(foot)-(footerLines-1)))]...)
	lines = append(lines, m.rule())
	lines = append(lines, foot...)
	return m.s.Theme.Finish(strings.Join(height(lines, m.h), "\n"))
}

// layers are what lies over the base, the lowest first. Of a frame behind one
// that is as wide only the edges would stick out: it is left out.
func (m *Model) layers() [][]string {
	layers := make([][]string, 0, len(m.stack))
	for _, v := range m.stack {
		top := v.View()
		for n := len(layers); n > 0 && m.framed(layers[n-1]) && m.framed(top) &&
			ansi.StringWidth(layers[n-1][0]) <= ansi.StringWidth(top[0]); n-- {
			layers = layers[:n-1]
		}
		layers = append(layers, top)
	}
	return layers
}

// framed reports whether lines are a frame, and not a screen of their own.
func (m *Model) framed(lines []string) bool {
	return len(lines) > 0 && strings.HasPrefix(ansi.Strip(lines[0]), m.s.Theme.Glyphs.TopLeft)
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
	size := func(w, h int) string { return strconv.Itoa(w) + "x" + strconv.Itoa(h) }
	lines := []string{"certty", "screen too small:", size(m.w, m.h) + ", needs " + size(minWidth, minHeight), "ctrl+c quits"}
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
	all, short := m.counts()
	if m.w >= wide {
		if m.sandbox {
			name += "   " + t.Paint(theme.Sandbox, "SANDBOX: nothing leaves this machine")
		}
		return []string{
			m.spread(name, t.Paint(theme.Key, "?")+" help   "+t.Paint(theme.Key, ":")+" commands "),
			m.spread(" "+m.health(), all, short),
			m.rule(),
		}
	}
	if m.sandbox {
		name += "  " + t.Paint(theme.Sandbox, "SANDBOX")
	}
	return []string{m.spread(name+"  "+m.health(), all, short), m.rule()}
}

// spread puts right at the right edge; left gives way to the last of them, the
// shortest.
func (m *Model) spread(left string, right ...string) string {
	for len(right) > 1 && ansi.StringWidth(left)+ansi.StringWidth(right[0]) > m.w {
		right = right[1:]
	}
	room := max(0, m.w-ansi.StringWidth(right[0]))
	return box.Fit(left, room, m.s.Theme.Glyphs.Ellipsis) + right[0]
}

// counts say how many rows need a decision, by what they are, and how many wait:
// all of them, and what failed and waits alone.
func (m *Model) counts() (all, short string) {
	c := m.s.Data.Counts()
	t := m.s.Theme
	count := func(n int, word string, role theme.Role) string {
		text := strconv.Itoa(n) + " " + word
		if n == 0 {
			return text
		}
		return t.Paint(role, text)
	}
	failed, waiting := " "+count(c.Failed, "failed", theme.Bad), count(c.Waiting, "waiting", theme.Waits)+" "
	all = failed
	for _, more := range []struct {
		n    int
		word string
	}{{c.Undecided, "undecided"}, {c.Gone, "gone"}, {c.Expired, "expired"}} {
		if more.n > 0 {
			all += "  " + count(more.n, more.word, theme.Bad)
		}
	}
	return all + "  " + waiting, failed + "  " + waiting
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
	age := timetext.Age(now, s.ReadAt())
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
	if left, ok := m.s.Data.PasswordLeft(name, passwordUrgent); ok {
		ends := " " + age + ", " + view.PasswordEnds(left)
		if m.w < wide {
			ends = ": password " + timetext.Span(left) + " left" // the age is in the targets, too
		}
		return t.Paint(theme.Warn, g.Warn+" "+text+ends)
	}
	return t.Paint(theme.Good, g.Good) + " " + text + " " + age
}

func aged(age string) string {
	if age == "" {
		return ", never read"
	}
	return ", " + age + " old"
}

// foot is what stands under the rule: the status and the hints. News may be
// longer than a line, and has to be readable to its end: it takes the hints' line
// while it stands, and trouble keeps its own.
func (m *Model) foot() []string {
	told := m.toast.View(m.s.Theme, m.w-1)
	for i, line := range told {
		told[i] = " " + line
	}
	standing := m.standing()
	if standing == "" && m.top().Capturing() && len(m.stack) == 0 {
		standing = m.quiet() // the line in which a person types
	}
	switch {
	case len(told) > 1:
		return told[:min(len(told), toldLines)]
	case len(told) == 1 && standing == "":
		return []string{told[0], m.hints()}
	case len(told) == 1:
		return []string{m.fit(standing), told[0]}
	case standing == "":
		standing = m.quiet()
	}
	return []string{m.fit(standing), m.hints()}
}

func (m *Model) fit(line string) string { return box.Fit(" "+line, m.w, m.s.Theme.Glyphs.Ellipsis) }

// standing is trouble that stays until it ends; "" without any.
func (m *Model) standing() string {
	t := m.s.Theme
	if m.trouble != "" {
		return t.Paint(theme.Bad, t.Glyphs.Cross+" "+m.trouble)
	}
	for _, name := range m.s.Data.Targets() {
		if s, ok := m.s.Data.State(name); ok && s.KeeperErr != nil {
			const what = "not kept on disk: "
			why := box.Ends(view.Clean(s.KeeperErr.Error()), m.w-len(what)-3, t.Glyphs.Ellipsis)
			return t.Paint(theme.Bad, t.Glyphs.Cross+" "+what+why)
		}
	}
	return ""
}

// quiet is the status without trouble and news: what is listed, or what can
// wait.
func (m *Model) quiet() string {
	if waits := m.waitingSignIns(); waits != "" {
		return waits
	}
	if m.unread != nil {
		t := m.s.Theme
		return t.Paint(theme.Bad, t.Glyphs.Cross+" the timeline can't be read: "+view.Clean(m.unread.Error()))
	}
	return m.base.Status()
}
