package forms

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/problem"
	"certty/ui/widget/confirm"
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

// deleted says that a name can't be had because a deleted certificate keeps it.
func deleted(s *view.Session, target, name string) string {
	row, ok := s.Data.Row(model.Ref{Target: target, Kind: model.KindCertificate, Key: name})
	if !ok || row.Item.Deletion == nil || row.Item.Deletion.Purged {
		return ""
	}
	return "a deleted certificate keeps this name: recover it, purge it, or take another name"
}

// createFields are those of a policy, with what only a new certificate has.
func createFields(targets []string, c *catalog, p *parts) []form.Field {
	fields := policyFields(model.Policy{}, c, p)
	name := form.Field{ID: fieldName, Label: "Name", Hint: "what the vault calls it: letters, digits, hyphens; it can't be changed later", Check: checked(model.CheckName), Suggest: suggestName}
	at := slices.IndexFunc(fields, func(f form.Field) bool { return f.ID == fieldIssuer })
	fields = slices.Insert(fields, at, name)
	for i := range fields {
		switch fields[i].ID {
		case fieldSANs:
			fields[i].Suggest = suggestSAN
		case fieldKey:
			fields[i].Options, fields[i].Value = keyChoices, keyChoices[0]
		case fieldProtection:
			fields[i].Value = software
		}
	}
	fields = append(fields,
		form.Field{ID: sectionState, In: sectionMore, Kind: form.Section, Label: "Tags and state", Note: summing(fieldTags, fieldEnabled)},
		form.Field{ID: fieldTags, In: sectionState, Label: "Tags", Hint: "name=value, with commas between them", Check: checkTags},
		form.Field{ID: fieldEnabled, In: sectionState, Label: "Enabled", Kind: form.Toggle, Value: form.Yes, Hint: "a disabled certificate can't be used until it is enabled"},
	)
	if len(targets) > 1 {
		target := form.Field{ID: fieldTarget, Label: "Vault", Hint: "left and right choose", Options: targets}
		fields = append([]form.Field{target}, fields...)
	}
	return fields
}

func checkTags(value string) string {
	_, err := parseTags(value)
	return text(err)
}

// suggestSAN offers the common name, which clients ignore unless it stands
// among the alternative names, too (RFC 6125 §6.4.4).
func suggestSAN(value func(string) string) string {
	name := model.CommonName(value(fieldSubject))
	if model.CheckDNS(name) != nil {
		return ""
	}
	return name
}

func suggestName(value func(string) string) string {
	if name := model.NameFrom(model.CommonName(value(fieldSubject))); name != "" {
		return name
	}
	sans, _ := model.ParseSANs(value(fieldSANs))
	for _, name := range sans.All() {
		return model.NameFrom(name)
	}
	return ""
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

// protect says for a key in an HSM that it can't be exported, which the vault
// otherwise takes for granted.
func protect(f *form.Form, id string) {
	if id != fieldProtection {
		return
	}
	if f.Value(fieldProtection) == hsm {
		f.Set(fieldExportable, form.No)
	} else {
		f.Set(fieldExportable, unset)
	}
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
		if v.sent == 0 {
			return v.key(msg)
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
		return v.s.Host.Open(newConflict(v.s, row, v.ways, "Nothing was sent."))
	}
	return v.s.Host.Open(ask.New(v.s, v.question(spec, target, known), func() tea.Cmd {
		id, cmd := v.s.Desk.Create(target, spec)
		v.sent = id
		return cmd
	}))
}

func (v *Create) question(spec model.CreateSpec, target string, exists bool) confirm.Question {
	names := sorted(spec.Policy.SANs)
	if names == "" {
		names = "none: most clients refuse a server certificate without them"
	}
	facts := []fact{
		{"vault", target + "  " + v.s.Desk.Target(target).Info.Address},
		{"name", spec.Name},
		{"subject", view.Clean(spec.Policy.Subject)},
		{"names", view.Clean(names)},
		{"key", keyWords(spec.Policy.Key) + ", made in the vault, stays there"},
		{"issuer", issuerSentence(spec.Policy.Issuer)},
	}
	facts = append(facts, extras(spec)...)
	lines := append(factLines(facts, v.w), "", "What is not named here is as the vault has it by default.", "")
	if exists {
		lines = append(lines, "A certificate of that name exists. This makes a new version of it, with this policy in place of the stored one. The current version stays live until the new one is issued.")
	} else {
		lines = append(lines, "The name is new in this vault.")
	}
	lines = append(lines, "", "Sends: POST /certificates/"+spec.Name+"/create")
	return confirm.Question{Title: "Create " + spec.Name + " (" + target + ")", Lines: lines, Yes: "Create", No: "Back"}
}

// extras are what a specification asks for beyond the vault's defaults and
// beyond what a summary always says.
func extras(spec model.CreateSpec) []fact {
	said := []string{"subject", "names", "key", "issuer"}
	facts := slices.DeleteFunc(beyond(spec.Policy), func(f fact) bool { return slices.Contains(said, f.name) })
	if len(spec.Tags) > 0 {
		facts = append(facts, fact{"tags", view.Clean(tagWords(spec.Tags))})
	}
	if spec.Enabled != nil && !*spec.Enabled {
		facts = append(facts, fact{"enabled", "no: it can't be used until it is enabled"})
	}
	return facts
}

func issuerSentence(i model.Issuer) string {
	switch {
	case i.Manual():
		return "Unknown: you have the CSR signed, then merge"
	case i.Name == model.IssuerSelf:
		return "Self: the vault signs it with its own key; it goes on by itself"
	}
	return i.Name + ": the vault orders it there; it goes on by itself, and may cost"
}

// done closes the form on success; otherwise the form stays as it was typed.
func (v *Create) done(msg view.OpDone) tea.Cmd {
	v.sent = 0
	if msg.Err == nil {
		v.s.Host.Close(v)
		return nil
	}
	v.s.Desk.Explained(msg.ID)
	return refused(v.s, msg, v.ways, "What you typed is kept.")
}

// refused explains why a call failed: a request in the way with the ways out,
// everything else in words.
func refused(s *view.Session, msg view.OpDone, ways Ways, kept string) tea.Cmd {
	if row, ok := s.Data.Row(msg.Ref); ok && backend.IsState(msg.Err, backend.StatePending) {
		return s.Host.Open(newConflict(s, row, ways, "The vault refused the new one; nothing was changed."))
	}
	return s.Host.Open(problem.New(s, msg.Err, kept))
}

// View draws the form.
func (v *Create) View() []string {
	issuer := v.form.Value(fieldIssuer)
	if issuer == manualIssuer {
		issuer = "manual"
	}
	return frame(v.s, "New request, "+view.Clean(issuer), v.form, v.sent != 0, "tab next field   ctrl+s create   esc back", v.w, v.h)
}
