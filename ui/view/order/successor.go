package order

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/backend/repository"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/form"
)

// successor is what renewals and replacements have in common: an order, and a
// key for its next certificate.
type successor struct {
	*sheet.Sheet
	s    *view.Session
	ref  model.Ref
	item *model.Item
	cat  *catalogue
	key  *keySource
	// files is what the fields of the files were filled in with: the target's
	// defaults, until it is read where those of the order go.
	files model.Deployment
}

func newSuccessor(s *view.Session, row view.Row) successor {
	ref := row.Item.Ref.Row()
	return successor{
		s: s, ref: ref, item: row.Item, cat: newCatalogue(s, ref.Target), key: &keySource{s: s}, files: s.Desk.Target(ref.Target).Files,
	}
}

// build makes the form; the catalogue may come later.
func (v *successor) build(submit string, fields []form.Field) {
	fields = append(append(fields, fileFields("", v.files)...), dcvSection()...)
	v.Form = form.New(v.s.Theme, submit, "Back", fields...)
	v.key.follow(v.Form)
	v.offer(false)
	v.Form.OnChange(func(id string) {
		if id == fieldAlgorithm {
			v.offer(false)
			return
		}
		v.key.changed(id)
	})
}

// offer brings the kinds of keys in line with the order's profile.
func (v *successor) offer(keep bool) {
	v.key.offer(v.cat.account.Profile(v.item.Order.ProfileID), keep)
}

// Init has the account's catalogue read, and where the order's files go. Without
// the catalogue the form is there all the same, and less can be checked.
func (v *successor) Init() tea.Cmd {
	return tea.Batch(v.cat.open(), v.s.Desk.ReadDeployment(v.ref))
}

// update fills the form in and follows the catalogue, the file of a CSR and the
// vaults' requests; filled follows a file that the question waited for.
func (v *successor) update(msg tea.Msg, filled func() tea.Cmd) tea.Cmd {
	switch msg := msg.(type) {
	case view.AccountRead:
		took, cmd := v.cat.take(msg)
		if took {
			v.offer(true)
			v.Form.Refresh()
		}
		return cmd
	case view.DeploymentRead:
		v.known(msg)
		return nil
	case view.SyncTold:
		return v.cat.told(msg)
	case tea.KeyMsg:
		return v.press(msg)
	case view.DataChanged:
		v.key.list()
		v.Form.Refresh()
	case input.PasteMsg:
		if !v.Running() && v.key.paste(msg) {
			return nil
		}
	case fileRead:
		if v.key.fileCame(msg) && v.Form.Submit() == form.Submitted {
			return filled()
		}
		return nil
	}
	return v.Sheet.Update(msg)
}

// known fills in where the files of the order go, where nobody typed another
// place.
func (v *successor) known(msg view.DeploymentRead) {
	if msg.Ref != v.ref || v.Running() {
		return
	}
	if msg.Err != nil {
		v.Complain("Where the files of the order went can't be read, so the configuration's folder is filled in: " + view.Clean(msg.Err.Error()))
		return
	}
	if msg.Deployment != nil {
		refill(v.Form, v.files, *msg.Deployment)
		v.files = *msg.Deployment
	}
}

func (v *successor) press(msg tea.KeyMsg) tea.Cmd {
	switch {
	case keys.SyncForm.Matches(msg):
		return v.cat.sync()
	case v.Running():
		return v.Sheet.Update(msg)
	}
	if name := msg.String(); name == "ctrl+s" || name == "enter" {
		v.key.again()
	}
	event, cmd := v.Sheet.Key(msg)
	return tea.Batch(cmd, v.key.pressed(event))
}

// facts say which order is meant, in short.
func (v *successor) facts() []sheet.Fact {
	facts := []sheet.Fact{{Name: "profile", Value: v.item.Order.Profile}}
	if v.item.Order.Profile == "" {
		facts = nil
	}
	return append(facts, sheet.Fact{Name: "account", Value: v.cat.age()})
}

// checkKey holds the key to the order's profile.
func (v *successor) checkKey(wrong faults) {
	p := v.cat.account.Profile(v.item.Order.ProfileID)
	if p == nil || v.key.der() == nil {
		return
	}
	if kind := v.key.csr.key; !p.Allows(kind.Algorithm, kind.Size) {
		wrong.add(keyField(v.key.source()), "the profile takes no "+kind.String()+" key")
	}
}

// want is the successor as the form asks for it, without the password.
func (v *successor) want() repository.Successor {
	return repository.Successor{
		CSR: v.key.der(), OldKey: v.key.source() == fromOld, Key: v.key.kind(), Keystore: v.key.keystore(),
		Deploy: deployment(v.Form.Value, v.files, faults{}), DCV: dcvOf(v.Form.Value),
	}
}
