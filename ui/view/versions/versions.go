// Package versions lists every version of one certificate, newest first, and
// what can be done with each.
package versions

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/download"
	"certty/ui/widget/box"
	"certty/ui/widget/table"
)

// View is the open list.
type View struct {
	s     *view.Session
	ref   model.Ref
	table *table.Table[string, version]
	read  bool
	busy  bool
	err   error
	w, h  int
}

// version is one row of the list.
type version struct {
	model.Certificate
	current bool
}

// ID is the version's id.
func (v version) ID() string { return v.Version }

// New opens the list of the versions of the certificate under ref.
func New(s *view.Session, ref model.Ref) *View {
	v := &View{s: s, ref: ref.Row()}
	t := s.Theme
	v.table = table.New(table.Options{
		Header: true, Ellipsis: t.Glyphs.Ellipsis, Empty: "The vault lists no version.",
		Styles: table.Styles{Header: t.Painter(theme.Faint), Cursor: t.Painter(theme.Selected)},
	}, v.columns()...)
	return v
}

func (v *View) columns() []table.Column[version] {
	t := v.s.Theme
	date := func(when func(version) time.Time) func(version) string {
		return func(c version) string {
			if !c.Issued || when(c).IsZero() {
				return ""
			}
			return when(c).Local().Format(time.DateOnly)
		}
	}
	return []table.Column[version]{
		{Title: "STATE", Min: 10, Ideal: 12, Priority: 10, Cell: func(c version) string { word, glyph, _ := v.state(c); return glyph + " " + word },
			Style: func(c version) table.Style { _, _, role := v.state(c); return t.Painter(role) }},
		{Title: "VERSION", Min: 12, Ideal: 32, Priority: 7, Cell: func(c version) string { return c.Version }},
		{Title: "FROM", Min: 10, Ideal: 10, Priority: 8, Cell: date(func(c version) time.Time { return c.NotBefore })},
		{Title: "UNTIL", Min: 10, Ideal: 10, Priority: 9, Cell: date(func(c version) time.Time { return c.NotAfter })},
		{Title: "ENABLED", Min: 7, Ideal: 7, Priority: 6, Cell: func(c version) string { return map[bool]string{true: "yes", false: "no"}[c.Enabled] }},
		{Title: "SHA-1 THUMBPRINT", Min: 30, Ideal: 40, Priority: 2, Cell: func(c version) string { return c.Thumbprint }},
	}
}

// state is one word for a version, with its glyph and role.
func (v *View) state(c version) (word, glyph string, role theme.Role) {
	g := v.s.Theme.Glyphs
	switch now := v.s.Data.Now; {
	case !c.Issued:
		return "not issued", g.Waits, theme.Faint
	case !c.Enabled:
		return "disabled", g.Off, theme.Faint
	case !c.NotAfter.IsZero() && !now.Before(c.NotAfter):
		return "expired", g.Failed, theme.Bad
	case c.current:
		return "current", g.Good, theme.Good
	}
	return "older", g.Good, theme.Text
}

// Init reads the list, and the row: it tells which version is current and
// whether a new one is on its way.
func (v *View) Init() tea.Cmd {
	v.s.Desk.Look(v.ref)
	return v.reload()
}

func (v *View) reload() tea.Cmd {
	v.busy = true
	return v.s.Desk.ReadVersions(v.ref)
}

// Update takes the list, and reads it again when a version was changed from
// here.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.VersionsRead:
		if msg.Ref == v.ref {
			v.busy, v.read, v.err = false, v.read || msg.Err == nil, msg.Err
			if msg.Err == nil {
				v.table.SetRows(v.marked(msg.Versions))
			}
		}
	case view.OpDone:
		if msg.Ref.Row() == v.ref && msg.Err == nil {
			return v.reload()
		}
	}
	return nil
}

// marked finds the current version: the one that the row shows, or the newest
// where the row was not read.
func (v *View) marked(list []model.Certificate) []version {
	var shown model.Certificate
	if row, ok := v.s.Data.Row(v.ref); ok {
		shown = row.Item.Certificate
	}
	rows := make([]version, len(list))
	found := false
	for i, c := range list {
		same := shown.Version != "" && c.Version == shown.Version || shown.Version == "" && shown.Thumbprint != "" && c.Thumbprint == shown.Thumbprint
		rows[i] = version{Certificate: c, current: same && !found}
		found = found || same
	}
	if !found && len(rows) > 0 {
		rows[0].current = true
	}
	return rows
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) {
	v.w, v.h = w, h
	v.table.SetSize(w, max(0, h-headLines))
}

// Capturing is false: there is nothing to type.
func (v *View) Capturing() bool { return false }

