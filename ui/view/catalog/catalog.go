// Package catalog shows what is set up in a vault besides certificates: the
// issuers that requests can name, and the contacts that the vault writes to.
package catalog

import (
	"cmp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/timetext"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// View is the open card.
type View struct {
	s      *view.Session
	target string
	read   *view.CatalogRead
	top    int
	w, h   int
}

// New opens the card of a target that can tell its catalog.
func New(s *view.Session, target string) *View { return &View{s: s, target: target} }

// Init reads issuers and contacts.
func (v *View) Init() tea.Cmd { return v.s.Desk.ReadCatalog(v.target) }

// Update takes what was read.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	if read, ok := msg.(view.CatalogRead); ok && read.Target == v.target {
		v.read = &read
	}
	return nil
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false: there is nothing to type.
func (v *View) Capturing() bool { return false }

// Actions are reading again, scrolling and leaving.
func (v *View) Actions() []keys.Action {
	actions := []keys.Action{{Def: keys.Refresh, Run: func() tea.Cmd { v.read = nil; return v.Init() }}}
	actions = append(actions, view.Scrolling(&v.top, v.h)...)
	return append(actions, keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }})
}

// View draws the card.
func (v *View) View() []string {
	w := min(90, v.w)
	lines := v.lines(w - 4)
	v.top = max(0, min(v.top, len(lines)-(v.h-2)))
	return box.Frame(v.s.Theme, "Issuers and contacts of "+v.target, lines[v.top:], w, v.h)
}

func (v *View) lines(w int) []string {
	t := v.s.Theme
	if v.read == nil {
		return []string{t.Paint(theme.Waits, "Reading them.")}
	}
	l := &view.Page{Theme: t, Width: w}
	l.Add(theme.Title, "ISSUERS")
	switch {
	case v.read.IssuersErr != nil:
		l.AddUnread(v.read.IssuersErr)
	case len(v.read.Issuers) == 0:
		l.Add(theme.Text, "None is set up: requests are manual, or the vault signs them itself (Self). An issuer must be set up in the vault before a request can name it.")
	}
	for _, i := range v.read.Issuers {
		issuer(l, i)
	}
	l.Add(theme.Text, "")
	l.Add(theme.Title, "CONTACTS")
	switch {
	case v.read.ContactsErr != nil:
		l.AddUnread(v.read.ContactsErr)
	case len(v.read.Contacts) == 0:
		l.Add(theme.Text, "None: the vault writes to nobody when a certificate expires or an issuer fails.")
	}
	for _, c := range v.read.Contacts {
		l.Add(theme.Text, contact(c))
	}
	return l.Lines
}

func issuer(l *view.Page, i model.IssuerInfo) {
	state := l.Theme.Glyphs.Good + " "
	// A list does not tell it; an issuer that was read has a date.
	if read := !i.Created.IsZero() || !i.Updated.IsZero(); read && !i.Enabled {
		state = l.Theme.Glyphs.Off + " disabled  "
	}
	head := []string{state + i.Name, i.Provider}
	if i.AccountID != "" {
		head = append(head, "account "+i.AccountID)
	}
	if i.OrganizationID != "" {
		head = append(head, "organization "+i.OrganizationID)
	}
	l.Add(theme.Text, strings.Join(head, "  "))
	for _, admin := range i.Admins {
		l.Add(theme.Faint, "    admin "+contact(admin))
	}
	if !i.Updated.IsZero() {
		l.Add(theme.Faint, "    changed "+timetext.Moment(i.Updated))
	}
}

func contact(c model.Contact) string {
	var parts []string
	for _, p := range []string{c.Name, c.Email, c.Phone} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return cmp.Or(strings.Join(parts, "  "), "(empty)")
}
