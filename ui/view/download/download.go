package download

import (
	"crypto/x509"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/x5c"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/widget/form"
	"certty/ui/widget/toast"
)

// fileMode lets others read the file: a certificate is public.
const fileMode = 0o644

// View is the open form.
type View struct {
	s *view.Session
	// ref names the version; its revision is "" for the current one.
	ref  model.Ref
	leaf []byte
	// what the row is called, and whether it is an order, whose collected chain
	// lies here.
	name, called string
	collected    bool
	// above are the certificates that were collected with the leaf.
	above []*x509.Certificate
	// links are the leaf and what is known of its chain.
	links []x5c.Link
	form  *form.Form
	file  *form.Form // asks for the file with the chain's certificates
	// issue is what went wrong last; failed is why the certificate could not be
	// read.
	issue   string
	failed  error
	gen     uint64
	saving  bool
	reading bool
	w, h    int
}

// climbed is what a command found of the chain.
type climbed struct {
	gen   uint64
	found *x5c.Bundle // what was pasted; nil where nothing was
	links []x5c.Link
	err   error
}

// New opens the form for a version of the certificate under ref; c is what is
// known of it.
func New(s *view.Session, ref model.Ref, c model.Certificate) *View {
	v := &View{s: s, ref: ref, leaf: c.DER, name: ref.Key, called: ref.Key + " (" + ref.Target + ")"}
	v.form = form.New(s.Theme, "Save", "Back", fields(ref.Key)...)
	return v
}

// NewCollected opens the form for the certificate of an order as it was
// collected, with its chain.
func NewCollected(s *view.Session, row view.Row) *View {
	v := &View{s: s, ref: row.ID(), name: row.Item.Name(), called: view.Called(row.Item), collected: true}
	v.form = form.New(s.Theme, "Save", "Back", fields(view.FileName(row.Item))...)
	return v
}

// Init reads the certificate where it is not known, and its chain.
func (v *View) Init() tea.Cmd {
	switch {
	case v.collected:
		return v.s.Desk.ReadChain(v.ref)
	case len(v.leaf) > 0:
		return v.climb(nil)
	}
	return v.s.Desk.ReadVersion(v.ref)
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true: keys are text.
func (v *View) Capturing() bool { return true }

// Actions is empty: every key is the form's.
func (v *View) Actions() []keys.Action { return nil }

// Update takes keys, pastes and what was read and written.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return v.key(msg)
	case input.PasteMsg:
		return v.paste(msg)
	case view.VersionRead:
		if msg.Ref == v.ref && len(v.leaf) == 0 {
			return v.read(msg)
		}
	case view.ChainRead:
		if v.collected && msg.Ref == v.ref {
			return v.chain(msg)
		}
	case climbed:
		if msg.gen == v.gen {
			v.climbed(msg)
		}
	case view.FileRead:
		if v.reading {
			return v.fileRead(msg)
		}
	case view.FileSaved:
		if v.saving {
			return v.saved(msg)
		}
	}
	return nil
}

func (v *View) read(msg view.VersionRead) tea.Cmd {
	switch {
	case msg.Err != nil:
		v.failed = msg.Err
		return nil
	case len(msg.Certificate.DER) == 0:
		v.failed = &backend.Error{Kind: backend.KindNotFound, Op: "read certificate", Ref: v.ref, Message: "the vault told no certificate of this version"}
		return nil
	}
	v.leaf = msg.Certificate.DER
	return v.climb(nil)
}

// chain takes what was collected.
func (v *View) chain(msg view.ChainRead) tea.Cmd {
	if msg.Err == nil && len(msg.Chain) == 0 {
		msg.Err = &backend.Error{Kind: backend.KindNotFound, Op: "read certificate", Ref: v.ref, Message: "nothing was collected yet"}
	}
	if msg.Err != nil {
		v.failed = msg.Err
		return nil
	}
	v.leaf = msg.Chain[0]
	for _, der := range msg.Chain[1:] {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			v.failed = fmt.Errorf("read the collected chain of %s: %w", v.ref.Key, err)
			return nil
		}
		v.above = append(v.above, c)
	}
	return v.climb(nil)
}

