package board

import (
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/act"
	"certty/ui/view/detail"
	"certty/ui/view/forms"
	"certty/ui/widget/box"
	"certty/ui/widget/field"
	"certty/ui/widget/table"
)

// paneFrom is the width from which a row's detail stands beside the list.
const paneFrom = 110

// View is the board.
type View struct {
	s     *view.Session
	table *table.Table[model.Ref, view.Row]
	// shown is the row in the pane, and the events of its timeline.
	shown  model.Ref
	events []model.Event
	drawn  struct {
		key   paneKey
		lines []string
	}
	// wanted is the row that gets the cursor as soon as it is listed.
	wanted model.Ref
	// moved is true once the person chose a row.
	moved  bool
	filter []string
	typing *field.Field
	w, h   int
}

// New makes the board.
func New(s *view.Session) *View {
	v := &View{s: s}
	v.table = newTable(s)
	return v
}

// Init starts nothing: rows come with the data.
func (v *View) Init() tea.Cmd { return nil }

// SetSize shares the room between list and pane.
func (v *View) SetSize(w, h int) {
	v.w, v.h = w, h
	v.table.SetSize(v.listWidth(), h)
	v.watch()
}

func (v *View) listWidth() int {
	if v.w < paneFrom {
		return v.w
	}
	return v.w - v.paneWidth() - 1
}

// paneWidth leaves the list the larger part.
func (v *View) paneWidth() int { return min(64, v.w*5/16) }

// Capturing is true while the filter is typed.
func (v *View) Capturing() bool { return v.typing != nil }

// Update takes news and the filter's keys.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.DataChanged:
		v.refresh()
		v.watch()
		show := v.reach()
		if msg.Target == v.shown.Target {
			return tea.Batch(show, v.readTimeline())
		}
		return show
	case lingered:
		if msg.ref == v.shown && v.w >= paneFrom {
			v.s.Desk.Look(msg.ref)
		}
	case view.TimelineRead:
		if msg.Ref == v.shown && msg.Err == nil {
			v.events = msg.Events
		}
	case view.OpDone:
		if msg.Op == "create" && msg.Err == nil {
			// The new row is what the person wants to see next; it comes with the
			// target's news.
			v.wanted = msg.Ref.Row()
			return v.reach()
		}
	case input.PasteMsg:
		if v.typing != nil {
			v.typing.Insert(msg.Text)
			v.narrow()
		}
	case tea.KeyMsg:
		return v.typeFilter(msg)
	}
	return nil
}

// refresh hands the table the rows that pass the filter.
func (v *View) refresh() {
	rows := v.s.Data.Rows()
	if len(v.filter) > 0 {
		kept := make([]view.Row, 0, len(rows))
		for _, row := range rows {
			if v.passes(row) {
				kept = append(kept, row)
			}
		}
		rows = kept
	}
	v.table.SetRows(rows)
	if !v.moved {
		// Nobody chose a row yet: the most urgent one is it.
		v.table.Home()
	}
}

func (v *View) passes(row view.Row) bool {
	text := v.s.Data.Haystack(row)
	for _, word := range v.filter {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func (v *View) typeFilter(msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "enter":
		v.typing = nil
	case "esc":
		v.typing = nil
		v.filter = nil
		v.refresh()
	case "up", "down":
		v.typing = nil
	default:
		v.typing.Key(msg)
		v.narrow()
	}
	return v.show()
}

func (v *View) narrow() {
	v.filter = strings.Fields(strings.ToLower(v.typing.Value()))
	v.refresh()
	v.watch()
}

// reach moves the cursor to the wanted row once it is there.
func (v *View) reach() tea.Cmd {
	if v.wanted != (model.Ref{}) && v.table.SetCursor(v.wanted) {
		v.wanted, v.moved = model.Ref{}, true
		v.watch()
	}
	return v.show()
}

// show makes the row under the cursor the one in the pane.
func (v *View) show() tea.Cmd {
	row, ok := v.table.Cursor()
	if !ok || row.ID() == v.shown {
		return nil
	}
	v.shown, v.events = row.ID(), nil
	ref := v.shown
	return tea.Batch(v.readTimeline(), tea.Tick(linger, func(time.Time) tea.Msg { return lingered{ref: ref} }))
}

// linger is how long the cursor rests on a row before the row in the pane is
// read again; passing by costs no call.
const linger = 400 * time.Millisecond

type lingered struct{ ref model.Ref }

func (v *View) readTimeline() tea.Cmd {
	if v.w < paneFrom || v.shown == (model.Ref{}) {
		return nil
	}
	return v.s.Desk.ReadTimeline(v.shown)
}

// watch tells the targets which rows a person may be looking at.
func (v *View) watch() {
	refs := v.table.Marked()
	first, end := v.table.Window()
	for _, row := range v.table.Rows()[first:end] {
		refs = append(refs, row.ID())
	}
	v.s.Desk.Watch(refs)
}

// Actions are the row's, the list's and moving.
func (v *View) Actions() []keys.Action {
	row, ok := v.table.Cursor()
	none := ""
	if !ok {
		none = "no row is listed"
	}
	actions := []keys.Action{
		{Def: keys.OpenRow, Disabled: none, Run: func() tea.Cmd { return v.s.Host.Open(detail.New(v.s, row.ID())) }},
	}
	actions = append(actions, act.Row(v.s, row)...)
	actions = append(actions,
		keys.Action{Def: keys.New, Disabled: v.whyNoCreate(), Run: v.create},
		keys.Action{Def: keys.Filter, Run: func() tea.Cmd { v.typing = field.New(strings.Join(v.filter, " ")); return nil }},
		keys.Action{Def: keys.Mark, Disabled: none, Run: func() tea.Cmd { return v.mark() }},
		keys.Action{Def: keys.Refresh, Run: func() tea.Cmd { v.s.Desk.Refresh(); return nil }},
		keys.Action{Def: keys.Retry, Disabled: v.whyNoRetry(), Run: v.retry},
	)
	actions = append(actions, v.moves()...)
	return append(actions, keys.Action{Def: keys.Back, Disabled: v.whyNoBack(), Run: v.back})
}

func (v *View) moves() []keys.Action {
	move := func(def keys.Def, step func()) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd {
			step()
			v.moved, v.wanted = true, model.Ref{}
			v.watch()
			return v.show()
		}}
	}
	t := v.table
	return []keys.Action{
		move(keys.Up, func() { t.Move(-1) }), move(keys.Down, func() { t.Move(1) }),
		move(keys.PageUp, func() { t.Page(-1) }), move(keys.PageDown, func() { t.Page(1) }),
		move(keys.HalfUp, func() { t.HalfPage(-1) }), move(keys.HalfDown, func() { t.HalfPage(1) }),
		move(keys.Top, t.Home), move(keys.Bottom, t.End),
	}
}

