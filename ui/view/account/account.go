package account

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/adopt"
	"certty/ui/widget/field"
	"certty/ui/widget/table"
)

// View is the open account.
type View struct {
	s      *view.Session
	target string
	// account is what was last synced; nil until that was read.
	account *model.Account
	syncing bool
	// step is how far the sync is; its zero value is not told yet.
	step backend.AccountStep
	// trouble is why the last sync, or the reading of what is kept, was not
	// whole; nil when it was.
	trouble error
	// job is the import that is followed, nil while none runs; imports is how it
	// stands.
	job     *view.ImportJob
	imports view.ImportState

	part  part
	table *table.Table[string, *entry]
	// lists are the entries of every part, unfiltered.
	lists [parts][]*entry
	// filter holds the words that an entry must have; typing is the line in which
	// they are typed, nil when they are not.
	filter string
	typing *field.Field
	// places are the entries that the cursor was on in each part.
	places [parts]string
	w, h   int
}

// WhyNot is why a target has nothing to show here; "" when it has.
func WhyNot(t view.Target) string {
	switch {
	case t.Capabilities.Account == nil && t.Capabilities.AccountWhy != "":
		return t.Capabilities.AccountWhy
	case t.Capabilities.Account == nil:
		return "this target is no CA account"
	case t.Repository == nil:
		return "its repository is not open"
	}
	return ""
}

// New opens the account of a target for which [WhyNot] is "".
func New(s *view.Session, target string) *View {
	v := &View{s: s, target: target}
	t := s.Theme
	v.table = table.New[string, *entry](table.Options{
		Header: true, Ellipsis: t.Glyphs.Ellipsis,
		Styles: table.Styles{Header: t.Painter(theme.Faint), Cursor: t.Painter(theme.Selected), Empty: t.Painter(theme.Faint)},
	})
	v.columns()
	return v
}

// Init reads what is kept, and follows an import that runs.
func (v *View) Init() tea.Cmd {
	return tea.Batch(v.s.Desk.ReadAccount(v.target), v.follow())
}

// follow waits for news of an import that was started meanwhile.
func (v *View) follow() tea.Cmd {
	job := v.s.Desk.Importing(v.target)
	if job == nil || job == v.job {
		return nil
	}
	v.job, v.imports = job, view.ImportState{}
	return job.Next(v, 0)
}

// Update takes what was read or synced, news of the orders, and the filter's
// keys.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.AccountRead:
		if msg.Target == v.target {
			v.read(msg)
		}
	case view.SyncTold:
		if msg.To == any(v) {
			v.step = msg.Step
			return msg.Next
		}
	case view.AccountSynced:
		if msg.Target == v.target && !v.syncing {
			return v.s.Desk.ReadAccount(v.target)
		}
	case view.DataChanged:
		if msg.Target == v.target || msg.Target == "" {
			v.fill()
			return v.follow()
		}
	case view.ImportTold:
		if msg.To == view.View(v) && msg.Job == v.job {
			v.imports = msg.ImportState
			return msg.Job.Next(v, msg.Turn)
		}
	case view.OpDone:
		if v.job != nil && v.job.ID == msg.ID {
			v.job = nil
		}
	case input.PasteMsg:
		if v.typing != nil {
			return view.Typed(v.s, msg, func(text string) { v.typing.Insert(text); v.narrow() })
		}
	case tea.KeyMsg:
		v.typed(msg)
	}
	return nil
}

// read takes an account. With an error what was known before stands.
func (v *View) read(msg view.AccountRead) {
	v.trouble = msg.Err
	if msg.Synced {
		v.syncing = false
	}
	if known := msg.Err == nil || !empty(&msg.Account); known || v.account == nil {
		v.account = &msg.Account
	}
	v.fill()
}

// empty reports whether nothing is known of an account.
func empty(a *model.Account) bool {
	return a.ReadAt.IsZero() && len(a.Organizations)+len(a.Domains)+len(a.Profiles)+len(a.CustomFields) == 0
}

// fill makes every list anew; cursor and filter stay.
func (v *View) fill() {
	if v.account == nil {
		return
	}
	now := v.s.Data.Now
	m := &maker{account: v.account, glyphs: v.s.Theme.Glyphs, now: now}
	if state, ok := v.s.Data.State(v.target); ok && state.Snapshot != nil {
		m.held = holds(v.account, state.Snapshot.Items(), now)
	}
	for p := range parts {
		v.lists[p] = m.list(p)
	}
	v.show()
}

