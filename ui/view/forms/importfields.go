package forms

import (
	"certty/model"
	"certty/model/effect"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

func (v *Import) fields() []form.Field {
	isPEM := func() bool { return v.bundle != nil && v.bundle.Format == model.ImportPEM }
	fields := []form.Field{
		{ID: fieldFile, Label: "File", Hint: "a PFX, or a PEM file with certificate and open PKCS#8 key", Note: func(func(string) string) string { return v.told() }},
		{ID: fieldPassword, Kind: form.Secret, Label: "Password", Hint: "of the PFX; it goes to the vault and is kept nowhere. Leave it empty where there is none.",
			Show: func(func(string) string) bool { return !isPEM() }},
		{ID: fieldName, Label: "Name", Hint: "what the vault calls it: letters, digits, hyphens; it can't be changed later", Check: checked(model.CheckName),
			Suggest: func(func(string) string) string {
				if v.bundle == nil {
					return ""
				}
				return v.bundle.Name
			}},
		{ID: fieldTags, Label: "Tags", Hint: "name=value, with commas between them", Check: checkTags},
		{ID: fieldExportable, Label: "Exportable", Options: []string{unset, form.Yes, form.No}, Hint: "whether the private key may leave the vault again; the vault's default is yes"},
		orderField("", "in the file"),
		{ID: fieldEnabled, Label: "Enabled", Kind: form.Toggle, Value: form.Yes, Hint: "a disabled certificate can't be used until it is enabled"},
	}
	return withTarget(fields, v.targets)
}

func (v *Import) question(name, target string, exists bool) confirm.Question {
	facts := []sheet.Fact{
		{Name: "vault", Value: target + "  " + v.s.Desk.Target(target).Info.Address},
		{Name: "name", Value: name},
		{Name: "file", Value: view.Clean(v.Form.Value(fieldFile))},
	}
	told := v.bundle.Told
	if v.opened != nil {
		told = v.opened.Told
	}
	for i, line := range told {
		facts = append(facts, sheet.Fact{Name: []string{"content", ""}[min(i, 1)], Value: line})
	}
	if v.bundle.Format == model.ImportPFX {
		facts = append(facts, sheet.Fact{Name: "password", Value: passwordWords(v.Form.Value(fieldPassword))})
	}
	if tags := v.Form.Value(fieldTags); tags != "" {
		facts = append(facts, sheet.Fact{Name: "tags", Value: view.Clean(tags)})
	}
	if exportable := v.Form.Value(fieldExportable); exportable != unset {
		facts = append(facts, sheet.Fact{Name: "exportable", Value: exportable})
	}
	facts = append(facts, orderFacts(triOf(v.Form.Value(fieldOrder)))...)
	if !v.Form.On(fieldEnabled) {
		facts = append(facts, sheet.Fact{Name: "enabled", Value: "no: it can't be used until it is enabled"})
	}
	w, _ := v.Size()
	lines := append(append(sheet.Facts(facts, w), ""), effect.Import(exists)...)
	lines = append(lines, "", "Sends: POST /certificates/"+name+"/import")
	return confirm.Question{Title: "Import " + name + " (" + target + ")", Lines: lines, Yes: "Import", No: "Back"}
}

func passwordWords(password string) string {
	if password == "" {
		return "none"
	}
	return "typed; it goes to the vault and is kept nowhere"
}