// headLines stand above the list: the name, what is on its way, a blank.
const headLines = 3

// View draws the list.
func (v *View) View() []string {
	t := v.s.Theme
	name := " " + t.Paint(theme.Strong, "Versions of "+v.ref.Key) + " (" + v.ref.Target + ")"
	if v.read {
		name += fmt.Sprintf(", %d", v.table.Len())
	}
	lines := []string{name, " " + v.news(), ""}
	switch {
	case v.err != nil && !v.read:
		advice := backend.AdviceFor(v.err)
		for _, l := range box.Wrap(advice.Cause+" "+advice.Next+"\n"+view.Clean(v.err.Error()), v.w-2) {
			lines = append(lines, " "+l)
		}
	case v.read:
		lines = append(lines, strings.Split(v.table.View(), "\n")...)
	}
	return box.Clamp(lines, v.w, v.h, t.Glyphs.Ellipsis)
}

// news is one line about what is being done and what is on its way.
func (v *View) news() string {
	t := v.s.Theme
	row, ok := v.s.Data.Row(v.ref)
	switch {
	case v.err != nil && v.read:
		return t.Paint(theme.Bad, "Not read again: "+backend.AdviceFor(v.err).Cause)
	case v.busy && !v.read:
		return t.Paint(theme.Waits, "Reading the versions.")
	case ok && row.Item.Request.Open():
		r := row.Item.Request
		what := "A new version is on its way: " + string(model.StateInProgress) + ", issuer " + r.Issuer.Name + "."
		if r.Manual() {
			what = "A new version is on its way: it waits for a merge."
		}
		return t.Paint(theme.Waits, t.Glyphs.Waits+" "+what)
	case ok && row.Status.RenewalUnknown:
		return t.Paint(theme.Faint, "Whether a new version is on its way was not read yet.")
	}
	return ""
}

// Actions are the version's under the cursor, moving and leaving.
func (v *View) Actions() []keys.Action {
	c, ok := v.table.Cursor()
	none := ""
	if !ok {
		none = "no version is listed"
	}
	why := func(reasons ...string) string {
		for _, r := range append([]string{none}, reasons...) {
			if r != "" {
				return r
			}
		}
		return ""
	}
	issued := ""
	if ok && !c.Issued {
		issued = "nothing was issued in this version"
	}
	enable := keys.Enable
	enable.Help, enable.Long = "enable", "enable or disable this version"
	if c.Enabled {
		enable.Help = "disable"
	}
	ref := v.ref
	ref.Revision = c.Version
	copied := func(what, text string) func() tea.Cmd {
		return func() tea.Cmd { return v.s.Clip.Copy(v.ref.Key+": "+what, text) }
	}
	id := v.s.Desk.Target(v.ref.Target).Info.Address + "/certificates/" + v.ref.Key + "/" + c.Version
	actions := []keys.Action{
		{Def: enable, Disabled: why(issued, v.whyNoUpdate()), Run: func() tea.Cmd { return v.enable(c) }},
		{Def: keys.Download, Disabled: why(issued), Run: func() tea.Cmd { return v.s.Host.Open(download.New(v.s, ref, c.Certificate)) }},
		{Def: keys.CopyThumbprint, Disabled: why(issued), Run: copied("thumbprint", c.Thumbprint)},
		{Def: keys.CopyID, Disabled: none, Run: copied("vault id", id)},
		{Def: keys.Refresh, Run: v.reload},
	}
	actions = append(actions, v.moves()...)
	return append(actions, keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }})
}

func (v *View) whyNoUpdate() string {
	caps := v.s.Desk.Target(v.ref.Target).Capabilities
	row, ok := v.s.Data.Row(v.ref)
	switch {
	case caps.Lifecycle == nil:
		return cmp.Or(caps.LifecycleWhy, "this target can't do that")
	case !ok:
		return "this row is not known any more"
	}
	return row.Item.WhyNotLive()
}

func (v *View) enable(c version) tea.Cmd {
	row, _ := v.s.Data.Row(v.ref)
	return v.s.Host.Open(ask.Enable(v.s, row, c.Certificate, !c.Enabled))
}

func (v *View) moves() []keys.Action {
	move := func(def keys.Def, step func()) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { step(); return nil }}
	}
	t := v.table
	return []keys.Action{
		move(keys.Up, func() { t.Move(-1) }), move(keys.Down, func() { t.Move(1) }),
		move(keys.PageUp, func() { t.Page(-1) }), move(keys.PageDown, func() { t.Page(1) }),
		move(keys.Top, t.Home), move(keys.Bottom, t.End),
	}
}
