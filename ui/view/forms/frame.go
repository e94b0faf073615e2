package forms

import (
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/form"
)

// frame draws a form in a box, with what its keys do or that it was sent.
func frame(s *view.Session, title string, f *form.Form, sent bool, hint string, w, h int) []string {
	w = min(boxWidth, w)
	return box.Frame(s.Theme, title, append(f.View(w-4, h-4), "", footLine(s, sent, hint)), w, h)
}

// boxWidth is the widest box that a form or a question is drawn in.
const boxWidth = 90

// footLine says what the keys of a form do, or that its call runs.
func footLine(s *view.Session, sent bool, hint string) string {
	if sent {
		return s.Theme.Paint(theme.Waits, "Sent; waiting for the vault's answer. esc leaves, the call goes on.")
	}
	return s.Theme.Paint(theme.Faint, hint)
}
