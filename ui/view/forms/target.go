package forms

import (
	"slices"

	"certty/backend"
	"certty/ui/view"
	"certty/ui/widget/form"
)

// targets are the names of those that can do something.
func targets(s *view.Session, can func(backend.Capabilities) bool) []string {
	var names []string
	for _, t := range s.Desk.Targets() {
		if can(t.Capabilities) {
			names = append(names, t.Info.Name)
		}
	}
	return names
}

// withTarget asks for the target first, where there are several.
func withTarget(fields []form.Field, targets []string) []form.Field {
	if len(targets) < 2 {
		return fields
	}
	target := form.Field{ID: fieldTarget, Label: "Vault", Hint: "left and right choose", Options: targets}
	return append([]form.Field{target}, fields...)
}

// targetOf is the target that a form made by withTarget is for; "" where there
// is none.
func targetOf(f *form.Form, targets []string) string {
	if t := f.Value(fieldTarget); t != "" || len(targets) == 0 {
		return t
	}
	return targets[0]
}

// chooseTarget sets the target of a form made by withTarget, if it is one of its.
func chooseTarget(f *form.Form, targets []string, target string) {
	if slices.Contains(targets, target) {
		f.Set(fieldTarget, target)
	}
}
