package walk

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	faults "certty/backend/sandbox/fault"
	"certty/ui/ptytest"
)

// withAccount configures the sandbox's SCM account beside its vault.
func (w *world) withAccount() {
	w.t.Helper()
	a := w.box.Access()
	password := filepath.Join(w.dir, "scm-password")
	w.write(password, a.SCM.Password)
	w.configure(fmt.Sprintf(`  - name: sectigo
    kind: scm
    url: %s
    ca_file: %s
    customer_uri: %s
    credential:
      kind: password
      login: %s
      password:
        file: %s
`, a.SCM.URL, a.CAFile, a.SCM.CustomerURI, a.SCM.Login, password))
}

// enrolled lists the orders of a name at the account's server that were made
// over its API.
func (w *world) enrolled(name string) []map[string]any {
	w.t.Helper()
	_, body := w.get("/sandbox/scm/orders")
	var out []map[string]any
	rows, _ := body["orders"].([]any)
	for _, row := range rows {
		if o, ok := row.(map[string]any); ok && o["common_name"] == name && o["enrolled"] == true {
			out = append(out, o)
		}
	}
	return out
}

// tabTo moves the focus of a form to the field of that label.
func tabTo(term *ptytest.Terminal, label string) {
	for range 30 {
		at := focus(term.WaitFor("a field", func(s ptytest.Screen) bool { return focus(s) != "" }))
		if at == label {
			return
		}
		term.Keys("tab")
		term.WaitFor("another field than "+at, func(s ptytest.Screen) bool { return focus(s) != at && focus(s) != "" })
	}
	term.WaitFor("the field "+label, func(s ptytest.Screen) bool { return focus(s) == label })
}

// focus is the label of the field of a form that has the focus; "" where none is
// drawn.
func focus(s ptytest.Screen) string {
	for _, line := range s.Lines {
		if _, field, ok := strings.Cut(line, "│ > "); ok {
			label, _, _ := strings.Cut(field, "  ")
			return label
		}
	}
	return ""
}

// chosen is the choice that has the focus in a form, with its label, and without
// the board beside the form; "" while its line is half drawn.
func chosen(s ptytest.Screen) string {
	i := s.Line("│ > ")
	if i < 0 {
		return ""
	}
	_, choice, _ := strings.Cut(s.Lines[i], "│ > ")
	choice, _, _ = strings.Cut(choice, "│")
	if strings.Count(choice, "(*) ")+strings.Count(choice, " >  ") != 1 {
		return ""
	}
	return choice
}

// TestOrderByKeyboard orders a certificate with a key that is made here, and
// finds it at the server once, with the description behind the reference.
func TestOrderByKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	w.withAccount()
	const name = "walk.example.com"
	term := w.startWith(ptytest.Options{Cols: 80, Rows: 24})
	term.WaitText("sectigo", "mail-relay")
	term.Keys("b")
	term.WaitText("New order (sectigo)", "Example Inc (1697)", "ctrl+r syncs it")
	term.Type(name)
	tabTo(term, "Key algorithm")
	term.Keys("right")
	tabTo(term, "Password")
	term.Type("short")
	term.WaitText("8 characters or more")
	term.Type(canaryPassword)
	tabTo(term, "Password again")
	term.Type("short" + canaryPassword)
	tabTo(term, "Description")
	term.Type("made by a walk")
	term.WaitText("14 / 998")
	term.Keys("ctrl+s")
	term.WaitText("the account makes it mandatory")
	term.Type("4711")
	term.Keys("ctrl+s")
	term.WaitText("Order "+name, "EC P-256, made here", "expect 199 days", "> [ Back ]")
	if got := w.enrolled(name); len(got) != 0 {
		t.Fatalf("sent before it was confirmed: %v", got)
	}
	choose(t, term, "Order")
	// The question covers the form's title, so its going says nothing.
	term.WaitText(name + ": ordered")
	on(term, name)
	got := w.enrolled(name)
	if len(got) != 1 {
		t.Fatalf("%d orders: %v", len(got), got)
	}
	if comments, _ := got[0]["comments"].(string); !strings.HasPrefix(comments, "certty:") || !strings.HasSuffix(comments, " made by a walk") {
		t.Errorf("comments %q", comments)
	}
	if strings.Contains(string(term.Output()), canaryPassword) {
		t.Error("the keystore's password was on the screen")
	}
	term.Keys("ctrl+c")
	term.Wait()
	w.holdsNowhere(canaryPassword)
}

// TestOrderForAVaultLosesItsAnswer orders with the CSR of a vault's request. The
// connection ends before the answer: the order is there once, and nobody is led
// to another one.
func TestOrderForAVaultLosesItsAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	w.withAccount()
	const name = "relay.example.com"
	if err := w.box.SCM().Inject(faults.Fault{Kind: faults.ResetAfter, Operation: "Enroll", Times: 1}); err != nil {
		t.Fatal(err)
	}
	term := w.start()
	form := func() {
		term.WaitText("sectigo", "mail-relay")
		term.Keys("b")
		term.WaitText("New order (sectigo)", "Example Inc (1697)")
		tabTo(term, "Key")
		term.Keys("left")
		term.WaitText("The key stays in the vault")
		tabTo(term, "Vault request")
		for range 12 {
			if s := term.Screen(); s.Contains("< mail-relay (prod) >") {
				break
			}
			place := chosen(term.Screen())
			term.Keys("right")
			term.WaitFor("another request", func(s ptytest.Screen) bool { now := chosen(s); return now != "" && now != place })
		}
		term.WaitText("mail-relay (prod)", "for "+name)
		tabTo(term, "Cost centre")
		term.Type("4711")
		term.Keys("ctrl+s")
	}
	form()
	term.WaitText("of the vault's request mail-relay (prod)", "> [ Back ]")
	choose(t, term, "Order")
	term.WaitText("It may have been ordered: "+name, "Nothing is sent again", "leave it to certty")
	if got := w.enrolled(name); len(got) != 1 {
		t.Fatalf("%d orders: %v", len(got), got)
	}
	term.Keys("esc")
	term.WaitGone("It may have been ordered", "New order")
	form()
	term.WaitText("This key was ordered for already", "Nothing was sent.", "go to that order")
	if got := w.enrolled(name); len(got) != 1 {
		t.Errorf("%d orders: %v", len(got), got)
	}
	term.Keys("ctrl+c")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
