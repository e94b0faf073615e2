package sheet_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/view/viewtest"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

// order is a form as one is made, see the package's comment.
type order struct {
	*sheet.Sheet
	s    *view.Session
	busy bool // something stands in the way before anything is sent
}

func newOrder(s *view.Session) *order {
	v := &order{s: s}
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Title: func() string { return "Order" }, Submit: "order", From: "SCM's", Reading: "The profiles are being read.",
		Filled: v.filled, Refused: v.refused,
	})
	return v
}

func (v *order) fill() *order {
	v.Form = form.New(v.s.Theme, "Order", "Back", form.Field{ID: "name", Label: "Name", Check: func(value string) string {
		if value == "" {
			return "a name is needed"
		}
		return ""
	}}, form.Field{ID: "password", Label: "Password", Kind: form.Secret})
	return v
}

func (v *order) filled() tea.Cmd {
	name := v.Form.Value("name")
	switch {
	case name == "odd":
		return v.Complain("odd can't be ordered")
	case v.busy:
		return v.s.Host.Open(v.card("Nothing was sent."))
	}
	return v.Ask(confirm.Question{
		Title: "Order " + name, Lines: sheet.Facts([]sheet.Fact{{Name: "name", Value: name}}, 80), Yes: "Order", No: "Back",
	}, func() (uint64, tea.Cmd) { return v.s.Desk.Create("prod", model.CreateSpec{Name: name}) })
}

func (v *order) card(done string) *sheet.Card {
	return sheet.NewCard(v.s, func() sheet.Situation {
		return sheet.Situation{Title: "In the way", Text: "Another one is open. " + done, Leave: "leave it",
			Ways: []keys.Action{{Def: keys.Cancel, Run: func() tea.Cmd { _, cmd := v.s.Desk.Cancel(model.Ref{Target: "prod", Key: "shop"}); return cmd }}}}
	})
}

func (v *order) refused(msg view.OpDone) view.View {
	if backend.KindOf(msg.Err) == backend.KindConflict {
		return v.card("Nothing was changed.")
	}
	return nil
}

func stage(t *testing.T) (*viewtest.Stage, *order) {
	t.Helper()
	s := viewtest.New(t)
	v := newOrder(s.Session).fill()
	s.Open(v)
	return s, v
}

func sent(t *testing.T, s *viewtest.Stage, want ...string) {
	t.Helper()
	if got := strings.Join(s.Vault.Calls, ", "); got != strings.Join(want, ", ") {
		t.Errorf("sent %q, want %q", got, want)
	}
}

func TestSheetIsSentAfterAYes(t *testing.T) {
	s, _ := stage(t)
	s.Sees("tab next field ctrl+s order esc back")
	s.Press("ctrl+s")
	s.Sees("a name is needed")
	s.Press("shop", "ctrl+s")
	s.Sees("name shop", "> [ Back ]")
	s.Press("enter")
	s.Sees("Order", "shop")
	sent(t, s)
	s.Press("ctrl+s", "tab", "enter")
	sent(t, s, "create shop")
	if s.Top() != nil {
		t.Errorf("a sheet whose work is done stays open:\n%s", s.Frame())
	}
}

func TestRefusedSheetIsKept(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		says []string
	}{
		"in words":  {errors.New("no"), []string{sheet.Kept}},
		"as a card": {&backend.Error{Kind: backend.KindConflict}, []string{"In the way", "Nothing was changed.", "x " + keys.Cancel.Long, "esc leave it"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := stage(t)
			s.Vault.Err = tt.err
			s.Press("shop", "ctrl+s", "tab", "enter")
			s.Sees(tt.says...)
			s.Press("esc")
			s.Sees("Order", "shop")
			// Another try is another call.
			s.Vault.Err = nil
			s.Press("ctrl+s", "tab", "enter")
			sent(t, s, "create shop", "create shop")
			if s.Top() != nil {
				t.Error("it stays open")
			}
		})
	}
}