func (v *View) key(msg tea.KeyMsg) tea.Cmd {
	if v.file != nil {
		return v.fileKey(msg)
	}
	if msg.String() == "ctrl+o" {
		v.file = form.New(v.s.Theme, "Read", "Back", form.Field{ID: fieldPath, Label: "File with the chain", Check: needed,
			Hint: "PEM, DER, PKCS#7, JSON, ZIP or a mail: what is in it is found out"})
		return nil
	}
	v.issue = ""
	switch v.form.Key(msg) {
	case form.Left:
		v.s.Host.Close(v)
	case form.Submitted:
		return v.save(v.form.Value(fieldPath), false)
	}
	return nil
}

func (v *View) fileKey(msg tea.KeyMsg) tea.Cmd {
	switch v.file.Key(msg) {
	case form.Left:
		v.file = nil
	case form.Submitted:
		v.reading = true
		return view.ReadFile(v.file.Value(fieldPath))
	}
	return nil
}

func (v *View) fileRead(msg view.FileRead) tea.Cmd {
	v.reading = false
	if msg.Err != nil {
		return v.s.Host.Toast(toast.Error, "Not read: "+view.Clean(msg.Err.Error()))
	}
	v.file = nil
	return v.climb(msg.Data)
}

// paste tells certificates from a file's name: the first have more than a line,
// or their marker.
func (v *View) paste(msg input.PasteMsg) tea.Cmd {
	switch {
	case v.file != nil:
		return view.Typed(v.s, msg, v.file.Paste)
	case msg.TooLong:
		return v.s.Host.Toast(toast.Error, "The paste is too long for a chain; use a file (ctrl+o)")
	case looksLikeChain(msg.Text):
		return v.climb([]byte(msg.Text))
	default:
		return view.Typed(v.s, msg, v.form.Paste)
	}
}

// climb looks for the chain off the screen's goroutine, with what is in data
// besides what is known. Only certificates are kept of data.
func (v *View) climb(data []byte) tea.Cmd {
	if len(v.leaf) == 0 {
		return nil
	}
	v.gen++
	c, leaf, known, clock := climbed{gen: v.gen}, v.leaf, slices.Concat(v.above, v.s.Desk.Authorities()), v.s.Clock
	return func() tea.Msg {
		if len(data) > 0 {
			if c.found, c.err = x5c.Read(data); c.err != nil {
				return c
			}
			known = append(known, c.found.Certificates...)
		}
		c.links, c.err = x5c.Climb(leaf, known, clock(), view.Clean)
		return c
	}
}

func (v *View) climbed(msg climbed) {
	if msg.err != nil {
		v.issue = view.Clean(msg.err.Error())
		return
	}
	if msg.found != nil {
		v.s.Desk.KeepAuthorities(msg.found.Certificates)
		if len(msg.links) <= len(v.links) {
			v.issue = "Nothing in it belongs to this certificate's chain."
		}
	}
	first := len(v.links) <= 1
	v.links = msg.links
	if first && len(v.links) > 1 {
		v.form.Set(fieldWhat, contentChain)
	}
}

// save writes what the form says. It never overwrites before it asked.
func (v *View) save(path string, overwrite bool) tea.Cmd {
	if v.issue = v.short(); v.issue != "" {
		return nil
	}
	data, err := encode(v.chosen(), v.form.Value(fieldForm))
	if err != nil {
		v.issue = view.Clean(err.Error())
		return nil
	}
	v.saving = true
	return view.SaveFile(path, data, fileMode, overwrite)
}

func (v *View) saved(msg view.FileSaved) tea.Cmd {
	v.saving = false
	path := view.Clean(msg.Path)
	switch {
	case msg.Exists:
		return v.s.Host.Open(ask.Overwrite(v.s, path, "the certificate of "+v.name, func() tea.Cmd { return v.save(msg.Path, true) }))
	case msg.Err != nil:
		v.issue = "Not saved: " + view.Clean(msg.Err.Error())
		return nil
	}
	v.s.Host.Close(v)
	return v.s.Host.Toast(toast.Done, model.Count(len(v.chosen()), "certificate", "certificates")+" saved: "+path)
}
