package logs

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/table"
)

// pace is how often an open log looks for news.
const pace = time.Second

// ID is the record's identity in the list.
func (r *Record) ID() uint64 { return r.Number }

// View is the open log.
type View struct {
	s     *view.Session
	ring  *Ring
	level slog.Level
	table *table.Table[uint64, *Record]
	seen  uint64
	w, h  int
}

// look is the moment to look for news.
type look struct{ v *View }

// New shows what ring holds.
func New(s *view.Session, ring *Ring) *View {
	v := &View{s: s, ring: ring, level: slog.LevelInfo}
	t := s.Theme
	v.table = table.New[uint64](table.Options{
		Header: true, Ellipsis: t.Glyphs.Ellipsis, Empty: "Nothing of this level was noted.",
		Styles: table.Styles{Header: t.Painter(theme.Faint), Cursor: t.Painter(theme.Selected), Empty: t.Painter(theme.Faint)},
	},
		table.Column[*Record]{Title: "TIME", Min: 8, Ideal: 8, Priority: 9, Cell: func(r *Record) string { return r.At.Local().Format("15:04:05") }},
		table.Column[*Record]{Title: "LEVEL", Min: 5, Ideal: 5, Priority: 8, Cell: func(r *Record) string { return r.Level.String() },
			Style: func(r *Record) table.Style { return t.Painter(role(r.Level)) }},
		table.Column[*Record]{Title: "WHAT", Min: 10, Ideal: 60, Flexible: true, Priority: 10, Cell: func(r *Record) string { return r.Text }},
	)
	v.read()
	v.table.End()
	return v
}

func role(level slog.Level) theme.Role {
	switch {
	case level >= slog.LevelError:
		return theme.Bad
	case level >= slog.LevelWarn:
		return theme.Warn
	case level < slog.LevelInfo:
		return theme.Faint
	default:
		return theme.Text
	}
}

// read takes what the ring holds; a cursor on the newest record stays on the
// newest.
func (v *View) read() {
	v.seen = v.ring.Count()
	last := v.table.Index() == v.table.Len()-1
	v.table.SetRows(v.ring.Records(v.level))
	if last {
		v.table.End()
	}
}

func (v *View) wait() tea.Cmd {
	return tea.Tick(pace, func(time.Time) tea.Msg { return look{v: v} })
}

// Init begins to look for news.
func (v *View) Init() tea.Cmd { return v.wait() }

// Update looks for news, as long as the log is open.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	if msg, ok := msg.(look); ok && msg.v == v {
		if v.ring.Count() != v.seen {
			v.read()
		}
		return v.wait()
	}
	return nil
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) {
	v.w, v.h = w, h
	v.table.SetSize(v.inner(), v.room())
}

func (v *View) inner() int { return max(1, v.w-4) }

// detail is how many lines the record under the cursor has below the list.
const detail = 4

func (v *View) room() int { return max(1, v.h-2-1-detail) }

// Capturing is false: there is nothing to type.
func (v *View) Capturing() bool { return false }

// Actions move, choose a level and leave.
func (v *View) Actions() []keys.Action {
	t := v.table
	move := func(def keys.Def, step func()) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { step(); return nil }}
	}
	return []keys.Action{
		move(keys.LogLevel, v.nextLevel),
		v.copyRecord(),
		move(keys.Up, func() { t.Move(-1) }), move(keys.Down, func() { t.Move(1) }),
		move(keys.PageUp, func() { t.Page(-1) }), move(keys.PageDown, func() { t.Page(1) }),
		move(keys.HalfUp, func() { t.HalfPage(-1) }), move(keys.HalfDown, func() { t.HalfPage(1) }),
		move(keys.Top, t.Home), move(keys.Bottom, t.End),
		{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }},
	}
}

// levels are those that one key goes through.
var levels = []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}

func (v *View) nextLevel() {
	v.level = levels[(slices.Index(levels, v.level)+1)%len(levels)]
	v.read()
	v.table.End()
}

// copyRecord copies the record under the cursor, for a ticket.
func (v *View) copyRecord() keys.Action {
	a := keys.Action{Def: keys.Copy, Disabled: "no record is chosen"}
	a.Help, a.Long = "copy", "copy the record with its time"
	if r, ok := v.table.Cursor(); ok {
		a.Disabled = ""
		a.Run = func() tea.Cmd {
			return v.s.Clip.Copy("the record", r.At.UTC().Format(time.RFC3339)+" "+r.Level.String()+" "+r.Text)
		}
	}
	return a
}

// View draws the list and the record under the cursor in full.
func (v *View) View() []string {
	t := v.s.Theme
	lines := append(strings.Split(v.table.View(), "\n"), "")
	if r, ok := v.table.Cursor(); ok {
		for i, l := range box.Wrap(r.At.Local().Format("2006-01-02 15:04:05 MST")+"  "+r.Text, v.inner()) {
			if i == detail {
				break
			}
			lines = append(lines, t.Paint(theme.Faint, l))
		}
	}
	for len(lines) < v.room()+1+detail {
		lines = append(lines, "")
	}
	title := fmt.Sprintf("Log: %d, from %s on", v.table.Len(), strings.ToLower(v.level.String()))
	return box.Frame(t, title, lines, v.w, v.h)
}
