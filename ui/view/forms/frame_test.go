package forms

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"certty/model"
	"certty/model/bundle"
	"certty/ui/theme"
	"certty/ui/view"
)

// walks open each screen in each of its shapes.
var walks = []struct {
	name string
	do   func(*screen)
}{
	{"create", func(s *screen) { s.open(NewCreate(s.s, noWays)) }},
	{"create with a subject", func(s *screen) { s.open(NewCreate(s.s, noWays)); s.press(`CN=shop.example.com, O="Contoso, Inc."`) }},
	{"create parts", func(s *screen) {
		s.open(NewCreate(s.s, noWays))
		s.fill(partField("O"), "Contoso, Inc.")
	}},
	{"create more", func(s *screen) {
		s.open(NewCreate(s.s, noWays))
		s.press("CN=shop.example.com")
		s.pick(fieldIssuer, "contoso-ca")
		s.tick(fieldEKU, "serverAuth")
		s.fill(fieldMonths, "six")
		s.press("ctrl+s")
	}},
	{"create issuer", func(s *screen) { s.vault.issuers = nil; s.open(NewCreate(s.s, noWays)); s.formOf().Focus(fieldIssuer) }},
	{"create summary", func(s *screen) {
		s.open(NewCreate(s.s, noWays))
		s.press("CN=new.example.com")
		s.pick(fieldProtection, hsm)
		s.fill(fieldTags, "env=prod")
		s.press("ctrl+s")
	}},
	{"conflict", func(s *screen) { s.open(NewCreate(s.s, noWays)); s.press("CN=busy", "ctrl+s") }},
	{"new version", func(s *screen) { s.open(NewVersion(s.s, s.row("shop"), noWays)) }},
	{"new version unread", func(s *screen) { s.open(NewVersion(s.s, s.row("unread"), noWays)) }},
	{"policy", func(s *screen) { s.open(NewPolicy(s.s, s.row("shop"))) }},
	{"policy difference", func(s *screen) {
		s.open(NewPolicy(s.s, s.row("shop")))
		s.fill(fieldMonths, "24")
		s.pick(fieldIssuer, "contoso-ca")
		s.press("ctrl+s")
	}},
	{"policy moved", func(s *screen) {
		s.open(NewPolicy(s.s, s.row("shop")))
		s.fill(fieldMonths, "24")
		theirs := stored()
		theirs.EKUs = theirs.EKUs[:1]
		s.holds(holding(theirs))
	}},
	{"import", func(s *screen) { s.open(NewImport(s.s, noWays)) }},
	{"import PFX", func(s *screen) {
		s.open(NewImport(s.s, noWays))
		s.found("shop.pfx", pfx)
		s.press("tab", password)
	}},
	{"import PKCS#1", func(s *screen) {
		s.open(NewImport(s.s, noWays))
		s.found("shop.pem", []byte(block("RSA PRIVATE KEY", []byte{1})))
	}},
	{"save CSR", func(s *screen) { s.open(NewSaveCSR(s.s, s.row("busy"))) }},
}

// found types a file's name and answers what is in it, without a file.
func (s *screen) found(name string, data []byte) {
	s.press(name)
	v := s.top().(*Import)
	v.looked = name
	s.tell(bundleRead{gen: v.gen, bundle: bundle.Read(name, data, view.Clean)})
}

func walked(t *testing.T, do func(*screen), o theme.Options) *screen {
	t.Helper()
	unread := item("unread", nil)
	s := newScreen(t, holding(stored()), item("busy", func(it *model.Item) { it.Request = open() }), unread)
	s.s.Theme = theme.New(o)
	s.vault.issuers = []model.IssuerInfo{{Name: "contoso-ca", Provider: "DigiCert"}, {Name: "strict-ca", Provider: "GlobalSign"}}
	do(s)
	return s
}

// TestFrames keeps what the screens look like at 80x24, without colour. Run
// with -update to accept a change that was looked at.
func TestFrames(t *testing.T) {
	for _, tt := range walks {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := walked(t, tt.do, theme.Options{UTF8: true})
				golden.RequireEqual(t, []byte(s.frame()+"\n"))
			})
		})
	}
}

// TestSizes draws every screen at every kind of size, and on a console of 7
// bits: none may panic, leave its room, or need another sign.
func TestSizes(t *testing.T) {
	for _, tt := range walks {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := walked(t, tt.do, theme.Options{ASCII: true, UTF8: true})
				for _, w := range []int{0, 1, 2, 3, 5, 8, 20, 39, 40, 41, 60, 79, 80, 100, 200, 300} {
					for _, h := range []int{0, 1, 2, 3, 4, 5, 9, 10, 11, 18, 19, 40, 100} {
						for _, v := range s.stack {
							v.SetSize(w, h)
							lines := v.View()
							if len(lines) > max(1, h) && h > 2 {
								t.Fatalf("%d lines on %dx%d", len(lines), w, h)
							}
							for _, line := range lines {
								if ansi.StringWidth(line) > max(4, w) {
									t.Fatalf("%d cells on %dx%d: %q", ansi.StringWidth(line), w, h, line)
								}
								if i := strings.IndexFunc(line, func(r rune) bool { return r > 0x7e }); i >= 0 {
									t.Fatalf("on a console: %q", line)
								}
							}
						}
					}
				}
			})
		})
	}
}

// TestEverythingByKeyboard: tab reaches every field at 80x24, once every section
// is open, and the one with the focus is in sight.
func TestEverythingByKeyboard(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := creating(t)
		s.pick(fieldIssuer, "contoso-ca")
		s.pick(fieldAction, emailContacts)
		f := s.formOf()
		f.Focus(fieldSubject)
		seen := map[string]bool{}
		for range 80 {
			id, line := f.Focused(), focusLine(s.frame())
			if id != "" && line == "" {
				t.Errorf("the focus is out of sight on %q:\n%s", id, s.frame())
			}
			seen[id] = true
			if strings.Contains(line, "│ > + ") {
				s.press("right")
			}
			s.press("tab")
		}
		for _, field := range createFields(nil, &catalog{s: s.s}, &parts{}) {
			if !seen[field.ID] {
				t.Errorf("%s is out of reach", field.ID)
			}
		}
	})
}

func focusLine(frame string) string {
	for line := range strings.SplitSeq(frame, "\n") {
		if strings.Contains(line, "│ > ") {
			return line
		}
	}
	return ""
}
