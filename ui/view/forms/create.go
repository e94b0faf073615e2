package forms

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/widget/form"
)

// Create is the form of a new request.
type Create struct {
	s       *view.Session
	form    *form.Form
	parts   *parts
	catalog *catalog
	targets []string
	ways    Ways
	// sent is the call that runs; 0 when none does.
	sent uint64
	w, h int
}

// NewCreate opens an empty form for the targets that can create. ways lists
// what can be done with a row, for the conflict with a request in progress.
func NewCreate(s *view.Session, ways Ways) *Create {
	v := &Create{s: s, ways: ways, catalog: &catalog{s: s}}
	for _, t := range s.Desk.Targets() {
		if t.Capabilities.Create != nil {
			v.targets = append(v.targets, t.Info.Name)
		}
	}
	v.parts = &parts{}
	v.form = form.New(s.Theme, "Create", "Back", createFields(v.targets, v.catalog, v.parts)...)
	v.parts.follow(v.form)
	v.form.OnChange(v.changed)
	v.form.CheckWith(func(value form.Values) map[string]string {
		_, wrong := specOf(value)
		wrong.add(fieldName, deleted(s, v.target(), value(fieldName)))
		return wrong
	})
	return v
}

// specOf is what the form asks for, and what is wrong with it.
func specOf(value form.Values) (model.CreateSpec, faults) {
	policy, wrong := policyOf(value, model.Policy{})
	if policy.Issuer.Name == "" {
		policy.Issuer.Name = model.IssuerUnknown
	}
	spec := model.CreateSpec{Name: value(fieldName), Policy: policy}
	var err error
	spec.Tags, err = parseTags(value(fieldTags))
	wrong.add(fieldTags, text(err))
	if value(fieldEnabled) == form.No {
		spec.Enabled = new(false)
	}
	wrong.judge(spec)
	return spec, wrong
}

// changed keeps fields together that depend on each other.
func (v *Create) changed(id string) {
	v.parts.changed(id)
	protect(v.form, id)
}

// Init has the vault's issuers read.
func (v *Create) Init() tea.Cmd { return v.ask() }

// SetSize tells the room.
func (v *Create) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true: keys are text.
func (v *Create) Capturing() bool { return true }

// Actions is empty: every key is the form's.
func (v *Create) Actions() []keys.Action { return nil }

// Update fills the form in and follows the call.
func (v *Create) Update(msg tea.Msg) tea.Cmd {
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
	case view.CatalogRead:
		v.catalog.take(msg)
		v.catalog.offer(v.form, "")
	case view.OpDone:
		if msg.ID == v.sent && v.sent != 0 {
			return v.done(msg)
		}
	}
	return nil
}

func (v *Create) key(msg tea.KeyMsg) tea.Cmd {
	switch v.form.Key(msg) {
	case form.Left:
		v.s.Host.Close(v)
	case form.Submitted:
		return v.confirm()
	}
	return v.ask()
}

// ask has the issuers of the chosen vault read: another vault has others.
func (v *Create) ask() tea.Cmd {
	if v.target() == v.catalog.target {
		return nil
	}
	cmd := v.catalog.ask(v.target())
	v.catalog.offer(v.form, "")
	return cmd
}

func (v *Create) target() string {
	if t := v.form.Value(fieldTarget); t != "" {
		return t
	}
	if len(v.targets) == 1 {
		return v.targets[0]
	}
	return ""
}

// confirm shows what will be sent. A request in progress under the name is
// caught before anything is: Key Vault allows one at a time.
func (v *Create) confirm() tea.Cmd {
	spec, _ := specOf(v.form.Value)
	target := v.target()
	ref := model.Ref{Target: target, Kind: model.KindCertificate, Key: spec.Name}
	row, known := v.s.Data.Row(ref)
	known = known && row.Item.Deletion == nil
	if known && row.Item.Request.Open() {
		return v.s.Host.Open(newConflict(v.s, row, v.ways, "Nothing was sent.", formKept))
	}
	return v.s.Host.Open(ask.New(v.s, v.question(spec, target, known), func() tea.Cmd {
		id, cmd := v.s.Desk.Create(target, spec)
		v.sent = id
		return cmd
	}))
}

// done closes the form on success; otherwise the form stays as it was typed.
func (v *Create) done(msg view.OpDone) tea.Cmd {
	v.sent = 0
	if msg.Err == nil {
		v.s.Host.Close(v)
		return nil
	}
	v.s.Desk.Explained(msg.ID)
	return refused(v.s, msg, v.ways, "What you typed is kept.", formKept)
}

// View draws the form.
func (v *Create) View() []string {
	issuer := v.form.Value(fieldIssuer)
	if issuer == manualIssuer {
		issuer = "manual"
	}
	return frame(v.s, "New request, "+view.Clean(issuer), v.form, v.sent != 0, "tab next field   ctrl+s create   esc back", v.w, v.h)
}
