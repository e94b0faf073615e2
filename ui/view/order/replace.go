package order

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/effect"
	"certty/ui/view"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

// Replace is the form of a replacement: another certificate under the same
// order.
type Replace struct {
	successor
	taken string
}

// NewReplace opens the form that replaces the certificate of a row, which was
// read.
func NewReplace(s *view.Session, row view.Row) view.View {
	v := &Replace{successor: newSuccessor(s, row)}
	// It is this certificate that is meant, and no other that takes its place
	// while the form is open.
	v.ref.Revision = row.Item.Certificate.Serial
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Submit: "replace", From: "SCM's", Head: v.head, Filled: v.filled, Refused: v.refused,
		Title: func() string { return "Replace " + view.Called(row.Item) },
	})
	o := row.Item.Order
	v.taken = strings.Join(without(o.SANs, o.CommonName), ", ")
	v.key.took = v.took
	fields := []form.Field{
		{ID: fieldName, Label: "Common name", Hint: "the DNS name that the certificate is for", Value: o.CommonName},
		{ID: fieldSANs, Label: "Other names", Hint: "DNS names, blanks or commas between them", Value: v.taken, Note: noteNames},
		sheet.Message(fieldReason, "Reason", "is told to the CA and kept with the order"),
	}
	v.build("Replace", append(fields, v.key.fields()...))
	v.Form.CheckWith(v.check)
	return v
}

// Update fills the form in, and follows what it needs and the call.
func (v *Replace) Update(msg tea.Msg) tea.Cmd { return v.update(msg, v.filled) }

func (v *Replace) check(value form.Values) map[string]string {
	wrong := faults{}
	deployment(value, v.files, wrong)
	v.key.check(value, wrong)
	v.checkKey(wrong)
	o := v.item.Order
	sans, wrongNames := names(value)
	spec := model.OrderSpec{
		CommonName: strings.ToLower(value(fieldName)), SANs: sans,
		OrganizationID: o.OrganizationID, ProfileID: o.ProfileID, Term: o.Term, CSR: v.key.der(),
	}
	// The order stands; what counts of it here are its names.
	for _, p := range spec.Problems(&v.cat.account, model.OrderKey{}, v.s.Data.Now) {
		switch p.Field {
		case model.InCommonName:
			wrong.add(fieldName, view.Clean(p.Text))
		case model.InSANs:
			wrongNames = append(wrongNames, p.Text)
		default:
		}
	}
	wrong.add(fieldSANs, allWrong(wrongNames))
	checkDCV(value, wrong, append(slices.Clone(spec.SANs), spec.CommonName)...)
	return wrong
}

// took takes the names of a CSR over where nobody typed others.
func (v *Replace) took(csr *request) {
	if now := v.Form.Value(fieldSANs); now == "" || now == v.taken {
		if names := without(csr.names, csr.common()); len(names) > 0 {
			v.taken = strings.Join(names, ", ")
			v.Form.Set(fieldSANs, v.taken)
		}
	}
}

// head says what a replacement does, before anything is filled in.
func (v *Replace) head(w int) []string {
	return append(sheet.Facts(append(v.facts(), sheet.Fact{Name: "old certificate", Value: v.old()}), w+4), "")
}

func (v *Replace) old() string {
	return effect.Replaced(v.ref.Revision)
}

func (v *Replace) filled() tea.Cmd {
	name := strings.ToLower(v.Form.Value(fieldName))
	sans, _ := names(v.Form.Value)
	others := strings.Join(without(sans, name), ", ")
	if others == "" {
		others = "no others"
	}
	o, want := v.item.Order, v.want()
	facts := []sheet.Fact{
		{Name: "order", Value: o.ID + ", which keeps its id and its term"},
		{Name: "old certificate", Value: v.old()},
		{Name: "name", Value: view.Clean(name)}, {Name: "other names", Value: view.Clean(others)},
	}
	if lost := model.Lacking(append(sans, name), append([]string{o.CommonName}, o.SANs...)); len(lost) > 0 {
		facts = append(facts, sheet.Fact{Name: "careful", Value: "the new certificate is not for " + strings.Join(lost, ", ") + " any more"})
	}
	spec := model.OrderSpec{CommonName: name, SANs: sans, ProfileID: o.ProfileID}
	if doubts := spec.Doubts(&v.cat.account); doubts != "" {
		facts = append(facts, sheet.Fact{Name: "careful", Value: view.Clean(doubts)})
	}
	facts = append(facts, v.key.facts()...)
	facts = append(facts, sheet.Fact{Name: "reason", Value: view.Clean(v.Form.Value(fieldReason))})
	facts = append(facts, dcvFacts(dcvOf(v.Form.Value))...)
	facts = append(facts, fileFacts(want.Deploy)...)
	facts = append(facts, sheet.Fact{Name: "then", Value: "the CA issues under another serial number. certty waits for that one, and collects it by itself; until then the old certificate is what is served."})
	w, _ := v.Size()
	lines := append(sheet.Facts(facts, w), "", "Sends: POST /ssl/v1/replace/"+o.ID+", once")
	q := confirm.Question{Title: "Replace " + view.Called(v.item), Lines: lines, Yes: "Replace", No: "Back"}
	return v.Ask(q, func() (uint64, tea.Cmd) {
		want.Password = v.key.password()
		want.CommonName, want.SANs, want.Reason = name, sans, v.Form.Value(fieldReason)
		return v.s.Desk.Replace(v.ref, want)
	})
}

// refused explains why a replacement failed. Where it may have been asked for,
// the form closes: another one would be a third certificate.
func (v *Replace) refused(msg view.OpDone) view.View {
	if !uncertain(msg) {
		return problem.New(v.s, msg.Err, keptButPasswords)
	}
	v.s.Host.Close(v)
	record := model.Record{Key: v.ref.Key, CommonName: v.item.Order.CommonName}
	return sheet.NewCard(v.s, func() sheet.Situation {
		return sheet.Situation{
			Title: "It may be being replaced: " + view.Called(v.item),
			Text: "The call left this machine, and what came back does not say whether it was taken. The order is read again by itself: if the CA issues another serial number, it was. " +
				"Nothing is sent again. The old certificate stays as it is. Look at the row before you ask for another replacement.\n\n" + view.Clean(msg.Err.Error()),
			Ways: there(v.s, v.ref.Target, &record), Leave: "leave it to certty",
		}
	})
}
