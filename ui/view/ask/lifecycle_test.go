package ask_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"certty/model"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/viewtest"
)

func deleted(it *model.Item) {
	it.Deletion = &model.Deletion{At: viewtest.Noon.Add(-time.Hour), PurgeAt: viewtest.Noon.Add(78 * 24 * time.Hour), SeenAt: viewtest.Noon}
}

// TestQuestions: each says what it touches, starts on Back, wants the name where
// it can't be undone, and sends what was on the screen.
func TestQuestions(t *testing.T) {
	version := strings.Repeat("7c", 16)
	for _, tt := range []struct {
		name   string
		change func(*model.Item)
		open   func(*view.Session, view.Row) *ask.View
		says   []string
		typed  bool
		sends  string
	}{
		{"disable", nil, func(s *view.Session, r view.Row) *ask.View { return ask.Enable(s, r, r.Item.Certificate, false) },
			[]string{"Disable shop (prod)", "version " + version, "refused at once", "PATCH /certificates/shop/" + version}, false, "update prod/shop@" + version + " enabled=false"},
		{"enable", nil, func(s *view.Session, r view.Row) *ask.View { return ask.Enable(s, r, r.Item.Certificate, true) },
			[]string{"Enable shop (prod)", "can be used again"}, false, "update prod/shop@" + version + " enabled=true"},
		{"delete", nil, ask.Delete,
			[]string{"Delete shop (prod)", "the key and the secret of the same name with them", "90 days, until about 2027-02-19", "stays reserved, unless it is purged", "DELETE /certificates/shop"}, true, "delete prod/shop"},
		{"delete with a request in progress", func(it *model.Item) {
			viewtest.Pending(it, model.Request{ID: "1", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: "ca"}})
		}, ask.Delete, []string{"request in progress goes as well", "may cost"}, true, "delete prod/shop"},
		{"delete without soft-delete", func(it *model.Item) { it.Certificate.RecoveryLevel = "Purgeable" }, ask.Delete,
			[]string{"cannot be undone"}, true, "delete prod/shop"},
		{"delete with purge protection", func(it *model.Item) { it.Certificate.RecoveryLevel = "CustomizedRecoverable+ProtectedSubscription" }, ask.Delete,
			[]string{"7 to 89 days", "lets nobody purge it sooner"}, true, "delete prod/shop"},
		{"delete what was never issued", viewtest.Unissued, ask.Delete, []string{"nothing was issued"}, true, "delete prod/shop"},
		{"recover", deleted, ask.Recover,
			[]string{"Recover shop (prod)", "deleted 2026-11-21", "until 2027-02-07", "every version, its key and its secret"}, false, "recover prod/shop"},
		{"purge", deleted, ask.Purge,
			[]string{"Purge shop (prod) for good", "destroyed", "Nobody can bring them back", "DELETE /deletedcertificates/shop"}, true, "purge prod/shop"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := viewtest.New(t, viewtest.Item("prod", "shop", tt.change))
			open := func() { s.Open(tt.open(s.Session, s.Row("prod", "shop"))) }
			open()
			s.Sees(tt.says...)
			s.Press("enter")
			if len(s.Vault.Calls) != 0 || s.Top() != nil {
				t.Fatalf("it did not start on Back: %q", s.Vault.Calls)
			}
			open()
			s.Press("tab", "enter")
			if tt.typed {
				if len(s.Vault.Calls) != 0 {
					t.Fatalf("done without the name: %q", s.Vault.Calls)
				}
				s.Press("shop", "enter")
			}
			if !slices.Equal(s.Vault.Calls, []string{tt.sends}) {
				t.Errorf("sent %q, want %q", s.Vault.Calls, tt.sends)
			}
		})
	}
}

// A version that another client made meanwhile is not the one that was shown.
func TestEnableKeepsTheVersionThatWasShown(t *testing.T) {
	s := viewtest.New(t, viewtest.Item("prod", "shop", nil))
	row := s.Row("prod", "shop")
	s.Open(ask.Enable(s.Session, row, row.Item.Certificate, false))
	s.Put(viewtest.Item("prod", "shop", func(it *model.Item) { it.Certificate.Version = "newer" }))
	s.Press("tab", "enter")
	if len(s.Vault.Calls) != 1 || strings.Contains(s.Vault.Calls[0], "newer") {
		t.Errorf("sent %q", s.Vault.Calls)
	}
}
