package vaults

import (
	"strings"
	"testing"
	"time"

	"certty/backend/poll"
	"certty/model"
)

// TestPasswordEnds: the row and the text below it tell of a password that ends
// within two weeks, and of nothing that nobody knows.
func TestPasswordEnds(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name    string
		life    model.PasswordLife
		latched bool
		row     string // "" for nothing of a password
		about   string
	}{
		{"not told", model.PasswordLife{}, false, "", ""},
		{"never", model.PasswordLife{ToldAt: noon}, false, "", ""},
		{"in two weeks", model.PasswordLife{ToldAt: noon, Ends: noon.Add(14 * day)}, false, "", ""},
		{"in less", model.PasswordLife{ToldAt: noon.Add(-3 * day), Ends: noon.Add(14*day - 1)}, false,
			"! prod  0 certificates, read 3m ago; password ends in 13 days", "The password ends on 2026-12-05, the account said 3d ago."},
		{"in two days", model.PasswordLife{ToldAt: noon, Ends: noon.Add(2 * day)}, false, "; password ends in 2 days", "The password ends on 2026-11-23"},
		{"tomorrow", model.PasswordLife{ToldAt: noon, Ends: noon.Add(2*day - 1)}, false, "; password ends in 47h", "The password ends on 2026-11-23"},
		{"it was changed since", model.PasswordLife{ToldAt: noon, Ends: noon.Add(-1)}, false, "", ""},
		{"refused at its end", model.PasswordLife{ToldAt: noon.Add(-3 * day), Ends: noon.Add(-day)}, true,
			"prod  login refused", "The account said 3d ago that the password ends on 2026-11-20."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := &host{}
			s := session(t, h)
			s.Data.SetState("prod", poll.State{Snapshot: model.NewSnapshot("prod", nil, noon.Add(-3*time.Minute)), Latched: tt.latched, LatchedAt: noon})
			s.Data.SetPassword("prod", tt.life)
			h.Open(NewList(t.Context(), s, &shelf{}, func() []SignIn { return nil }))
			text := h.text()
			if !strings.Contains(text, tt.row) || !strings.Contains(text, tt.about) || tt.row == "" && strings.Contains(text, "password") {
				t.Errorf("not %q and %q:\n%s", tt.row, tt.about, text)
			}
		})
	}
}
