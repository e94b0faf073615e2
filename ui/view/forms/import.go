package forms

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/widget/form"
)

// The fields that only an import has.
const (
	fieldFile     = "file"
	fieldPassword = "password"
)

// Import is the form in which a certificate is brought in with its private key.
// The file's bytes and its password are held until they were sent, and shown
// nowhere.
type Import struct {
	s       *view.Session
	form    *form.Form
	targets []string
	ways    Ways
	// looked is the path that was read last, gen counts readings. bundle is what
	// was found there; nil while nothing was.
	looked string
	gen    uint64
	bundle *bundle
	failed string
	// asking is true when the question follows as soon as the file is read.
	asking bool
	sent   uint64
	w, h   int
}

// NewImport opens an empty form for the targets that can import. ways lists
// what can be done with a row, for the conflict with a request in progress.
func NewImport(s *view.Session, ways Ways) *Import {
	v := &Import{s: s, ways: ways}
	for _, t := range s.Desk.Targets() {
		if t.Capabilities.Import != nil {
			v.targets = append(v.targets, t.Info.Name)
		}
	}
	v.form = form.New(s.Theme, "Import", "Back", v.fields()...)
	v.form.CheckWith(v.check)
	v.form.OnChange(func(id string) {
		if id == fieldFile {
			v.forget()
		}
	})
	return v
}

func (v *Import) check(value form.Values) map[string]string {
	wrong := faults{}
	switch {
	case value(fieldFile) == "":
		wrong.add(fieldFile, "a file name is needed")
	case v.bundle != nil:
		wrong.add(fieldFile, v.bundle.wrong)
	}
	wrong.add(fieldFile, v.failed)
	wrong.add(fieldName, deleted(v.s, v.target(), value(fieldName)))
	if len([]rune(value(fieldPassword))) > maxPassword {
		wrong.add(fieldPassword, "Key Vault takes at most 200 characters")
	}
	return wrong
}

// maxPassword is the longest password that Key Vault takes for an import.
const maxPassword = 200

func (v *Import) told() string {
	if v.bundle == nil {
		return ""
	}
	return strings.Join(v.bundle.told, "\n")
}

// forget drops what was read of a file.
func (v *Import) forget() {
	v.gen++
	v.bundle, v.looked, v.failed = nil, "", ""
}

// Init starts nothing.
func (v *Import) Init() tea.Cmd { return nil }

// SetSize tells the room.
func (v *Import) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true: keys are text.
func (v *Import) Capturing() bool { return true }

// Actions is empty: every key is the form's.
func (v *Import) Actions() []keys.Action { return nil }

// bundleRead carries what was found in a file.
type bundleRead struct {
	gen    uint64
	bundle bundle
	err    error
}

// Update fills the form in, has the file read, and follows the call.
func (v *Import) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		switch {
		case v.sent == 0:
			return v.key(msg)
		case msg.String() == "esc":
			// The call goes on; the root tells how it ended.
			v.s.Host.Close(v)
		}
	case input.PasteMsg:
		if v.sent == 0 {
			v.form.Paste(msg.Text)
		}
	case bundleRead:
		if msg.gen == v.gen {
			return v.read(msg)
		}
	case view.OpDone:
		if msg.ID == v.sent && v.sent != 0 {
			return v.done(msg)
		}
	}
	return nil
}

func (v *Import) key(msg tea.KeyMsg) tea.Cmd {
	v.asking = false
	if name := msg.String(); (name == "ctrl+s" || name == "enter") && (v.failed != "" || v.bundle != nil && v.bundle.wrong != "") {
		// The file may be another one by now.
		v.forget()
		v.form.Refresh()
	}
	switch v.form.Key(msg) {
	case form.Left:
		v.s.Host.Close(v)
		return nil
	case form.Submitted:
		if v.bundle != nil {
			return v.confirm()
		}
		v.asking = true
	case form.Refused:
		// What is in the file may be all that is missing.
		v.asking = v.bundle == nil
	case form.None:
	}
	// A name is read once it is typed to its end.
	if v.asking || v.form.Focused() != fieldFile {
		return v.look()
	}
	return nil
}

// look has the file read, unless it was. What is in it comes back without the
// file's own message, which every view would get.
func (v *Import) look() tea.Cmd {
	path := v.form.Value(fieldFile)
	if path == "" || path == v.looked {
		return nil
	}
	v.gen++
	v.looked = path
	gen, read := v.gen, view.ReadFile(path)
	return func() tea.Msg {
		file, ok := read().(view.FileRead)
		switch {
		case !ok:
			return nil
		case file.Err != nil:
			return bundleRead{gen: gen, err: file.Err}
		}
		return bundleRead{gen: gen, bundle: readBundle(file.Path, file.Data)}
	}
}

func (v *Import) read(msg bundleRead) tea.Cmd {
	asking := v.asking
	v.asking = false
	if msg.err != nil {
		v.failed = "not read: " + view.Clean(msg.err.Error())
	} else {
		v.bundle = &msg.bundle
	}
	if v.form.Refresh(); asking && v.form.Submit() == form.Submitted {
		return v.confirm()
	}
	return nil
}

func (v *Import) target() string {
	if v.form == nil {
		return ""
	}
	if t := v.form.Value(fieldTarget); t != "" || len(v.targets) == 0 {
		return t
	}
	return v.targets[0]
}

func (v *Import) confirm() tea.Cmd {
	name, target := v.form.Value(fieldName), v.target()
	row, known := v.s.Data.Row(model.Ref{Target: target, Kind: model.KindCertificate, Key: name})
	known = known && row.Item.Deletion == nil
	if known && row.Item.Request.Open() {
		return v.s.Host.Open(newConflict(v.s, row, v.ways, "Nothing was sent.", formKept))
	}
	return v.s.Host.Open(ask.New(v.s, v.question(name, target, known), v.send))
}

// send sends the file and forgets it, and its password.
func (v *Import) send() tea.Cmd {
	// The checks of the form hold; a tag that can't be read never gets here.
	tags, _ := parseTags(v.form.Value(fieldTags))
	spec := model.ImportSpec{
		Name: v.form.Value(fieldName), Data: v.bundle.data, Format: v.bundle.format, Password: v.form.Value(fieldPassword),
		Tags: tags, Exportable: triOf(v.form.Value(fieldExportable)),
	}
	if !v.form.On(fieldEnabled) {
		spec.Enabled = new(false)
	}
	if spec.Format == model.ImportPEM {
		spec.Password = ""
	}
	id, cmd := v.s.Desk.Import(v.target(), spec)
	v.sent = id
	v.form.Set(fieldPassword, "")
	v.forget()
	return cmd
}

// done closes the form on success; otherwise all but the password stays.
func (v *Import) done(msg view.OpDone) tea.Cmd {
	v.sent = 0
	if msg.Err == nil {
		v.s.Host.Close(v)
		return nil
	}
	v.s.Desk.Explained(msg.ID)
	kept := "What you typed is kept, but for the password."
	if backend.KindOf(msg.Err) == backend.KindInvalid {
		v.form.Focus(fieldPassword)
		kept = "A wrong password is answered like this, too. " + kept
	}
	return refused(v.s, msg, v.ways, kept, formKept)
}

// View draws the form.
func (v *Import) View() []string {
	return frame(v.s, "Import a certificate with its key", v.form, v.sent != 0, "tab next field   ctrl+s import   esc back", v.w, v.h)
}
