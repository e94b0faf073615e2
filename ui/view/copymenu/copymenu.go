// Package copymenu lists what can be copied of one row. All of it is public: a
// private key is never there to be copied.
package copymenu

import (
	"cmp"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/x5c"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// View is the open menu.
type View struct {
	s    *view.Session
	ref  model.Ref
	w, h int
}

// New opens the menu of the row that shows ref.
func New(s *view.Session, ref model.Ref) *View { return &View{s: s, ref: ref.Row()} }

// Init has the row read: a list tells neither serial nor certificate.
func (v *View) Init() tea.Cmd {
	v.s.Desk.Look(v.ref)
	return nil
}

// Update takes nothing.
func (v *View) Update(tea.Msg) tea.Cmd { return nil }

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false: every entry is an action.
func (v *View) Capturing() bool { return false }

// entry is one thing that can be copied.
type entry struct {
	def keys.Def
	// what it is, in words; value is what is copied, shown what is seen of it.
	what, value, shown string
	// why is the reason when there is no value.
	why string
}

func (v *View) entries() []entry {
	row, ok := v.s.Data.Row(v.ref)
	if !ok {
		return nil
	}
	c := &row.Item.Certificate
	read := "it was not read yet; it is being read"
	if !c.Issued {
		read = "nothing was issued yet"
	}
	if view.IsOrder(row.Item) {
		return v.ofOrder(row.Item)
	}
	all := []entry{
		{def: keys.CopyName, what: "name", value: v.ref.Key},
		{def: keys.CopyThumbprint, what: "thumbprint", value: c.Thumbprint, why: read},
		{def: keys.CopySerial, what: "serial", value: c.Serial, why: read},
		csr(row.Item),
		{def: keys.CopyCertificate, what: "certificate (PEM)", why: read},
		{def: keys.CopyID, what: "vault id", value: v.id(c.Version)},
	}
	if len(c.DER) > 0 {
		all[4].value, all[4].shown = string(x5c.EncodeChain([][]byte{c.DER})), cmp.Or(c.Subject, "PEM")
	}
	return all
}

func csr(it *model.Item) entry {
	e := entry{def: keys.CopyCSR, what: "CSR (PEM)", why: "there is no request here"}
	switch r := it.Request; {
	case r == nil && it.RequestReadAt.IsZero():
		e.why = "its request was not read yet"
	case r == nil:
	case r.KeyID != "":
		e.why = "its CSR is not kept; open the row, and it is read again"
	case len(r.CSR) == 0:
		e.why = "the vault told no CSR"
	default:
		e.value, e.shown = string(x5c.EncodeCSR(r.CSR)), "of request "+cmp.Or(r.ID, "(the vault tells no id)")
	}
	return e
}

// id is how the vault names the certificate: its URL, with the version where it
// is known.
func (v *View) id(version string) string {
	id := v.s.Desk.Target(v.ref.Target).Info.Address + "/certificates/" + v.ref.Key
	if version != "" {
		id += "/" + version
	}
	return id
}

func (v *View) title() string {
	if row, ok := v.s.Data.Row(v.ref); ok {
		return "Copy from " + view.Called(row.Item)
	}
	return "Copy from " + v.ref.Key + " (" + v.ref.Target + ")"
}

// Actions are the entries and leaving.
func (v *View) Actions() []keys.Action {
	var actions []keys.Action
	for _, e := range v.entries() {
		a := keys.Action{Def: e.def, Run: func() tea.Cmd {
			v.s.Host.Close(v)
			return v.s.Clip.Copy(v.s.Data.Name(v.ref)+": "+e.what, e.value)
		}}
		if e.value == "" {
			a.Disabled = e.why
		}
		actions = append(actions, a)
	}
	return append(actions, keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }})
}

// View draws the menu: what each key copies, or why it can't.
func (v *View) View() []string {
	const label = 22
	t := v.s.Theme
	w := min(90, v.w)
	var lines []string
	for _, e := range v.entries() {
		value, role := cmp.Or(e.shown, e.value), theme.Text
		if e.value == "" {
			value, role = "not now: "+e.why, theme.Faint
		}
		lines = append(lines, "  "+t.Paint(theme.Key, e.def.Label())+"  "+box.Fit(e.what, label, "")+
			t.Paint(role, box.Fit(value, max(1, w-4-label-5), t.Glyphs.Ellipsis)))
	}
	return box.Frame(t, v.title(), lines, w, v.h)
}
