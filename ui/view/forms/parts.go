package forms

import (
	"strings"

	"certty/model"
	"certty/ui/widget/form"
)

// parts keeps the subject and the fields of its parts the same, whichever is
// typed.
type parts struct {
	form *form.Form
	// good is the last subject that could be read: what a part is put into.
	good string
}

// follow keeps the subject of f and its parts the same.
func (p *parts) follow(f *form.Form) {
	p.form = f
	if subject := f.Value(fieldSubject); model.CheckSubject(subject) == nil {
		p.good = subject
	}
}

// note shows the whole subject beside the heading of its parts, while one of
// them is typed.
func (p *parts) note(value func(string) string) string {
	if p.form == nil || !strings.HasPrefix(p.form.Focused(), partField("")) {
		return ""
	}
	return noteSubject(value)
}

// changed follows a change of the field of that id.
func (p *parts) changed(id string) {
	if id == fieldSubject {
		subject := p.form.Value(fieldSubject)
		if _, err := model.ParseSubject(subject); err != nil {
			return
		}
		p.good = subject
		values := subjectParts(subject)
		for _, a := range attributes {
			p.form.Set(partField(a.keyword), values[a.keyword])
		}
		return
	}
	if keyword, ok := strings.CutPrefix(id, partField("")); ok {
		p.good = withPart(p.good, keyword, p.form.Value(id))
		p.form.Set(fieldSubject, p.good)
	}
}
