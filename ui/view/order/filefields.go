package order

import (
	"fmt"

	"certty/model"
	"certty/model/effect"
	"certty/ui/view/sheet"
	"certty/ui/widget/form"
)

// fileFields ask where the files go, filled in with what counts where nothing
// else is said.
func fileFields(in string, from model.Deployment) []form.Field {
	return []form.Field{
		{ID: sectionFiles, In: in, Kind: form.Section, Label: "Files", Hint: "where certificate, chain and keystore are written when they are here",
			Note: func(value func(string) string) string { return value(fieldDir) }},
		{ID: fieldDir, In: sectionFiles, Label: "Folder", Hint: "whole path; nothing is written where it is empty", Value: from.Dir},
		{ID: fieldOwner, In: sectionFiles, Label: "Owner", Hint: "user or user:group; where it is empty the configuration's, else who runs certty", Value: from.Owner},
		{ID: fieldMode, In: sectionFiles, Label: "Mode", Hint: "of the files with a key, in octal; where it is empty the configuration's, else 0600", Value: modeText(from.Mode)},
	}
}

// modeText is a mode as it is typed; "" for none.
func modeText(mode uint32) string {
	if mode == 0 {
		return ""
	}
	return fmt.Sprintf("%04o", mode)
}

// deployment is where the files go; nil for nowhere. From is what the fields were
// filled in with: without a folder that is not what a person asked for.
func deployment(value form.Values, from model.Deployment, wrong faults) *model.Deployment {
	d := &model.Deployment{Dir: value(fieldDir), Owner: value(fieldOwner)}
	mode, err := model.ParseFileMode(value(fieldMode))
	if err != nil {
		wrong.add(fieldMode, err.Error())
	}
	d.Mode = mode
	if d.Dir == "" && (d.Owner == "" || d.Owner == from.Owner) && (d.Mode == 0 || d.Mode == from.Mode) {
		return nil
	}
	where := map[model.Field]string{model.InFolder: fieldDir, model.InOwner: fieldOwner}
	for _, p := range d.Problems() {
		wrong.add(where[p.Field], p.Text)
	}
	if d.Dir == "" {
		return nil
	}
	return d
}

// refill brings the fields that nobody changed from one filling in to another.
func refill(f *form.Form, was, now model.Deployment) {
	for id, text := range map[string][2]string{
		fieldDir: {was.Dir, now.Dir}, fieldOwner: {was.Owner, now.Owner}, fieldMode: {modeText(was.Mode), modeText(now.Mode)},
	} {
		if f.Value(id) == text[0] {
			f.Set(id, text[1])
		}
	}
}

// fileFacts say where the files go, for a summary.
func fileFacts(d *model.Deployment) []sheet.Fact {
	if d == nil {
		return nil
	}
	return []sheet.Fact{{Name: "files", Value: effect.Files(d)}}
}
