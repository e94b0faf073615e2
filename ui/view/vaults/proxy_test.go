package vaults

import (
	"strings"
	"testing"
)

// TestProxyLogin: who certty is to a proxy is asked for where a proxy is named, and
// where the password is, where a user is; the draft has all of it, and never the
// password.
func TestProxyLogin(t *testing.T) {
	for kind, fill := range map[Kind]func(*host){KindVault: (*host).fill, KindAccount: (*host).fillAccount} {
		t.Run(string(kind), func(t *testing.T) {
			h, b := &host{}, &shelf{}
			h.Open(NewForm(t.Context(), session(t, h), b, kind))
			fill(h)
			shows := func(label string, want bool) {
				t.Helper()
				if text := h.text(); strings.Contains(text, label) != want {
					t.Errorf("shows %s: want %t:\n%s", label, want, text)
				}
			}
			h.press("tab", "tab", "right", "tab") // read-only, network
			shows("Proxy user", false)
			h.press("socks5://proxy:1080")
			shows("Proxy user", true)
			shows("Proxy password", false)
			h.press("tab", "certty")
			shows("Proxy password is in a", true)
			h.press("tab", "right", "right", "tab", "pass show proxy", "ctrl+s")
			if len(b.drafts) != 1 {
				t.Fatalf("%d drafts were tested:\n%s", len(b.drafts), h.text())
			}
			d := b.drafts[0]
			if want := (Place{Kind: PlaceCommand, Text: "pass show proxy"}); d.Proxy != "socks5://proxy:1080" || d.ProxyUser != "certty" || d.ProxyPassword != want {
				t.Errorf("the draft is %+v", d)
			}
		})
	}
}
