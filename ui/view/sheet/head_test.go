package sheet_test

import (
	"fmt"
	"strings"
	"testing"

	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/view/viewtest"
	"certty/ui/widget/form"
)

// tall is a form with more above its fields, and more fields, than fit.
func tall(s *view.Session, head, fields int) *sheet.Sheet {
	var v *sheet.Sheet
	v = sheet.New(s, sheet.Def{
		View: v, Title: func() string { return "Tall" }, Submit: "send",
		Head: func(int) []string {
			lines := make([]string, head)
			for i := range lines {
				lines[i] = fmt.Sprintf("head %d.", i+1)
			}
			return lines
		},
	})
	var all []form.Field
	for i := range fields {
		all = append(all, form.Field{ID: fmt.Sprint(i), Label: fmt.Sprintf("Field %d.", i+1)})
	}
	v.Form = form.New(s.Theme, "Send", "Back", all...)
	return v
}

// What does not fit above the fields is a key away, and that there are more
// fields is said.
func TestNothingIsCutInSilence(t *testing.T) {
	s := viewtest.New(t)
	v := tall(s.Session, 30, 30)
	s.Open(v)
	s.Resize(80, 20)
	see := func(what ...string) {
		t.Helper()
		frame := s.Frame()
		for _, text := range what {
			if !strings.Contains(frame, text) {
				t.Errorf("%q is not in\n%s", text, frame)
			}
		}
		if lines := strings.Count(frame, "\n") + 1; lines > 20 {
			t.Errorf("%d lines", lines)
		}
	}
	press := func(keys ...string) {
		for _, key := range keys {
			s.Press(key)
			s.Frame() // as the screen does
		}
	}
	see("head 1.", "lines 1 to 8 of 30; pgup and pgdown show the rest", "> Field 1.", "more below")
	press("pgdown")
	see("head 9.", "head 16.", "lines 9 to 16 of 30")
	press("pgdown", "pgdown", "pgdown", "pgdown")
	see("head 30.", "lines 23 to 30 of 30")
	press("pgup")
	see("lines 15 to 22 of 30")
	for range 15 {
		press("tab")
	}
	see("more above and below", "> Field 16.")
	for range 15 {
		press("tab")
	}
	see("more above", "[ Send ]")

	// A short form leaves its room to what stands above it.
	v = tall(s.Session, 11, 1)
	s.Open(v)
	s.Resize(80, 20)
	see("head 1.", "head 11.", "[ Send ]")
	if frame := s.Frame(); strings.Contains(frame, "more ") || strings.Contains(frame, "pgdown") {
		t.Errorf("everything fits, and it says otherwise:\n%s", frame)
	}
}