func (v *View) mark() tea.Cmd {
	v.moved = true
	v.table.ToggleMark()
	v.table.Move(1)
	v.watch()
	return v.show()
}

func (v *View) create() tea.Cmd {
	return v.s.Host.Open(forms.NewCreate(v.s, func(row view.Row) []keys.Action { return act.Row(v.s, row) }))
}

func (v *View) whyNoCreate() string {
	why := "no target is open yet"
	for _, t := range v.s.Desk.Targets() {
		if t.Capabilities.Create != nil {
			return ""
		}
		why = t.Capabilities.CreateWhy
	}
	return why
}

func (v *View) latched() []string {
	var names []string
	for _, name := range v.s.Data.Targets() {
		if s, ok := v.s.Data.State(name); ok && s.Latched {
			names = append(names, name)
		}
	}
	return names
}

func (v *View) whyNoRetry() string {
	if len(v.latched()) == 0 {
		return "no target refused the login"
	}
	return ""
}

func (v *View) retry() tea.Cmd {
	for _, name := range v.latched() {
		v.s.Desk.Retry(name)
	}
	return nil
}

func (v *View) whyNoBack() string {
	if len(v.filter) == 0 {
		return "nothing is open; q quits"
	}
	return ""
}

func (v *View) back() tea.Cmd {
	v.filter = nil
	v.refresh()
	v.watch()
	return v.show()
}

// Status says what is listed.
func (v *View) Status() string {
	if v.typing != nil {
		return "filter: " + v.typing.View(v.s.Theme, max(10, v.w-12), true)
	}
	filter := "none"
	if len(v.filter) > 0 {
		filter = strings.Join(v.filter, " ")
	}
	status := fmt.Sprintf("%d of %d   sorted by urgency   filter: %s", v.table.Len(), v.s.Data.Counts().Total, filter)
	if n := v.table.MarkCount(); n > 0 {
		status += fmt.Sprintf("   %d marked", n)
	}
	return status
}

// View draws the list, and the pane where there is room.
func (v *View) View() []string {
	lines := v.list()
	if v.w < paneFrom {
		return lines
	}
	pane := v.pane()
	side := v.s.Theme.Paint(theme.Border, v.s.Theme.Glyphs.Side)
	out := make([]string, v.h)
	for i := range out {
		right := ""
		if i < len(pane) {
			right = pane[i]
		}
		out[i] = lines[i] + side + right
	}
	return out
}

func (v *View) list() []string {
	if v.table.Len() == 0 {
		return box.Clamp(v.empty(), v.listWidth(), v.h, v.s.Theme.Glyphs.Ellipsis)
	}
	return strings.Split(v.table.View(), "\n")
}

// empty says why there is nothing to see.
func (v *View) empty() []string {
	say := func(s string) []string { return []string{"", "   " + s} }
	if v.s.Data.Counts().Total > 0 {
		return say("No row passes the filter. esc clears it.")
	}
	for _, name := range v.s.Data.Targets() {
		s, ok := v.s.Data.State(name)
		switch {
		case !ok || s.Loading:
			return say("Reading " + name + " for the first time.")
		case s.Err != nil:
			advice := backend.AdviceFor(s.Err)
			lines := say(name + ": " + advice.Cause)
			lines = append(lines, "   "+advice.Next, "")
			for _, l := range box.Wrap(view.Clean(s.Err.Error()), v.listWidth()-6) {
				lines = append(lines, "   "+v.s.Theme.Paint(theme.Faint, l))
			}
			return lines
		}
	}
	return say("There is no certificate here yet. n makes a request.")
}

func (v *View) pane() []string {
	row, ok := v.s.Data.Row(v.shown)
	if !ok {
		return nil
	}
	// The pane changes with its row, its timeline and the minute only.
	key := paneKey{row: row.Item, events: len(v.events), now: v.s.Data.Now, w: v.paneWidth()}
	if v.drawn.key != key {
		lines := detail.Lines(v.s, row, v.events, v.paneWidth()-2)
		for i := range lines {
			lines[i] = " " + lines[i]
		}
		v.drawn.key, v.drawn.lines = key, lines
	}
	return v.drawn.lines
}

type paneKey struct {
	row    *model.Item
	events int
	now    time.Time
	w      int
}
