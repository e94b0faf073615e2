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
	"certty/ui/view/ledger"
	"certty/ui/widget/box"
	"certty/ui/widget/table"
)

// pace is how often an open log looks for news.
const pace = time.Second

// ID is the record's identity in the list.
func (r *Record) ID() uint64 { return r.Number }

// View is the open log.
type View struct {
	*ledger.Ledger[uint64, *Record]
	s     *view.Session
	ring  *Ring
	level slog.Level
	seen  uint64
}

// below is how many lines the record under the cursor has below the list.
const below = 4

// look is the moment to look for news.
type look struct{ v *View }

// New shows what ring holds.
func New(s *view.Session, ring *Ring) *View {
	t := s.Theme
	v := &View{s: s, ring: ring, level: slog.LevelInfo, Ledger: ledger.New[uint64](s, "record", below, "Nothing of this level was noted.",
		table.Column[*Record]{Title: "TIME", Min: 8, Ideal: 8, Priority: 9, Cell: func(r *Record) string { return r.At.Local().Format("15:04:05") }},
		table.Column[*Record]{Title: "LEVEL", Min: 5, Ideal: 5, Priority: 8, Cell: func(r *Record) string { return r.Level.String() },
			Style: func(r *Record) table.Style { return t.Painter(role(r.Level)) }},
		table.Column[*Record]{Title: "WHAT", Min: 10, Ideal: 60, Flexible: true, Priority: 10, Cell: func(r *Record) string { return r.Text }},
	)}
	v.read()
	v.End()
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
	last := v.Index() == v.Len()-1
	v.SetRows(v.ring.Records(v.level))
	if last {
		v.End()
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

// Actions move, choose a level and leave.
func (v *View) Actions() []keys.Action {
	actions := []keys.Action{
		{Def: keys.LogLevel, Run: func() tea.Cmd { v.nextLevel(); return nil }},
		v.Copy("copy the record with its time", func(r *Record) string {
			return r.At.UTC().Format(time.RFC3339) + " " + r.Level.String() + " " + r.Text
		}),
	}
	return append(append(actions, v.Moves()...), keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }})
}

// levels are those that one key goes through.
var levels = []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}

func (v *View) nextLevel() {
	v.level = levels[(slices.Index(levels, v.level)+1)%len(levels)]
	v.read()
	v.End()
}

// View draws the list and the record under the cursor in full.
func (v *View) View() []string {
	var details []string
	if r, ok := v.Cursor(); ok {
		for _, l := range box.Wrap(r.At.Local().Format("2006-01-02 15:04:05 MST")+"  "+r.Text, v.Inner()) {
			details = append(details, v.s.Theme.Paint(theme.Faint, l))
		}
	}
	title := fmt.Sprintf("Log: %d, from %s on", v.Len(), strings.ToLower(v.level.String()))
	return v.Lines(title, details)
}
