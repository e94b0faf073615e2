package form

import (
	"strings"
	"testing"
)

// FuzzForm: no order of keys, no size and no text may panic, draw more lines
// than there are, or lose the focus.
func FuzzForm(f *testing.F) {
	f.Add("\t\t >\r<ab", uint8(40), uint8(12))
	f.Add("\t\r\t\t> >\x13", uint8(1), uint8(1))
	f.Add("\v\v\v\v JJPtw\b\x12o\x15\x16\r \x1b", uint8(30), uint8(4))
	f.Add("\t\r\t\x11 ab \r>JJ \x1b< \x11\t", uint8(40), uint8(8))
	f.Fuzz(func(t *testing.T, keys string, w, h uint8) {
		form := grown()
		form.CheckWith(func(value Values) map[string]string { return map[string]string{"extra": value("name")} })
		for _, r := range keys {
			switch r {
			case '\t':
				form.Key(key("tab"))
			case '\v':
				form.Key(key("up"))
			case '\r':
				form.Key(key("enter"))
			case '\x13':
				form.Key(key("ctrl+s"))
			case '<':
				form.Key(key("left"))
			case '>':
				form.Key(key("right"))
			case '\x1b':
				form.Key(key("esc"))
			case '\b':
				form.Key(key("backspace"))
			case 'J':
				form.Key(key("down"))
			case 'P':
				form.Key(key("pgdown"))
			case '\x12':
				form.SetOptions("long", strings.Split(keys, "\t"))
			case '\x11':
				form.SetOptions("uses", strings.Split(strings.Repeat(keys+"\t", 20), "\t"))
			case '\x15':
				old := form
				form = grown()
				form.Resume(old)
			case ' ':
				form.Key(space)
			case '\x16':
				form.Paste(keys)
			default:
				form.Key(key(string(r)))
			}
			if e := form.focused(); e != nil && !form.visible(e) {
				t.Fatalf("the focus is on %s, which is not drawn", e.ID)
			}
			if l := form.list; l != nil && (l.of != form.focused() || l.at < 0 || l.at > len(l.found) || l.at == len(l.found) && l.at > 0) {
				t.Fatalf("the list of %s is open at %d of %d, the focus on %s", l.of.ID, l.at, len(l.found), form.Focused())
			}
		}
		if lines := form.View(int(w), int(h)); len(lines) > int(h) {
			t.Errorf("%d lines in %d", len(lines), h)
		}
	})
}
