package bulk

import (
	"errors"
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
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
	// held says of a target why nothing more is sent to it now.
	held map[string]string
	w, h int
}

// goOn is the moment when a target that throttled may be called again.
type goOn struct {
	v      *run
	target string
}

// leastWait is how long a target that throttles is left alone where it does not
// say, and longestWait the most that is believed.
const (
	leastWait   = 5 * time.Second
	longestWait = time.Hour
)

func newRun(s *view.Session, job Job, can, cannot []planned, told func(model.Ref)) *run {
	v := &run{s: s, job: job, told: told, several: severalTargets(can), held: map[string]string{}}
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
		if l.stage != waits || v.held[l.Ref.Target] != "" {
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
				return tea.Batch(v.concerned(l), v.next())
			}
		}
	case goOn:
		if msg.v == v {
			delete(v.held, msg.target)
			return v.next()
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

// concerned looks whether a failure is not the row's but its target's. One that
// does not accept the login is not called again: repeated tries lock accounts.
// One that throttles is left alone for as long as it asks.
func (v *run) concerned(l *line) tea.Cmd {
	target := l.Ref.Target
	switch {
	case backend.RefusesLogin(l.err):
		v.drop(target, "not sent: "+target+" refused the login")
	case backend.KindOf(l.err) == backend.KindThrottled:
		wait := leastWait
		if e, ok := errors.AsType[*backend.Error](l.err); ok && e.RetryAfter > 0 {
			wait = min(e.RetryAfter, longestWait)
		}
		if v.held[target] == "" && v.waitsFor(target) {
			v.held[target] = fmt.Sprintf("%s throttles; what waits for it goes on after %s", target, wait)
			return tea.Tick(wait, func(time.Time) tea.Msg { return goOn{v: v, target: target} })
		}
	}
	return nil
}

func (v *run) waitsFor(target string) bool {
	return slices.ContainsFunc(v.lines, func(l *line) bool { return l.stage == waits && l.Ref.Target == target })
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

// stop sends nothing more; what was sent runs to its end.
func (v *run) stop() { v.drop("", "stopped before it was sent") }

// drop takes what waits off the list, of one target or of all.
func (v *run) drop(target, why string) {
	for _, l := range v.lines {
		if l.stage == waits && (target == "" || l.Ref.Target == target) {
			l.stage, l.note = unsent, why
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
