package keystores

import (
	"cmp"
	"errors"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend/keystore"
	"certty/model"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/form"
	"certty/ui/widget/toast"
)

const (
	fieldType     = "type"
	fieldPassword = "password"
	fieldPath     = "path"
)

// fileMode keeps the file from everybody else: it holds a private key.
const fileMode = 0o600

// View is the open form.
type View struct {
	*sheet.Sheet
	s   *view.Session
	row view.Row
	// deployed is where the files of the order go; nil where that is not known, or
	// nowhere.
	deployed *model.Deployment
	// making is true while the file's content is made and written; path is where
	// it lies, and note the call that writes that down.
	making bool
	path   string
	note   sheet.Call
	// delivery is the call that writes the keystore beside the other files.
	delivery sheet.Call
}

// New opens the form for a row whose certificate is here.
func New(s *view.Session, row view.Row) *View {
	v := &View{s: s, row: row}
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Title: func() string { return "Keystore of " + view.Called(row.Item) },
		Submit: "make", From: "the state's", Filled: v.filled,
	})
	var types []string
	for _, t := range keystore.Types() {
		types = append(types, t.Name())
	}
	wanted := keystore.Type(row.Item.Record.KeystoreType).Name()
	if wanted == "" {
		wanted = types[0]
	}
	v.Form = form.New(s.Theme, "Make", "Back",
		form.Field{ID: fieldType, Label: "Type", Options: types, Value: wanted, Note: note,
			Hint: "PKCS#12 for most programs, Java 8 and later too; PEM is the encrypted key and the chain as text"},
		form.Field{ID: fieldPassword, Label: "Password", Kind: form.Secret,
			Hint: "the one that was chosen when the key was made; it protects the keystore, too"},
		form.Field{ID: fieldPath, Label: "File", Hint: "only you can read it; a file that is there is kept",
			Suggest: v.suggest, Note: v.notePath,
			Check: func(value string) string {
				if value == "" {
					return "a file name is needed"
				}
				return ""
			}})
	v.Form.CheckWith(func(value form.Values) map[string]string {
		if err := keystore.CheckPassword(keystore.Named(value(fieldType)), value(fieldPassword)); err != nil {
			return map[string]string{fieldPassword: err.Error()}
		}
		return nil
	})
	// The type is chosen already, the password nobody else knows.
	v.Form.Focus(fieldPassword)
	return v
}

func note(value func(string) string) string {
	if value(fieldType) == keystore.JKS.Name() {
		return "JKS protects the key weakly by today's measure; Java reads PKCS#12 since version 8."
	}
	return ""
}

// suggest is the file's name; where the order's files go to a folder it is that
// folder, in which the file is called as the others are.
func (v *View) suggest(value func(string) string) string {
	if dir := v.folder(); dir != "" {
		return dir
	}
	return view.FileName(v.row.Item) + keystore.Named(value(fieldType)).Extension()
}

// folder is where the order's files go, with the separator at its end; "" for
// nowhere.
func (v *View) folder() string {
	if v.deployed == nil {
		return ""
	}
	dir := cmp.Or(v.deployed.Dir, v.s.Desk.Target(v.row.Item.Ref.Target).Files.Dir)
	if dir == "" {
		return ""
	}
	return strings.TrimSuffix(dir, string(filepath.Separator)) + string(filepath.Separator)
}

// delivers reports whether the keystore goes beside the order's other files.
func (v *View) delivers(path string) bool { return path != "" && path == v.folder() }

func (v *View) notePath(value func(string) string) string {
	if v.delivers(value(fieldPath)) {
		return "beside the order's other files, which are written with it; then on_issued runs"
	}
	return ""
}

// Init has it read where the files of the order go.
func (v *View) Init() tea.Cmd { return v.s.Desk.ReadDeployment(v.row.Item.Ref) }

// Update takes what is typed, where the order's files go, and what came of making
// and writing the file.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.DeploymentRead:
		// Where it can't be read the name alone is suggested, which is no harm.
		if msg.Ref == v.row.Item.Ref && msg.Err == nil {
			v.deployed = msg.Deployment
			v.Form.Refresh()
		}
		return nil
	case view.KeystoreMade:
		if v.making && msg.Ref == v.row.Item.Ref {
			return v.made(msg)
		}
		return nil
	case view.FileSaved:
		if v.making {
			return v.saved(msg)
		}
		return nil
	case view.OpDone:
		if v.delivery.Ended(msg) {
			return v.delivered(msg)
		}
		if !v.note.Ended(msg) {
			return nil
		}
		v.s.Host.Close(v)
		if msg.Err != nil {
			return nil // the root explains it; the file is there
		}
		v.s.Desk.Explained(msg.ID)
		return v.s.Host.Toast(toast.Done, "keystore saved: "+v.path)
	}
	return v.Sheet.Update(msg)
}

func (v *View) filled() tea.Cmd {
	if v.making {
		return nil
	}
	v.making = true
	ref, form, password := v.row.Item.Ref, keystore.Named(v.Form.Value(fieldType)), []byte(v.Form.Value(fieldPassword))
	if v.delivers(v.Form.Value(fieldPath)) {
		return v.delivery.Send(v.s.Desk.DeliverKeystore(ref, form, password))
	}
	return v.s.Desk.MakeKeystore(ref, form, password)
}

func (v *View) delivered(msg view.OpDone) tea.Cmd {
	v.making = false
	if msg.Err == nil {
		v.s.Host.Close(v)
		return nil // the root tells it
	}
	v.s.Desk.Explained(msg.ID)
	return v.failed(msg.Err, "Not written: ")
}

// failed says why there is no keystore; the form stays.
func (v *View) failed(err error, what string) tea.Cmd {
	if errors.Is(err, keystore.ErrPassword) {
		v.Form.Focus(fieldPassword)
		return v.Complain("Wrong password: it does not open the key. It is the one that was chosen when the key was made. Nothing was written.")
	}
	return v.Complain(what + view.Clean(err.Error()))
}

func (v *View) made(msg view.KeystoreMade) tea.Cmd {
	if msg.Err != nil {
		v.making = false
		return v.failed(msg.Err, "Not made: ")
	}
	return view.SaveFile(v.Form.Value(fieldPath), msg.Data, fileMode, false)
}

func (v *View) saved(msg view.FileSaved) tea.Cmd {
	v.making = false
	v.path = view.Clean(msg.Path)
	switch {
	case msg.Exists:
		v.Form.Focus(fieldPath)
		return v.Complain("There is a file already, and it is kept: " + v.path + ". Choose another name.")
	case msg.Err != nil:
		return v.Complain("Not saved: " + view.Clean(strings.TrimSpace(msg.Err.Error())))
	}
	return v.note.Send(v.s.Desk.KeystoreSaved(v.row.Item.Ref))
}
