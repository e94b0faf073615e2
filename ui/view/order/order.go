package order

import (
	"cmp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend/repository"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/form"
)

// Order is the form of a new order.
type Order struct {
	*sheet.Sheet
	s   *view.Session
	cat *catalogue
	key *keySource
	// like is the order that the form starts from; nil for an empty form.
	like *model.Order
	// request is the vault's row that the form was opened at; its CSR is taken where
	// it waits for a merge.
	request model.Ref
	// files is what the fields of the files were filled in with.
	files model.Deployment
	// taken are the values that came from a CSR: another CSR may replace them.
	taken map[string]string
}

// New opens an empty order for an account. The target must be able to order.
func New(s *view.Session, target string) view.View { return newOrder(s, target, nil) }

// Again opens an order filled in like that of a row, which was read.
func Again(s *view.Session, row view.Row) view.View {
	return newOrder(s, row.Item.Ref.Target, row.Item.Order.Clone())
}

func newOrder(s *view.Session, target string, like *model.Order) *Order {
	v := &Order{s: s, cat: newCatalogue(s, target), like: like, files: s.Desk.Target(target).Files, taken: map[string]string{}}
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Submit: "order", From: "SCM's", Filled: v.filled, Refused: v.refused,
		Title: func() string { return "New order (" + target + ")" },
	})
	return v
}

// Init has the account's catalogue read.
func (v *Order) Init() tea.Cmd { return v.cat.open() }

// Update fills the form in and follows the catalogue, the file of a CSR, the
// vaults' requests and the call.
func (v *Order) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.AccountRead:
		if took, cmd := v.cat.take(msg); took {
			if v.cat.ready() {
				v.build()
			}
			return cmd
		}
		return nil
	case view.SyncTold:
		return v.cat.told(msg)
	case tea.KeyMsg:
		return v.press(msg)
	case view.DataChanged:
		if v.Form != nil && !v.Running() {
			v.key.list()
			v.Form.Refresh()
		}
	case input.PasteMsg:
		if v.Form != nil && !v.Running() && v.key.paste(msg) {
			return nil
		}
	case fileRead:
		if v.Form != nil && v.key.fileCame(msg) && v.Form.Submit() == form.Submitted {
			return v.filled()
		}
		return nil
	}
	return v.Sheet.Update(msg)
}

func (v *Order) press(msg tea.KeyMsg) tea.Cmd {
	switch {
	case keys.SyncForm.Matches(msg):
		return v.cat.sync()
	case v.Form == nil || v.Running():
		return v.Sheet.Update(msg)
	}
	if name := msg.String(); name == "ctrl+s" || name == "enter" {
		v.key.again()
	}
	event, cmd := v.Sheet.Key(msg)
	return tea.Batch(cmd, v.key.pressed(event))
}

// View draws the form, or why there is none yet.
func (v *Order) View() []string {
	if v.Form == nil {
		return waitingBox(v.s, "New order ("+v.cat.target+")", v.cat, v.Sheet)
	}
	return v.Sheet.View()
}

// build makes the form for what the account offers now. What was filled in
// stays, also where the account does not offer it any more: it is judged then,
// and not changed unseen.
func (v *Order) build() {
	old := v.Form
	key := &keySource{s: v.s, took: v.took}
	if v.key != nil {
		*key = *v.key
	}
	v.key = key
	fields := v.fields()
	v.Form = form.New(v.s.Theme, "Order", "Back", fields...)
	switch {
	case old != nil:
		for _, f := range fields {
			restore(v.Form, &f, old.Value(f.ID))
		}
		for _, id := range []string{fieldDir, fieldOwner, fieldMode} {
			v.Form.Set(id, old.Value(id)) // also where it was emptied
		}
	case v.like != nil:
		v.fill(fields)
	}
	v.key.follow(v.Form)
	v.offer(old != nil || v.like != nil)
	if old == nil {
		v.key.chooseRequest(v.request)
	}
	v.Form.OnChange(v.changed)
	v.Form.CheckWith(func(value form.Values) map[string]string {
		_, wrong := v.spec(value)
		v.key.check(value, wrong)
		return wrong
	})
	if old != nil {
		v.Form.Resume(old)
	}
}

// restore gives a field the value that it had.
func restore(f *form.Form, field *form.Field, value string) {
	if field.Options != nil && value != "" {
		setChoice(f, field.ID, field.Options, value)
		return
	}
	if value != "" {
		f.Set(field.ID, value)
	}
}

// setChoice chooses value, which becomes one of the options where it is none.
func setChoice(f *form.Form, id string, options []string, value string) {
	if !slices.Contains(options, value) {
		f.SetOptions(id, append(slices.Clone(options), value))
	}
	f.Set(id, value)
}

// fill takes over what the order said that the form starts from.
func (v *Order) fill(fields []form.Field) {
	o, a := v.like, &v.cat.account
	organization := profileLabel(o.Organization, o.OrganizationID)
	if known := a.Organization(o.OrganizationID); known != nil {
		organization = v.cat.organizationLabel(known)
	}
	profile := profileLabel(o.Profile, o.ProfileID)
	if known := a.Profile(o.ProfileID); known != nil {
		profile = profileLabel(known.Name, known.ID)
	}
	values := map[string]string{
		fieldName: o.CommonName, fieldSANs: strings.Join(without(o.SANs, o.CommonName), ", "),
		fieldOrganization: organization, fieldProfile: profile,
		fieldDescription: o.Description(), fieldRequester: o.ExternalRequester,
	}
	if o.Term > 0 {
		values[fieldTerm] = days(o.Term)
	}
	for i := range a.CustomFields {
		f := &a.CustomFields[i]
		for _, value := range o.CustomFields {
			if value.Name == f.Name {
				values[customID(f)] = value.Value
			}
		}
	}
	for i := range fields {
		restore(v.Form, &fields[i], values[fields[i].ID])
	}
}