// The answer to somebody else's call decides nothing, and neither does a second
// answer.
func TestOnlyItsOwnAnswerCounts(t *testing.T) {
	s, v := stage(t)
	s.Tell(view.OpDone{})
	s.Press("shop", "ctrl+s")
	s.Hold()
	s.Press("tab", "enter")
	if !v.Running() {
		t.Fatal("nothing runs")
	}
	s.Tell(view.OpDone{ID: 7})
	s.Sees("Sent; waiting for SCM's answer. esc leaves, the call goes on.")
	s.Press("x", "ctrl+s")
	s.Tell(input.PasteMsg{Text: "y"})
	if got := v.Form.Value("name"); got != "shop" {
		t.Errorf("typed while it ran: %q", got)
	}
	s.Press("esc")
	if s.Top() != nil {
		t.Error("esc does not leave")
	}
	s.Release()
	sent(t, s, "create shop")
	if !v.Running() {
		t.Error("a sheet that was left took the answer")
	}
}

func TestWhatIsInTheWayIsSaidFirst(t *testing.T) {
	s, v := stage(t)
	v.busy = true
	s.Press("shop", "ctrl+s")
	s.Sees("Nothing was sent.")
	sent(t, s)
	s.Press("x")
	sent(t, s, "cancel prod/shop")
	s.Sees("tab next field")
}

func TestComplaintStaysUntilTheNextKey(t *testing.T) {
	s, _ := stage(t)
	s.Press("odd", "ctrl+s")
	s.Sees("odd can't be ordered")
	s.Press("x")
	s.Sees("oddx", "tab next field")
}

func TestNothingToFillInYet(t *testing.T) {
	s := viewtest.New(t)
	v := newOrder(s.Session)
	s.Open(v)
	s.Sees("The profiles are being read.", "esc back")
	s.Tell(input.PasteMsg{Text: "x"})
	s.Press("ctrl+s", "tab", "enter")
	v.fill()
	s.Sees("Name")
	s.Press("esc")
	if s.Top() != nil {
		t.Error("esc does not leave")
	}
}

// What no field may hold is refused wherever the focus is, and what was typed
// stays.
func TestUntakenPastes(t *testing.T) {
	der, err := x509.MarshalPKCS8PrivateKey(viewtest.Key(t))
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(viewtest.Key(t))
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	for name, msg := range map[string]input.PasteMsg{
		"PKCS#8":                {Text: block("PRIVATE KEY", der)},
		"encrypted":             {Text: block("ENCRYPTED PRIVATE KEY", der)},
		"SEC 1 with text ahead": {Text: "the key:\r\n" + block("EC PRIVATE KEY", sec1)},
		"cut off":               {Text: block("PRIVATE KEY", der)[:60], Unterminated: true},
		"without its lines":     {Text: base64.StdEncoding.EncodeToString(der)},
		"JWK":                   {Text: `{"kty":"EC","crv":"P-256","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`},
		"too long":              {TooLong: true},
	} {
		t.Run(name, func(t *testing.T) {
			s, v := stage(t)
			want := "private key"
			if msg.TooLong {
				want = "too long"
			}
			for _, field := range []string{"name", "password"} {
				s.Press("typed")
				s.Tell(msg)
				s.Sees(want, "Nothing of it was taken")
				if got := v.Form.Value(field); got != "typed" {
					t.Errorf("%s holds %q", field, got)
				}
				if secret := strings.TrimSpace(msg.Text); secret != "" && strings.Contains(s.Frame(), secret[len(secret)/2:]) {
					t.Error("it stands on the screen")
				}
				s.Press("tab")
			}
			s.Press("ctrl+s")
			s.Sees("name typed")
		})
	}
	s, v := stage(t)
	s.Tell(input.PasteMsg{Text: "shop.example.com\n"})
	if got := v.Form.Value("name"); got != "shop.example.com" {
		t.Errorf("an honest paste gives %q", got)
	}
}
