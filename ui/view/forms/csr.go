package forms

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/model/x5c"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
	"certty/ui/widget/toast"
)

const fieldPath = "path"

// csrMode lets others read the file: a CSR is public.
const csrMode = 0o644

// SaveCSR asks where a row's CSR goes.
type SaveCSR struct {
	s      *view.Session
	name   string
	pem    []byte
	form   *form.Form
	issue  string
	saving bool
	w, h   int
}

// NewSaveCSR opens the question for a row that has a CSR. A CSR whose own
// signature is wrong can't be saved by accident: the question says so.
func NewSaveCSR(s *view.Session, row view.Row) *SaveCSR {
	v := &SaveCSR{s: s, name: row.Item.Ref.Key, pem: x5c.EncodeCSR(row.Item.Request.CSR)}
	if _, err := x5c.ParseCSR(row.Item.Request.CSR); err != nil {
		v.issue = "Careful, no CA will take this CSR: " + view.Clean(err.Error())
	}
	v.form = form.New(s.Theme, "Save", "Back", form.Field{
		ID: fieldPath, Label: "File", Value: v.name + ".csr",
		Hint: "PEM, 64 columns; in the folder certty was started in unless a path says otherwise",
		Check: func(value string) string {
			if value == "" {
				return "a file name is needed"
			}
			return ""
		},
	})
	return v
}

// Init starts nothing.
func (v *SaveCSR) Init() tea.Cmd { return nil }

// SetSize tells the room.
func (v *SaveCSR) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true: keys are text.
func (v *SaveCSR) Capturing() bool { return true }

// Actions is empty: every key is the form's.
func (v *SaveCSR) Actions() []keys.Action { return nil }

// Update takes the path, writes the file and tells how it went.
func (v *SaveCSR) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return v.key(msg)
	case input.PasteMsg:
		v.form.Paste(msg.Text)
	case view.FileSaved:
		if v.saving {
			return v.saved(msg)
		}
	}
	return nil
}

func (v *SaveCSR) key(msg tea.KeyMsg) tea.Cmd {
	switch v.form.Key(msg) {
	case form.Left:
		v.s.Host.Close(v)
	case form.Submitted:
		v.saving = true
		return view.SaveFile(v.form.Value(fieldPath), v.pem, csrMode, false)
	}
	return nil
}

func (v *SaveCSR) saved(msg view.FileSaved) tea.Cmd {
	v.saving = false
	path := view.Clean(msg.Path)
	switch {
	case msg.Exists:
		return v.s.Host.Open(ask.New(v.s, confirm.Question{
			Title: "The file exists", Lines: []string{path, "", "It is replaced by the CSR of " + v.name + "."},
			Yes: "Replace", No: "Back",
		}, func() tea.Cmd {
			v.saving = true
			return view.SaveFile(msg.Path, v.pem, csrMode, true)
		}))
	case msg.Err != nil:
		v.issue = "Not saved: " + view.Clean(msg.Err.Error())
		return nil
	}
	v.s.Host.Close(v)
	return v.s.Host.Toast(toast.Done, "CSR saved: "+path)
}

// View draws the question.
func (v *SaveCSR) View() []string {
	w := min(boxWidth, v.w)
	lines := v.form.View(w-4, v.h-4)
	for _, l := range box.Wrap(v.issue, w-4) {
		if l != "" {
			lines = append(lines, v.s.Theme.Paint(theme.Bad, l))
		}
	}
	return box.Frame(v.s.Theme, "Save the CSR of "+v.name, lines, w, v.h)
}
