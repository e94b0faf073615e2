package forms

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/model/x5c"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/sheet"
	"certty/ui/widget/form"
	"certty/ui/widget/toast"
)

const fieldPath = "path"

// csrMode lets others read the file: a CSR is public.
const csrMode = 0o644

// SaveCSR asks where a row's CSR goes.
type SaveCSR struct {
	*sheet.Sheet
	s      *view.Session
	name   string
	pem    []byte
	saving bool
}

// NewSaveCSR opens the question for a row that has a CSR. A CSR whose own
// signature is wrong can't be saved by accident: the question says so.
func NewSaveCSR(s *view.Session, row view.Row) *SaveCSR {
	v := &SaveCSR{s: s, name: row.Item.Ref.Key, pem: x5c.EncodeCSR(row.Item.Request.CSR)}
	careful := ""
	if _, err := x5c.ParseCSR(row.Item.Request.CSR); err != nil {
		careful = "Careful, no CA will take this CSR: " + view.Clean(err.Error())
	}
	v.Sheet = sheet.New(s, sheet.Def{View: v, Title: func() string { return "Save the CSR of " + v.name }, Submit: "save", Filled: v.filled})
	v.Form = form.New(s.Theme, "Save", "Back", form.Field{
		ID: fieldPath, Label: "File", Suggest: func(func(string) string) string { return v.name + ".csr" },
		Hint: "PEM, 64 columns; in the folder certty was started in unless a path says otherwise",
		Warn: func(func(string) string) string { return careful },
		Check: func(value string) string {
			if value == "" {
				return "a file name is needed"
			}
			return ""
		},
	})
	return v
}

// Update takes the path, writes the file and tells how it went.
func (v *SaveCSR) Update(msg tea.Msg) tea.Cmd {
	if saved, ok := msg.(view.FileSaved); ok && v.saving {
		return v.saved(saved)
	}
	return v.Sheet.Update(msg)
}

func (v *SaveCSR) filled() tea.Cmd { return v.save(v.Form.Value(fieldPath), false) }

func (v *SaveCSR) save(path string, overwrite bool) tea.Cmd {
	v.saving = true
	return view.SaveFile(path, v.pem, csrMode, overwrite)
}

func (v *SaveCSR) saved(msg view.FileSaved) tea.Cmd {
	v.saving = false
	path := view.Clean(msg.Path)
	switch {
	case msg.Exists:
		return v.s.Host.Open(ask.Overwrite(v.s, path, "the CSR of "+v.name, func() tea.Cmd { return v.save(msg.Path, true) }))
	case msg.Err != nil:
		return v.Complain("Not saved: " + view.Clean(msg.Err.Error()))
	}
	v.s.Host.Close(v)
	return v.s.Host.Toast(toast.Done, "CSR saved: "+path)
}
