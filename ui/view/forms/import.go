package forms

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/bundle"
	"certty/ui/view"
	"certty/ui/view/sheet"
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
	*sheet.Sheet
	s       *view.Session
	targets []string
	way     conflict
	// looked is the path that was read last, gen counts readings. bundle is what
	// was found there; nil while nothing was.
	looked string
	gen    uint64
	bundle *bundle.File
	failed string
	// opened is what the password showed of it, while the question is made.
	opened *bundle.File
	// unseen is true where only the vault can tell whether the password opens it.
	unseen bool
	// turn counts what was typed: a file that was opened for something else is
	// dropped.
	turn uint64
	// asking is true when the question follows as soon as the file is read.
	asking bool
}

// NewImport opens an empty form for the targets that can import. ways lists
// what can be done with a row, for the conflict with a request in progress.
func NewImport(s *view.Session, ways Ways) *Import {
	v := &Import{s: s}
	v.way = conflict{s: s, ways: ways, then: v.filled, kept: formKept}
	v.targets = targets(s, func(c backend.Capabilities) bool { return c.Import != nil })
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Title: func() string { return "Import a certificate with its key" }, Submit: "import",
		Filled: v.filled, Refused: v.refused,
	})
	v.Form = form.New(s.Theme, "Import", "Back", v.fields()...)
	v.Form.CheckWith(v.check)
	v.Form.OnChange(func(id string) {
		v.turn++
		if id == fieldFile {
			v.forget()
		}
	})
	return v
}

// At chooses the target that the form is for, where that one can import; else the
// choice stays. It returns the form.
func (v *Import) At(target string) *Import {
	chooseTarget(v.Form, v.targets, target)
	return v
}

func (v *Import) check(value form.Values) map[string]string {
	wrong := faults{}
	switch {
	case value(fieldFile) == "":
		wrong.add(fieldFile, "a file name is needed")
	case v.bundle != nil:
		wrong.add(fieldFile, v.bundle.Wrong)
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
	return strings.Join(v.bundle.Told, "\n")
}

// forget drops what was read of a file.
func (v *Import) forget() {
	v.gen++
	v.bundle, v.looked, v.failed = nil, "", ""
}

// bundleRead carries what was found in a file.
type bundleRead struct {
	gen    uint64
	bundle bundle.File
	err    error
}

// Update fills the form in, has the file read, and follows the call.
func (v *Import) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		if !v.Running() {
			return v.key(msg)
		}
	case bundleOpened:
		return v.unlocked(msg)
	case bundleRead:
		if msg.gen == v.gen {
			return v.read(msg)
		}
		return nil
	}
	return v.Sheet.Update(msg)
}

func (v *Import) key(msg tea.KeyMsg) tea.Cmd {
	v.asking = false
	if name := msg.String(); (name == "ctrl+s" || name == "enter") && (v.failed != "" || v.bundle != nil && v.bundle.Wrong != "") {
		// The file may be another one by now.
		v.forget()
		v.Form.Refresh()
	}
	event, cmd := v.Sheet.Key(msg)
	if event == form.Refused {
		// What is in the file may be all that is missing.
		v.asking = v.bundle == nil
	}
	// A name is read once it is typed to its end.
	if event != form.Left && (v.asking || v.Form.Focused() != fieldFile) {
		return tea.Batch(cmd, v.look())
	}
	return cmd
}

// look has the file read, unless it was. What is in it comes back without the
// file's own message, which every view would get.
func (v *Import) look() tea.Cmd {
	path := v.Form.Value(fieldFile)
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
		return bundleRead{gen: gen, bundle: bundle.Read(file.Path, file.Data, view.Clean)}
	}
}

func (v *Import) read(msg bundleRead) tea.Cmd {
	asking := v.asking
	v.asking = false
	if msg.err != nil {
		v.failed = "not read: " + view.Clean(msg.err.Error())
	} else {
		v.bundle, v.unseen = &msg.bundle, false
	}
	if v.Form.Refresh(); asking && v.Form.Submit() == form.Submitted {
		return v.filled()
	}
	return nil
}

func (v *Import) target() string { return targetOf(v.Form, v.targets) }

// filled asks whether the file is sent, once it was read.
func (v *Import) filled() tea.Cmd {
	if v.bundle == nil {
		v.asking = true
		return v.look()
	}
	name, target := v.Form.Value(fieldName), v.target()
	row, known := standing(v.s, target, name)
	if known && row.Item.Request.Open() {
		return v.s.Host.Open(v.way.before(row))
	}
	if v.bundle.Format == model.ImportPFX && v.opened == nil {
		return v.unlock()
	}
	return v.Ask(v.question(name, target, known), v.send)
}

// bundleOpened carries what a PFX holds.
type bundleOpened struct {
	turn   uint64
	bundle bundle.File
}

// unlock opens the PFX with what was typed, off the screen's goroutine: its password
// is hashed many thousand times.
func (v *Import) unlock() tea.Cmd {
	v.turn++
	turn, file, password := v.turn, *v.bundle, v.Form.Value(fieldPassword)
	return func() tea.Msg { return bundleOpened{turn: turn, bundle: file.Open(password)} }
}

// unlocked asks whether what the PFX holds is sent; a password that does not open it
// is told before anything is.
func (v *Import) unlocked(msg bundleOpened) tea.Cmd {
	if msg.turn != v.turn || v.bundle == nil {
		return nil
	}
	if msg.bundle.Wrong != "" {
		v.Form.Focus(fieldPassword)
		return v.Complain(msg.bundle.Wrong)
	}
	v.opened, v.unseen = &msg.bundle, msg.bundle.Unseen
	defer func() { v.opened = nil }()
	return v.filled()
}

// send sends the file and forgets it, and its password.
func (v *Import) send() (uint64, tea.Cmd) {
	// The checks of the form hold; a tag that can't be read never gets here.
	tags, _ := parseTags(v.Form.Value(fieldTags))
	spec := model.ImportSpec{
		Name: v.Form.Value(fieldName), Data: v.bundle.Data, Format: v.bundle.Format, Password: v.Form.Value(fieldPassword),
		Tags: tags, Exportable: triOf(v.Form.Value(fieldExportable)), PreserveCertOrder: triOf(v.Form.Value(fieldOrder)),
	}
	if !v.Form.On(fieldEnabled) {
		spec.Enabled = new(false)
	}
	if spec.Format == model.ImportPEM {
		spec.Password = ""
	}
	target := v.target()
	v.Form.Set(fieldPassword, "")
	v.forget()
	return v.s.Desk.Import(target, spec)
}

// refused explains why the call failed. All but the password stays.
func (v *Import) refused(msg view.OpDone) view.View {
	kept := "What you typed is kept, but for the password."
	if backend.KindOf(msg.Err) == backend.KindInvalid {
		v.Form.Focus(fieldPassword)
		if v.unseen {
			kept = "A wrong password is answered like this, too. " + kept
		}
	}
	way := v.way
	way.then = func() tea.Cmd {
		v.Form.Focus(fieldPassword)
		return v.Complain("The request has ended: ctrl+s goes on. A password has to be typed again.")
	}
	return way.refused(msg, kept)
}
