package vaults

import (
	"strings"
	"testing"

	"certty/backend"
)

// fillAccount fills in what the form of an account needs.
func (h *host) fillAccount() {
	h.press("https://scm.example/customer/contoso", "tab", "tab", "tab", "tab", "admin", "tab", "right", "tab", "SCM_PASSWORD")
}

// TestAccountDraft: the sign-in address is taken apart, and what was typed is
// what is tested: where the password is, and never the password.
func TestAccountDraft(t *testing.T) {
	h, b := &host{}, &shelf{joined: true, found: Found{Findings: []backend.Finding{
		{What: "sign-in", Verdict: backend.VerdictGood, Text: "accepted; 34 orders can be seen"},
		{What: "validated domains", Verdict: backend.VerdictWarn, Text: "1 of 2 are validated", Fix: "Validate the other one."},
		{What: "privileges", Verdict: backend.VerdictUnknown, Text: "can't be seen without doing it", Fix: "An MRAO sees them."},
	}}}
	h.Open(NewForm(t.Context(), session(t, h), b, KindAccount))
	h.fillAccount()
	for _, text := range []string{"Add an SCM account", "the API at https://scm.example/api, customer URI contoso", "the name of an environment variable"} {
		if !strings.Contains(h.text(), text) {
			t.Errorf("%q is not shown:\n%s", text, h.text())
		}
	}
	if strings.Contains(h.text(), "Client id") {
		t.Errorf("a login is asked for a client id:\n%s", h.text())
	}
	h.press("ctrl+s")
	want := Draft{
		Kind: KindAccount, Address: "https://scm.example/customer/contoso", CustomerURI: "contoso", Name: "contoso", Credential: "password",
		Login: "admin", Password: Place{Kind: PlaceEnv, Text: "SCM_PASSWORD"}, Secret: Place{Kind: PlaceFile}, ProxyPassword: Place{Kind: PlaceFile},
	}
	if len(b.drafts) != 1 || b.drafts[0] != want {
		t.Fatalf("tested:\n%+v\nwant:\n%+v", b.drafts, want)
	}
	for _, text := range []string{
		"✓ sign-in: good. accepted; 34 orders can be seen", "! validated domains: warning. 1 of 2 are validated", "    Validate the other one.",
		"? privileges: unknown. can't be seen without doing it", "An MRAO sees them.", "[ Write it ]", "> [ Back ]",
	} {
		if !strings.Contains(h.text(), text) {
			t.Errorf("%q is not shown:\n%s", text, h.text())
		}
	}
	h.press("tab", "enter")
	if b.saved != 1 || !strings.Contains(h.said, "contoso was written into /c.yaml") {
		t.Errorf("saved %d times, said %q", b.saved, h.said)
	}
}

// TestAccountRefusals: what is missing is said with its cause, writing it all the
// same is a choice, and what was typed is kept.
func TestAccountRefusals(t *testing.T) {
	refused := func(kind backend.ErrorKind, message, code string) []backend.Finding {
		err := &backend.Error{Kind: kind, Op: "list orders", Message: message, Code: code}
		return []backend.Finding{{What: "sign-in", Verdict: backend.VerdictBad, Text: err.Error(), Fix: backend.AdviceFor(err).Next, Err: err}}
	}
	for _, tt := range []struct {
		name  string
		found []backend.Finding
		want  []string
	}{
		{"a wrong customer URI", refused(backend.KindAuth, "Unknown user", "-16"), []string{"✗ sign-in: failed.", "It says: Unknown user"}},
		{"a password that can't be read", refused(backend.KindLocal, "the password can't be read: no such file", ""), []string{"the password can't be read: no such file", "Nothing was sent. Mend that, and test again."}},
		{"an expired password", []backend.Finding{{What: "password expiry", Verdict: backend.VerdictBad, Text: "the password has expired", Fix: "Set a new password."}},
			[]string{"✗ password expiry: failed. the password has expired", "Set a new password."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, b := &host{}, &shelf{found: Found{Findings: tt.found}}
			h.Open(NewForm(t.Context(), session(t, h), b, KindAccount))
			h.fillAccount()
			h.press("ctrl+s")
			for _, text := range append(tt.want, "Write it all the same", "> [ Back ]") {
				if !strings.Contains(h.text(), text) {
					t.Errorf("%q is not shown:\n%s", text, h.text())
				}
			}
			h.press("enter")
			if b.saved != 0 || !strings.Contains(h.text(), "SCM_PASSWORD") {
				t.Errorf("saved %d times, or the input is gone:\n%s", b.saved, h.text())
			}
		})
	}
}

// TestClientCredentials: an API key is asked for its id and where its secret is,
// and for no login.
func TestClientCredentials(t *testing.T) {
	h, b := &host{}, &shelf{}
	h.Open(NewForm(t.Context(), session(t, h), b, KindAccount))
	h.press("https://scm.example/customer/contoso", "tab", "tab", "tab", "right", "tab", "key-id", "tab", "tab", "/secret")
	if text := h.text(); strings.Contains(text, "Login") || !strings.Contains(text, "Client secret is in a") {
		t.Errorf("asked:\n%s", text)
	}
	h.press("ctrl+s")
	if len(b.drafts) != 1 || b.drafts[0].ClientID != "key-id" || b.drafts[0].Secret != (Place{Kind: PlaceFile, Text: "/secret"}) {
		t.Errorf("tested %+v", b.drafts)
	}
}
