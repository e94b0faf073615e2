package bulk

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/table"
)

// atOnce is how many calls run at a time: enough to hide the way to the
// service, too few to be throttled.
const atOnce = 4

// stage is how far one row is.
type stage uint8

const (
	waits stage = iota
	sent
	done
	refused   // nothing was changed
	uncertain // it may have happened
	unsent    // stopped before its turn
	leftOut   // it can't be done to this row
)

var stageWords = [...]string{waits: "waits", sent: "sent", done: "done", refused: "refused", uncertain: "uncertain", unsent: "not sent", leftOut: "left out"}

// line is one row and how it went.
type line struct {
	planned
	stage stage
	call  uint64
	err   error
	// note is what came of it: a path, or why it was left out.
	note string
}

// ID is the row's identity in the list.
func (l *line) ID() model.Ref { return l.Ref }

// run is the screen on which a job runs.
type run struct {
	s       *view.Session
	job     Job
	folder  string
	several bool
	told    func(model.Ref)
	lines   []*line
	table   *table.Table[model.Ref, *line]
	w, h    int
}

func newRun(s *view.Session, job Job, can, cannot []planned, told func(model.Ref)) *run {
	v := &run{s: s, job: job, told: told, several: severalTargets(can)}
	for _, p := range can {
		v.lines = append(v.lines, &line{planned: p})
	}
	for _, p := range cannot {
		v.lines = append(v.lines, &line{planned: p, stage: leftOut, note: p.why})
	}
	v.table = table.New(table.Options{
		Header: true, Ellipsis: s.Theme.Glyphs.Ellipsis,
		Styles: table.Styles{Header: s.Theme.Painter(theme.Faint), Cursor: s.Theme.Painter(theme.Selected)},
	}, v.columns()...)
	v.table.SetRows(v.lines)
	return v
}

func (v *run) columns() []table.Column[*line] {
	t := v.s.Theme
	return []table.Column[*line]{
		{Title: "RESULT", Min: 11, Ideal: 11, Priority: 10, Cell: func(l *line) string {
			glyph, _ := sign(t, l.stage)
			return glyph + " " + stageWords[l.stage]
		}, Style: func(l *line) table.Style {
			_, role := sign(t, l.stage)
			return t.Painter(role)
		}},
		{Title: "NAME", Min: 12, Ideal: 24, Priority: 9, Cell: func(l *line) string { return l.Ref.Key }},
		{Title: "TARGET", Min: 7, Ideal: 9, Priority: 4, Cell: func(l *line) string { return l.Ref.Target }},
		{Title: "WHAT", Min: 10, Ideal: 30, Flexible: true, Priority: 8, Cell: func(l *line) string { return l.words() }},
	}
}

func sign(t *theme.Theme, s stage) (string, theme.Role) {
	switch s {
	case done:
		return t.Glyphs.Check, theme.Good
	case refused:
		return t.Glyphs.Cross, theme.Bad
	case uncertain:
		return t.Glyphs.Warn, theme.Warn
	case sent:
		return t.Glyphs.Waits, theme.Waits
	default:
		return t.Glyphs.Off, theme.Faint
	}
}

// words say what came of a row in one line.
func (l *line) words() string {
	if l.err != nil {
		return backend.AdviceFor(l.err).Cause
	}
	return l.note
}

// Init sends the first calls.
func (v *run) Init() tea.Cmd { return v.next() }

// next sends as many calls as may run.
func (v *run) next() tea.Cmd {
	var cmds []tea.Cmd
	running := v.count(sent)
	for _, l := range v.lines {
		if running == atOnce {
			break
		}
		if l.stage != waits {
			continue
		}
		l.stage = sent
		running++
		cmds = append(cmds, v.begin(l))
	}
	return tea.Batch(cmds...)
}

func (v *run) begin(l *line) tea.Cmd {
	if v.job.saves() {
		return saveCSR(l.row, v.folder, v.several)
	}
	id, cmd := v.job.start(v.s.Desk, l.row)
	l.call = id
	return cmd
}

