package forms

import (
	"slices"

	"certty/model"
	"certty/model/effect"
	"certty/model/policytext"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

// createFields are those of a policy, with what only a new certificate has.
func createFields(targets []string, c *catalog, p *parts) []form.Field {
	fields := policyFields(model.Policy{}, c, p)
	name := form.Field{ID: fieldName, Label: "Name", Hint: "what the vault calls it: letters, digits, hyphens; it can't be changed later", Check: checked(model.CheckName), Suggest: suggestName}
	place := func(id string) int { return slices.IndexFunc(fields, func(f form.Field) bool { return f.ID == id }) }
	fields = slices.Insert(fields, place(fieldIssuer), name)
	fields = slices.Insert(fields, place(fieldContent)+1, orderField(sectionKey, "merged or issued"))
	for i := range fields {
		switch fields[i].ID {
		case fieldSANs:
			fields[i].Suggest, fields[i].Joins = suggestSAN, ", "
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
	return withTarget(fields, targets)
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

func (v *Create) question(spec model.CreateSpec, target string, exists bool) confirm.Question {
	names := spec.Policy.SANs.Words()
	if names == "" {
		names = "none: most clients refuse a server certificate without them"
	}
	facts := []sheet.Fact{
		{Name: "vault", Value: target + "  " + v.s.Desk.Target(target).Info.Address},
		{Name: "name", Value: spec.Name},
		{Name: "subject", Value: view.Clean(spec.Policy.Subject)},
		{Name: "names", Value: view.Clean(names)},
		{Name: "key", Value: policytext.Key(spec.Policy.Key) + ", made in the vault, stays there"},
		{Name: "issuer", Value: policytext.Signing(spec.Policy.Issuer)},
	}
	facts = append(facts, extras(spec)...)
	w, _ := v.Size()
	lines := append(sheet.Facts(facts, w), "", "What is not named here is as the vault has it by default.", "")
	lines = append(lines, effect.Create(exists))
	lines = append(lines, "", "Sends: POST /certificates/"+spec.Name+"/create")
	return confirm.Question{Title: "Create " + spec.Name + " (" + target + ")", Lines: lines, Yes: "Create", No: "Back"}
}

// extras are what a specification asks for beyond the vault's defaults and
// beyond what a summary always says.
func extras(spec model.CreateSpec) []sheet.Fact {
	said := []string{"subject", "names", "key", "issuer"}
	facts := slices.DeleteFunc(beyond(spec.Policy), func(f sheet.Fact) bool { return slices.Contains(said, f.Name) })
	facts = append(facts, orderFacts(spec.PreserveCertOrder)...)
	if len(spec.Tags) > 0 {
		facts = append(facts, sheet.Fact{Name: "tags", Value: view.Clean(tagWords(spec.Tags))})
	}
	if spec.Enabled != nil && !*spec.Enabled {
		facts = append(facts, sheet.Fact{Name: "enabled", Value: "no: it can't be used until it is enabled"})
	}
	return facts
}

// orderFacts says what was decided about the chain's order.
func orderFacts(preserve *bool) []sheet.Fact {
	switch {
	case preserve == nil:
		return nil
	case *preserve:
		return []sheet.Fact{{Name: "preserve order", Value: "yes: the chain keeps the order in which the vault gets it"}}
	}
	return []sheet.Fact{{Name: "preserve order", Value: "no: the leaf comes first"}}
}
