package order

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend/keystore"
	"certty/model"
	"certty/model/x5c"
	"certty/ui/input"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/form"
)

// keySource asks where the key of an order comes from, and holds what was read
// for it. The password is in the form's fields only.
type keySource struct {
	s    *view.Session
	form *form.Form
	// renews offers the old key, too.
	renews bool
	// took is told each CSR that was understood.
	took func(*request)

	// by is the source of what stands in csr and wrong.
	by    string
	csr   *request
	wrong string
	// looked is the path that was read last, gen counts readings.
	looked string
	gen    uint64
	// reading is true while a file is read, asking when the question follows.
	reading, asking bool
	requests        map[string]model.Ref
}

// follow works on f.
func (k *keySource) follow(f *form.Form) {
	k.form = f
	k.list()
}

// source is where the key comes from.
func (k *keySource) source() string { return k.form.Value(fieldSource) }

// list brings the vaults' requests up to date. The chosen one stays, and is
// judged.
func (k *keySource) list() {
	var labels []string
	labels, k.requests = waiting(k.s)
	setOptions(k.form, fieldRequest, labels, true)
	if k.source() == fromVault {
		k.choose()
	}
}

// choose takes the CSR of the chosen request.
func (k *keySource) choose() {
	row, ok := k.s.Data.Row(k.requests[k.form.Value(fieldRequest)])
	switch {
	case ok && k.by == fromVault && k.csr != nil && bytes.Equal(k.csr.der, row.Item.Request.CSR):
	case ok:
		k.read(fromVault, row.Item.Request.CSR)
	case k.form.Value(fieldRequest) == nothing:
		k.set(fromVault, nil, "no vault has a request that waits for a merge")
	default:
		k.set(fromVault, nil, "this request does not wait for a merge any more")
	}
}

// chooseRequest takes the CSR of a vault's request, where that waits for a merge.
func (k *keySource) chooseRequest(ref model.Ref) {
	for label, waits := range k.requests {
		if waits == ref {
			k.form.Set(fieldSource, fromVault)
			k.form.Set(fieldRequest, label)
			k.choose()
			return
		}
	}
}

func (k *keySource) set(by string, csr *request, wrong string) {
	k.by, k.csr, k.wrong = by, csr, wrong
}

// read takes a CSR, or says what is wrong with it.
func (k *keySource) read(by string, data []byte) {
	csr, err := readCSR(data)
	switch {
	case errors.Is(err, x5c.ErrPrivateKey):
		k.set(by, nil, "there is a private key in it. Nothing of it was taken or kept; whoever else saw it may have it")
	case err != nil:
		k.set(by, nil, view.Clean(err.Error()))
	default:
		k.set(by, csr, "")
		k.took(csr)
	}
}

// changed follows a change that a person made.
func (k *keySource) changed(id string) {
	switch id {
	case fieldSource:
		k.set("", nil, "")
		k.looked = ""
		k.form.Set(fieldCSR, "")
		if k.source() == fromVault {
			k.choose()
		}
	case fieldRequest:
		k.choose()
	case fieldCSR:
		k.typed()
	case fieldFile:
		k.gen++
		k.set(fromFile, nil, "")
		k.looked, k.reading = "", false
	}
}

// typed reads what stands in the field of the CSR. A private key is taken away
// from the screen.
func (k *keySource) typed() {
	text := k.form.Value(fieldCSR)
	if text == "" {
		k.set(fromPaste, nil, "")
		return
	}
	if k.read(fromPaste, []byte(text)); strings.Contains(text, "PRIVATE KEY") {
		k.form.Set(fieldCSR, "")
	}
}

// paste takes a CSR out of a paste, wherever the focus is, and says whether it
// did. In the field itself whatever is pasted is taken for one.
func (k *keySource) paste(msg input.PasteMsg) bool {
	here := k.form.Focused() == fieldCSR
	if view.Untaken(msg) != "" || strings.TrimSpace(msg.Text) == "" || !here && !strings.Contains(msg.Text, "CERTIFICATE REQUEST-----") {
		return false
	}
	k.form.Set(fieldSource, fromPaste)
	k.read(fromPaste, []byte(msg.Text))
	k.form.Set(fieldCSR, fmt.Sprintf("pasted, %d bytes", len(msg.Text)))
	k.form.Refresh()
	return true
}

// told is what was understood of the CSR.
func (k *keySource) told() string {
	switch {
	case k.reading:
		return "The file is being read."
	case k.csr == nil || k.by != k.source():
		return ""
	}
	return k.csr.String()
}

// careful is what is unwise about the CSR.
func (k *keySource) careful() string {
	if k.reading || k.der() == nil {
		return ""
	}
	return k.csr.careful()
}

// fileRead carries what was found in a file, without the file.
type fileRead struct {
	of   *keySource
	gen  uint64
	data []byte
	err  error
}

