package board

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/input"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/table"
)

// paneFrom is the width from which a row's detail stands beside the list.
const paneFrom = 110

// View is the board.
type View struct {
	s     *view.Session
	table *table.Table[model.Ref, *view.Row]
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
	filter filter
	// stale names the targets whose rows are dimmed.
	stale map[string]bool
	// refs are the rows that are visible or marked, watched since when they are.
	refs    []model.Ref
	watched map[model.Ref]time.Time
	// old holds those of the visible rows whose request was not read in time;
	// nearly always none.
	old map[*model.Item]bool
	// accounts is true once a CA account is among the targets.
	accounts bool
	// validating is true once an order waited for its validation: the longest
	// state there is, which takes its room from the names.
	validating bool
	// longest are the cells of the longest texts that were listed, as far as the
	// columns ask.
	longest longest
	// markedIn are the targets of the marked rows.
	markedIn []string
	// listed is the version of the data that the table holds.
	listed uint64
	w, h   int
}

// New makes the board.
func New(s *view.Session) *View {
	v := &View{s: s}
	v.table = table.New[model.Ref](table.Options{
		Header:   true,
		Ellipsis: s.Theme.Glyphs.Ellipsis,
		Styles: table.Styles{
			Header: s.Theme.Painter(theme.Faint),
			Cursor: s.Theme.Painter(theme.Selected),
		},
	}, v.columns()...)
	v.table.SetSorted(s.Data.Compare)
	return v
}

// Init starts nothing: rows come with the data.
func (v *View) Init() tea.Cmd { return nil }

// SetSize shares the room between list and pane.
func (v *View) SetSize(w, h int) {
	v.w, v.h = w, h
	v.setColumns()
	v.watch()
}

func (v *View) listWidth() int {
	if v.w < paneFrom {
		return v.w
	}
	return v.w - v.paneWidth() - 1
}

// paneMost is the width beyond which the lines of the pane are hard to read.
const paneMost = 96

// paneWidth leaves the list the larger part; on a wide screen the pane takes
// what the list has no use for.
func (v *View) paneWidth() int {
	return max(min(64, v.w*5/16), min(paneMost, v.w-1-v.table.Widest()))
}

// setColumns replaces the columns, and shares the room anew.
func (v *View) setColumns() {
	v.table.SetColumns(v.columns()...)
	v.table.SetSize(v.listWidth(), v.h)
}

// Capturing is true while the filter is typed.
func (v *View) Capturing() bool { return v.filter.typing != nil }

// Update takes news and the filter's keys.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.DataChanged:
		return v.news(msg)
	case lingered:
		if msg.ref == v.shown && v.w >= paneFrom {
			v.s.Desk.Look(msg.ref)
		}
	case view.TimelineRead:
		if msg.Ref == v.shown && msg.Err == nil && !slices.Equal(v.events, msg.Events) {
			v.events, v.drawn.key = msg.Events, paneKey{}
		}
	case view.OpDone:
		if (msg.Op == "create" || msg.Op == "import") && msg.Err == nil {
			// The new row is what the person wants to see next; it comes with the
			// target's news.
			v.wanted = msg.Ref.Row()
			return v.reach()
		}
	case view.Click:
		return v.click(msg)
	case input.PasteMsg:
		if v.filter.typing != nil {
			refused := view.Typed(v.s, msg, func(text string) { v.filter.typing.Insert(text); v.narrow() })
			return tea.Batch(refused, v.show())
		}
	case tea.KeyMsg:
		return v.typeFilter(msg)
	}
	return nil
}

func (v *View) news(msg view.DataChanged) tea.Cmd {
	v.age()
	accounts := v.accounts || v.hasAccount()
	validating := v.validating || accounts && v.waitsForValidation()
	longest := v.longest
	if v.listed != v.s.Data.Version() {
		longest = v.measure()
	}
	if accounts != v.accounts || validating != v.validating || longest != v.longest {
		v.accounts, v.validating, v.longest = accounts, validating, longest
		v.setColumns()
	}
	if v.listed != v.s.Data.Version() {
		v.listed = v.s.Data.Version()
		v.refresh()
		v.retainMarks()
		v.watch()
	}
	v.findOld()
	show := v.reach()
	if msg.Target == v.shown.Target {
		return tea.Batch(show, v.readTimeline())
	}
	return show
}

