package bulk

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/form"
)

const fieldFolder = "folder"

// folder asks where files go.
type folder struct {
	s           *view.Session
	job         Job
	can, cannot []planned
	done        func(model.Ref)
	form        *form.Form
	w, h        int
}

func newFolder(s *view.Session, job Job, can, cannot []planned, done func(model.Ref)) *folder {
	return &folder{s: s, job: job, can: can, cannot: cannot, done: done, form: form.New(s.Theme, job.yes, "Back", form.Field{
		ID: fieldFolder, Label: "Folder", Suggest: func(func(string) string) string { return "csr" },
		Hint: "made if it is not there; one PEM file a row, and no file is replaced",
		Check: func(value string) string {
			if value == "" {
				return "a folder is needed; . is the one certty was started in"
			}
			return ""
		},
	})}
}

func (v *folder) Init() tea.Cmd          { return nil }
func (v *folder) SetSize(w, h int)       { v.w, v.h = w, h }
func (v *folder) Capturing() bool        { return true }
func (v *folder) Actions() []keys.Action { return nil }

func (v *folder) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case input.PasteMsg:
		return view.Typed(v.s, msg, v.form.Paste)
	case tea.KeyMsg:
		switch v.form.Key(msg) {
		case form.Left:
			v.s.Host.Close(v)
		case form.Submitted:
			v.s.Host.Close(v)
			run := newRun(v.s, v.job, v.can, v.cannot, v.done)
			run.folder = v.form.Value(fieldFolder)
			return v.s.Host.Open(run)
		case form.None:
		}
	}
	return nil
}

func (v *folder) View() []string {
	w := min(90, v.w)
	lines := v.form.View(w-4, v.h-2)
	if room := v.h - 2 - len(lines) - 1; room > 0 {
		list := listing(v.s, v.job, v.can, v.cannot)
		if len(list) > room {
			list = list[:room]
		}
		lines = append(lines, "")
		lines = append(lines, list...)
	}
	return box.Frame(v.s.Theme, v.job.heading(len(v.can)), lines, w, v.h)
}