// look has the file read, unless it was, once its name is typed to its end.
func (k *keySource) look() tea.Cmd {
	path := k.form.Value(fieldFile)
	if k.source() != fromFile || path == "" || path == k.looked || !k.asking && k.form.Focused() == fieldFile {
		return nil
	}
	k.gen++
	k.looked, k.reading = path, true
	gen, read := k.gen, view.ReadFile(path)
	return func() tea.Msg {
		file, ok := read().(view.FileRead)
		if !ok {
			return nil
		}
		return fileRead{of: k, gen: gen, data: file.Data, err: file.Err}
	}
}

// fileCame takes what was read, and says whether the question should follow.
func (k *keySource) fileCame(msg fileRead) (ask bool) {
	if msg.of != k || msg.gen != k.gen {
		return false
	}
	ask, k.asking, k.reading = k.asking, false, false
	if msg.err != nil {
		k.set(fromFile, nil, "not read: "+view.Clean(msg.err.Error()))
	} else {
		k.read(fromFile, msg.data)
	}
	k.form.Refresh()
	return ask
}

// pressed follows a key that was handled: it lets a file that was wrong be read
// again, and has one read that the question waits for.
func (k *keySource) pressed(event form.Event) tea.Cmd {
	k.asking = event == form.Refused && k.source() == fromFile && k.csr == nil && k.looked == ""
	if event == form.Left {
		return nil
	}
	return k.look()
}

// again forgets a file that could not be used, before it is asked for once more:
// it may be another one by now.
func (k *keySource) again() {
	if k.source() == fromFile && k.wrong != "" && !k.reading {
		k.set(fromFile, nil, "")
		k.looked = ""
		k.form.Refresh()
	}
}

// check says what is wrong with the fields of the key.
func (k *keySource) check(value form.Values, wrong faults) {
	source := value(fieldSource)
	fields := map[string]string{fromPaste: fieldCSR, fromFile: fieldFile, fromVault: fieldRequest}
	if field := fields[source]; field != "" {
		switch {
		case k.by == source && k.wrong != "":
			wrong.add(field, k.wrong)
		case k.reading:
			wrong.add(field, "the file is being read")
		case k.csr == nil || k.by != source:
			wrong.add(field, "a certificate request is needed")
		}
		return
	}
	if source != fromHere {
		return
	}
	if value(fieldAlgorithm) == nothing || value(fieldSize) == nothing {
		wrong.add(fieldAlgorithm, "certty makes no key that this profile takes; bring a CSR")
	}
	password := value(fieldPassword)
	if err := keystore.CheckPassword(keystore.Named(value(fieldKeystore)), password); err != nil {
		wrong.add(fieldPassword, err.Error())
	}
	if value(fieldRepeat) != password {
		wrong.add(fieldRepeat, "it is not the same as above")
	}
}

// der is the CSR that was brought; nil where none was.
func (k *keySource) der() []byte {
	if k.csr == nil || k.by != k.source() {
		return nil
	}
	return k.csr.der
}

// kind is the kind of key that is made here.
func (k *keySource) kind() keystore.KeyKind {
	if k.source() != fromHere {
		return keystore.KeyKind{}
	}
	return keystore.KeyKind{Algorithm: k.form.Value(fieldAlgorithm), Size: k.form.Value(fieldSize)}
}

// keystore is the form of keystore that is wanted; "" for none.
func (k *keySource) keystore() keystore.Type {
	if k.source() != fromHere {
		return ""
	}
	return keystore.Named(k.form.Value(fieldKeystore))
}

// password takes the password out of the form.
func (k *keySource) password() []byte {
	var password []byte
	if k.source() == fromHere {
		password = []byte(k.form.Value(fieldPassword))
	}
	k.form.Set(fieldPassword, "")
	k.form.Set(fieldRepeat, "")
	return password
}

// facts say where the key comes from, for a summary.
func (k *keySource) facts() []sheet.Fact {
	switch k.source() {
	case fromHere:
		kind := k.kind()
		store := "none; the key lies here, encrypted with the password"
		if k.keystore() != "" {
			store = k.keystore().Name() + ", made when the certificate is here; the password is asked for then, unless keystore_password says where it is"
		}
		return []sheet.Fact{
			{Name: "key", Value: kind.String() + ", made here, encrypted with the password before it is on the disk"},
			{Name: "keystore", Value: store},
		}
	case fromOld:
		return []sheet.Fact{{Name: "key", Value: "the old one, once more"}}
	case fromVault:
		return []sheet.Fact{{Name: "key", Value: k.csr.key.String() + ", of the vault's request " + k.form.Value(fieldRequest) + ", which stays in the vault"}}
	}
	facts := []sheet.Fact{{Name: "key", Value: k.csr.key.String() + ", of the CSR, which stays where it is"}}
	if unwise := k.careful(); unwise != "" {
		facts = append(facts, sheet.Fact{Name: "careful", Value: unwise})
	}
	return facts
}