func (v *View) waitsForValidation() bool {
	return slices.ContainsFunc(v.s.Data.Rows(), func(r *view.Row) bool { return r.Status.State == model.StateWaitsValidation })
}

// age notes which targets' rows may not be so any more.
func (v *View) age() {
	v.stale = make(map[string]bool)
	for _, name := range v.s.Data.Targets() {
		v.stale[name] = v.s.Data.Stale(name, v.s.Every) != ""
	}
}

// refresh hands the table the rows that pass the filter.
func (v *View) refresh() {
	v.table.SetRows(v.filter.passing(v.s.Data))
	if !v.moved {
		// Nobody chose a row yet: the first one is it.
		v.table.Home()
	}
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
	v.markedIn = nil
	for _, ref := range refs {
		if !slices.Contains(v.markedIn, ref.Target) {
			v.markedIn = append(v.markedIn, ref.Target)
		}
	}
	first, end := v.table.Window()
	for _, row := range v.table.Rows()[first:end] {
		refs = append(refs, row.ID())
	}
	v.s.Desk.Watch(refs)
	if slices.Equal(refs, v.refs) {
		return // a key that moves the cursor within what is visible
	}
	was := v.watched
	v.refs, v.watched = refs, make(map[model.Ref]time.Time, len(refs))
	for _, ref := range refs {
		since, known := was[ref]
		if !known {
			since = v.s.Data.Now
		}
		v.watched[ref] = since
	}
	v.findOld()
}

// findOld looks through the visible rows for old ones, once for all the cells of
// a frame.
func (v *View) findOld() {
	v.old = nil
	first, end := v.table.Window()
	for _, row := range v.table.Rows()[first:end] {
		if !v.s.Data.Overdue(row.Item, v.watched[row.ID()]) {
			continue
		}
		if v.old == nil {
			v.old = make(map[*model.Item]bool)
		}
		v.old[row.Item] = true
	}
}

// click chooses the row that was clicked on.
func (v *View) click(msg view.Click) tea.Cmd {
	if msg.X >= v.listWidth() || !v.table.Point(msg.Y) {
		return nil
	}
	v.moved, v.wanted = true, model.Ref{}
	v.watch()
	return v.show()
}

// total is how many rows there are to choose from: those that were deleted here are
// none of the others.
func (v *View) total() int {
	if v.filter.active().Deleted() {
		return len(v.s.Data.Deleted())
	}
	return v.s.Data.Counts().Total
}

// Status says what is listed.
func (v *View) Status() string {
	if v.filter.typing != nil {
		return v.typingLine()
	}
	filter := "none"
	if !v.filter.active().Empty() {
		filter = v.filter.active().String()
	}
	status := fmt.Sprintf("%d of %d   sorted by %s   filter: %s", v.table.Len(), v.total(), v.orderWords(), filter)
	if marks := v.marksWords(); marks != "" {
		status = marks + "   " + status
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
	say := func(s string) []string {
		lines := []string{""}
		for _, l := range box.Wrap(s, v.listWidth()-6) {
			lines = append(lines, "   "+l)
		}
		return lines
	}
	if v.s.Data.Counts().Total > 0 {
		lines := say("No row passes the filter. esc clears it.")
		if doubt := v.filter.active().Doubt(); doubt != "" {
			lines = append(lines, say(doubt+".")...)
		}
		return lines
	}
	for _, name := range v.s.Data.Targets() {
		s, ok := v.s.Data.State(name)
		switch {
		case !ok || s.Loading:
			return say("Reading " + name + " for the first time.")
		case s.Err != nil:
			advice := backend.AdviceFor(s.Err)
			lines := say(name + ": " + advice.Cause)
			lines = append(lines, say(advice.Next)[1:]...)
			for _, l := range say(view.Clean(s.Err.Error())) {
				lines = append(lines, v.s.Theme.Paint(theme.Faint, l))
			}
			return lines
		}
	}
	return say("There is no certificate here yet. n makes a request.")
}