// offer brings the choices in line with the account and with each other. keep
// leaves what was chosen where it is not offered.
func (v *Order) offer(keep bool) {
	var labels []string
	for _, o := range v.cat.account.Ordering() {
		labels = append(labels, v.cat.organizationLabel(o))
	}
	setOptions(v.Form, fieldOrganization, labels, keep)
	labels = nil
	for _, p := range v.cat.account.Offers(idOf(v.Form.Value(fieldOrganization))) {
		labels = append(labels, profileLabel(p.Name, p.ID))
	}
	setOptions(v.Form, fieldProfile, labels, keep)
	v.offerTerms(keep)
}

func (v *Order) offerTerms(keep bool) {
	profile := v.profile()
	var terms []string
	if profile != nil {
		for _, term := range slices.Backward(slices.Sorted(slices.Values(profile.Terms))) {
			terms = append(terms, days(term)) // the longest first
		}
	}
	setOptions(v.Form, fieldTerm, terms, keep)
	v.key.offer(profile, keep)
}

func (v *Order) profile() *model.Profile {
	return v.cat.account.Profile(idOf(v.Form.Value(fieldProfile)))
}

func (v *Order) organization() *model.Organization {
	return v.cat.account.Organization(idOf(v.Form.Value(fieldOrganization)))
}

// changed follows a change that a person made.
func (v *Order) changed(id string) {
	switch id {
	case fieldOrganization:
		v.offer(false)
	case fieldProfile:
		v.offerTerms(false)
	case fieldAlgorithm:
		v.key.offer(v.profile(), false)
	default:
		v.key.changed(id)
	}
}

// took takes the names of a CSR over where nobody typed any.
func (v *Order) took(csr *request) {
	for id, value := range map[string]string{fieldName: csr.common(), fieldSANs: strings.Join(without(csr.names, csr.common()), ", ")} {
		if now := v.Form.Value(id); now == "" || now == v.taken[id] {
			v.Form.Set(id, value)
			v.taken[id] = value
		}
	}
}

// spec is what the form asks for, and what is wrong with it.
func (v *Order) spec(value form.Values) (model.OrderSpec, faults) {
	wrong := faults{}
	sans, wrongNames := names(value)
	spec := model.OrderSpec{
		CommonName: strings.ToLower(value(fieldName)), SANs: sans,
		OrganizationID: idOf(value(fieldOrganization)), ProfileID: idOf(value(fieldProfile)), Term: daysOf(value(fieldTerm)),
		CSR: v.key.der(), Description: value(fieldDescription), ExternalRequester: value(fieldRequester),
		DCV: dcvOf(value),
	}
	where := map[model.Field]string{
		model.InCommonName: fieldName, model.InOrganization: fieldOrganization, model.InProfile: fieldProfile,
		model.InTerm: fieldTerm, model.InKey: keyField(value(fieldSource)), model.InDescription: fieldDescription, model.InRequester: fieldRequester,
		model.InDCV: fieldDCV, model.InDCVEmail: fieldDCVEmail,
	}
	for i := range v.cat.account.CustomFields {
		f := &v.cat.account.CustomFields[i]
		where[model.InCustomField(f.Name)] = customID(f)
		if text := value(customID(f)); text != "" && text != nothing {
			spec.CustomFields = append(spec.CustomFields, model.CustomValue{Name: f.Name, Value: text})
		}
	}
	deployment(value, v.files, wrong)
	kind := model.OrderKey{}
	if value(fieldSource) == fromHere && value(fieldAlgorithm) != nothing {
		kind = model.OrderKey{Algorithm: value(fieldAlgorithm), Size: value(fieldSize)}
	}
	for _, p := range spec.Problems(&v.cat.account, kind, v.s.Data.Now) {
		if p.Field == model.InSANs {
			wrongNames = append(wrongNames, p.Text)
			continue
		}
		wrong.add(cmp.Or(where[p.Field], fieldDescription), view.Clean(p.Text))
	}
	wrong.add(fieldSANs, allWrong(wrongNames))
	return spec, wrong
}

// keyField is the field that is at fault when the key is.
func keyField(source string) string {
	return map[string]string{fromHere: fieldAlgorithm, fromPaste: fieldCSR, fromFile: fieldFile, fromVault: fieldRequest, fromOld: fieldSource}[source]
}

// filled shows what will be ordered. A key that was ordered for already, and a
// name whose order is not settled, are caught before anything is sent.
func (v *Order) filled() tea.Cmd {
	if record := ordered(v.s, v.cat.target, v.key.der()); record != nil {
		return v.s.Host.Open(v.held(*record))
	}
	if record := unsettled(v.s, v.cat.target, v.Form.Value(fieldName)); record != nil {
		return v.s.Host.Open(v.beside(*record, false))
	}
	return v.ask(false)
}

// ask asks whether the order is placed. again orders once more for a key that
// was ordered for.
func (v *Order) ask(again bool) tea.Cmd { return v.send(v.question(again), again) }

// wish is the order as it is filled in.
func (v *Order) wish(again bool, unless func([]model.Record) error) repository.Wish {
	spec, wrong := v.spec(v.Form.Value)
	return repository.Wish{
		Spec: spec, Key: v.key.kind(), Password: v.key.password(), Keystore: v.key.keystore(),
		Deploy: deployment(v.Form.Value, v.files, wrong), Again: again, Unless: unless,
	}
}
