package order

import (
	"fmt"
	"strings"

	"certty/model"
	"certty/model/lint"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
)

// noteOrganization says how old what is offered is, and what is not told.
func (v *Order) noteOrganization(func(string) string) string {
	text := v.cat.age()
	if untold := v.cat.account.Untold(v.organization(), v.profile()); len(untold) > 0 {
		text += "\nnot told: " + strings.Join(untold, "; ")
	}
	return text
}

func (v *Order) warnOrganization(func(string) string) string {
	return v.cat.account.Unvalidated(v.organization(), v.s.Data.Now)
}

// warnProfile says what of the names a private CA may take, where the profile's may
// be one.
func (v *Order) warnProfile(value func(string) string) string {
	spec, _ := v.spec(value)
	return view.Clean(spec.Doubts(&v.cat.account))
}

func (v *Order) noteProfile(func(string) string) string {
	if p := v.profile(); p != nil {
		return p.Description
	}
	return ""
}

func (v *Order) noteTerm(func(string) string) string {
	if term := daysOf(v.Form.Value(fieldTerm)); term > 0 {
		return lint.Expect(term, v.s.Data.Now)
	}
	return ""
}

// question says what is ordered, for whom, for how long, what it costs and what
// happens then.
func (v *Order) question(again bool) confirm.Question {
	spec, _ := v.spec(v.Form.Value)
	others := strings.Join(without(spec.SANs, spec.CommonName), ", ")
	if others == "" {
		others = "no others"
	}
	facts := []sheet.Fact{
		{Name: "account", Value: v.cat.target + "  " + v.s.Desk.Target(v.cat.target).Info.Address},
		{Name: "name", Value: spec.CommonName},
		{Name: "other names", Value: others},
		{Name: "for", Value: strings.TrimSpace(v.Form.Value(fieldOrganization))},
		{Name: "profile", Value: v.Form.Value(fieldProfile)},
		{Name: "term", Value: days(spec.Term)},
		{Name: "lifetime", Value: lint.Expect(spec.Term, v.s.Data.Now)},
	}
	if doubts := spec.Doubts(&v.cat.account); doubts != "" {
		facts = append(facts, sheet.Fact{Name: "careful", Value: view.Clean(doubts)})
	}
	facts = append(facts, v.key.facts()...)
	for _, value := range spec.CustomFields {
		facts = append(facts, sheet.Fact{Name: view.Clean(value.Name), Value: view.Clean(value.Value)})
	}
	if spec.Description != "" {
		facts = append(facts, sheet.Fact{Name: "description", Value: view.Clean(spec.Description)})
	}
	if spec.ExternalRequester != "" {
		facts = append(facts, sheet.Fact{Name: "external", Value: view.Clean(spec.ExternalRequester)})
	}
	facts = append(facts, dcvFacts(spec.DCV)...)
	facts = append(facts, fileFacts(deployment(v.Form.Value, v.files, faults{}))...)
	facts = append(facts, sheet.Fact{Name: "costs", Value: "one certificate of the contract"}, sheet.Fact{Name: "then", Value: v.next()})
	w, _ := v.Size()
	var lines []string
	if again {
		lines = append(lines, "This key was ordered for already. This is another order, and costs another certificate.", "")
	}
	lines = append(lines, v.warnOpen(spec.CommonName)...)
	lines = append(lines, sheet.Facts(facts, w)...)
	lines = append(lines, "", "Sends: POST /ssl/v1/enroll, once")
	return confirm.Question{Title: "Order " + spec.CommonName + " (" + v.cat.target + ")", Lines: lines, Yes: "Order", No: "Back"}
}

// next says what happens to the order, as far as is known.
func (v *Order) next() string {
	profile := idOf(v.Form.Value(fieldProfile))
	asked, waits, straight := 0, 0, 0
	for _, row := range v.s.Data.Rows() {
		o := row.Item.Order
		if o == nil || row.Item.Ref.Target != v.cat.target || o.ProfileID != profile {
			continue
		}
		asked++
		switch o.Phase {
		case model.OrderRequested:
			waits++
		case model.OrderApplied, model.OrderIssued:
			straight++
		case model.OrderUnknown, model.OrderApproved, model.OrderExpired, model.OrderRevoked, model.OrderReplaced, model.OrderDeclined, model.OrderRejected, model.OrderInvalid:
		}
	}
	const rest = " Then the CA validates and issues, and certty collects the certificate by itself."
	switch {
	case waits > 0:
		return fmt.Sprintf("an administrator of the account probably has to approve it: %s for that now.%s", waiters(waits), rest)
	case asked > 0 && straight > 0:
		return "an administrator of the account may have to approve it; none of this profile waits for that now." + rest
	}
	return "an administrator of the account may have to approve it: the account does not tell that beforehand." + rest
}

func waiters(n int) string {
	return model.Count(n, "order of this profile waits", "orders of this profile wait")
}

// waitingBox is drawn while there is no form.
func waitingBox(s *view.Session, title string, c *catalogue, sh *sheet.Sheet) []string {
	w, h := sh.Size()
	w = min(sheet.Width, w)
	role := theme.Waits
	if !c.syncing && c.wrong != "" {
		role = theme.Bad
	}
	var lines []string
	for _, l := range box.Wrap(c.reading(), w-4) {
		lines = append(lines, s.Theme.Paint(role, l))
	}
	return box.Frame(s.Theme, title, append(lines, "", "esc  back"), w, h)
}