// show lists what passes the filter.
func (v *View) show() {
	words := strings.Fields(strings.ToLower(v.filter))
	rows := make([]*entry, 0, len(v.lists[v.part]))
	for _, e := range v.lists[v.part] {
		if e.matches(words) {
			rows = append(rows, e)
		}
	}
	empty := "The account told none."
	if len(words) > 0 && len(v.lists[v.part]) > 0 {
		empty = "None has these words; esc shows all."
	}
	v.table.SetEmpty(empty)
	v.table.SetRows(rows)
}

// entry finds an entry of a part; nil when it is not there any more.
func (v *View) entry(p part, key string) *entry {
	for _, e := range v.lists[p] {
		if e.key == key {
			return e
		}
	}
	return nil
}

// turn shows another part, with the cursor where it was there.
func (v *View) turn(by part) {
	if e, ok := v.table.Cursor(); ok {
		v.places[v.part] = e.key
	}
	v.part = (v.part + by) % parts
	v.columns()
	v.table.SetRows(nil)
	v.show()
	v.table.Home()
	v.table.SetCursor(v.places[v.part])
}

func (v *View) typed(msg tea.KeyMsg) {
	if v.typing == nil {
		return
	}
	switch msg.String() {
	case "enter":
		v.typing = nil
	case "esc":
		v.typing, v.filter = nil, ""
		v.show()
	default:
		v.typing.Key(msg)
		v.narrow()
	}
	v.resize()
}

func (v *View) narrow() {
	v.filter = v.typing.Value()
	v.show()
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) {
	v.w, v.h = w, h
	v.resize()
}

// Capturing is true while the filter is typed.
func (v *View) Capturing() bool { return v.typing != nil }

// Actions move between the lists and in them, show an entry in full, sync,
// import, and leave.
func (v *View) Actions() []keys.Action {
	turn := func(def keys.Def, step part) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { v.turn(step); return nil }}
	}
	actions := []keys.Action{
		turn(keys.NextPart, 1), turn(keys.LastPart, parts-1),
		v.openEntry(), v.sync(),
		{Def: keys.ImportOrders, Disabled: adopt.WhyNot(v.s.Desk.Target(v.target)), Run: func() tea.Cmd { return v.s.Host.Open(adopt.New(v.s, v.target)) }},
		v.filterAction(),
	}
	return append(append(actions, view.Moves(v.table, nil)...), v.back())
}

func (v *View) openEntry() keys.Action {
	a := keys.Action{Def: keys.OpenRow, Disabled: "nothing is listed"}
	a.Help, a.Long = "in full", "show the entry in full; of a domain also the record to publish"
	if e, ok := v.table.Cursor(); ok {
		a.Disabled = ""
		p := v.part
		a.Run = func() tea.Cmd { return v.s.Host.Open(newCard(v, p, e)) }
	}
	return a
}

func (v *View) sync() keys.Action {
	return keys.Action{Def: keys.Sync, Disabled: v.whyNoSync(), Run: func() tea.Cmd {
		v.syncing, v.step = true, backend.AccountStep{}
		return v.s.Desk.SyncAccount(v, v.target)
	}}
}

// whyNoSync keeps a refused credential from being tried again: that locks
// accounts.
func (v *View) whyNoSync() string {
	switch state, ok := v.s.Data.State(v.target); {
	case v.syncing:
		return "the account is being asked already"
	case ok && state.Latched:
		return "the account refused the login; R on the board tries it again"
	}
	return ""
}

func (v *View) filterAction() keys.Action {
	a := keys.Action{Def: keys.Filter, Run: func() tea.Cmd {
		v.typing = field.New(v.filter)
		v.resize()
		return nil
	}}
	a.Long = "list only what has these words, in whatever list"
	return a
}

// back takes the filter away first.
func (v *View) back() keys.Action {
	a := keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }}
	if v.filter != "" {
		a.Help, a.Long = "clear filter", "list everything again"
		a.Run = func() tea.Cmd {
			v.filter = ""
			v.resize()
			v.show()
			return nil
		}
	}
	return a
}

func (v *View) info() backend.Info { return v.s.Desk.Target(v.target).Info }