// Update takes the answers.
func (v *run) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.OpDone:
		for _, l := range v.lines {
			if l.stage == sent && l.call == msg.ID && !v.job.saves() {
				v.s.Desk.Explained(msg.ID)
				v.answered(l, msg.Err, msg.Past)
				return v.next()
			}
		}
	case saved:
		for _, l := range v.lines {
			if l.stage == sent && l.Ref == msg.ref && v.job.saves() {
				note := view.Clean(msg.file.Path)
				if msg.file.Exists {
					l.stage, l.note = refused, "there already, and kept: "+note
					return v.next()
				}
				v.answered(l, msg.file.Err, note)
				return v.next()
			}
		}
	}
	return nil
}

func (v *run) answered(l *line, err error, note string) {
	l.err, l.note = err, note
	switch {
	case err == nil:
		l.stage = done
		v.told(l.Ref)
	case backend.KindOf(err) == backend.KindUncertain:
		l.stage = uncertain
	default:
		l.stage = refused
	}
}

func (v *run) count(s stage) int {
	n := 0
	for _, l := range v.lines {
		if l.stage == s {
			n++
		}
	}
	return n
}

// SetSize tells the room.
func (v *run) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false: the keys are actions.
func (v *run) Capturing() bool { return false }

// Actions move, stop, try what was refused again, and leave.
func (v *run) Actions() []keys.Action {
	t := v.table
	move := func(def keys.Def, step func()) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { step(); return nil }}
	}
	actions := []keys.Action{
		{Def: keys.RunFailed, Disabled: v.whyNoRetry(), Run: v.retry},
		move(keys.Up, func() { t.Move(-1) }), move(keys.Down, func() { t.Move(1) }),
		move(keys.PageUp, func() { t.Page(-1) }), move(keys.PageDown, func() { t.Page(1) }),
		move(keys.Top, t.Home), move(keys.Bottom, t.End),
	}
	if v.count(waits) > 0 {
		return append(actions, keys.Action{Def: keys.StopBulk, Run: func() tea.Cmd { v.stop(); return nil }})
	}
	return append(actions, keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }})
}

func (v *run) stop() {
	for _, l := range v.lines {
		if l.stage == waits {
			l.stage = unsent
		}
	}
}

func (v *run) whyNoRetry() string {
	switch {
	case v.count(waits)+v.count(sent) > 0:
		return "it still runs"
	case v.count(refused)+v.count(unsent) == 0:
		return "nothing was refused; what is uncertain is never sent again"
	}
	return ""
}

// retry asks for the rows that were refused or not sent, as they stand now.
func (v *run) retry() tea.Cmd {
	var again []Target
	for _, l := range v.lines {
		if l.stage == refused || l.stage == unsent {
			again = append(again, l.Target)
		}
	}
	v.s.Host.Close(v)
	return Open(v.s, v.job, again, v.told)
}

// View draws the list, and what is known of the row under the cursor.
func (v *run) View() []string {
	w := min(110, v.w)
	foot := v.foot(w - 4)
	room := max(2, min(len(v.lines)+1, v.h-2-len(foot)))
	v.table.SetSize(w-4, room)
	lines := append(strings.Split(v.table.View(), "\n"), foot...)
	return box.Frame(v.s.Theme, v.job.heading(len(v.lines)-v.count(leftOut)), lines, w, v.h)
}

func (v *run) foot(w int) []string {
	var parts []string
	for s := waits; s <= leftOut; s++ {
		if n := v.count(s); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, stageWords[s]))
		}
	}
	lines := []string{"", strings.Join(parts, ", ")}
	l, ok := v.table.Cursor()
	if !ok || v.h < 14 {
		return lines
	}
	lines = append(lines, "")
	if l.err == nil {
		return append(lines, box.Wrap(l.Ref.Key+": "+l.words(), w)...)
	}
	advice := backend.AdviceFor(l.err)
	lines = append(lines, box.Wrap(l.Ref.Key+": "+advice.Cause+" "+advice.Next, w)...)
	for _, s := range box.Wrap(view.Clean(l.err.Error()), w) {
		lines = append(lines, v.s.Theme.Paint(theme.Faint, s))
	}
	return lines
}
