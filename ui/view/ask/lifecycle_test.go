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
			[]string{"Delete shop (prod)", "the key and the secret of the same name with them", "90 days: deleted now, until 2027-02-19 14:05 UTC", "stays reserved, unless it is purged", "DELETE /certificates/shop to https://prod.vault.azure.net"}, true, "delete prod/shop"},
		{"delete with a request in progress", func(it *model.Item) {
			viewtest.Pending(it, model.Request{ID: "1", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: "ca"}})
		}, ask.Delete, []string{"request in progress goes as well", "may cost"}, true, "delete prod/shop"},
		{"delete without soft-delete", func(it *model.Item) { it.Certificate.RecoveryLevel = "Purgeable" }, ask.Delete,
			[]string{"cannot be undone"}, true, "delete prod/shop"},
		{"delete with purge protection", func(it *model.Item) {
			it.Certificate.RecoveryLevel, it.Certificate.RecoverableDays = "CustomizedRecoverable+ProtectedSubscription", 30
		}, ask.Delete,
			[]string{"30 days: deleted now, until 2026-12-21", "lets nobody purge it sooner"}, true, "delete prod/shop"},
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

// TestDeleteRequest: what is lost, and what remains, is that of this request.
func TestDeleteRequest(t *testing.T) {
	digicert := model.Issuer{Name: "digicert"}
	const cantMerge = "signed for this CSR can't be merged any more"
	for _, tt := range []struct {
		name    string
		request model.Request
		issued  bool
		says    []string
	}{
		{"manual", model.Request{Phase: model.PhaseInProgress}, false,
			[]string{"waits: merge, manual", "The CSR goes with the request", cantMerge, "with no certificate in it"}},
		{"an issuer's", model.Request{Phase: model.PhaseInProgress, Issuer: digicert}, true,
			[]string{"its order may go on, and may cost", cantMerge, "with its versions, and its name, remain"}},
		{"failed", model.Request{Phase: model.PhaseFailed, Issuer: digicert}, true, []string{"Should issuer digicert issue after all", cantMerge}},
		{"completed", model.Request{Phase: model.PhaseCompleted, Issuer: digicert}, true, []string{"completed, issuer digicert", "its certificate stays"}},
		{"replaced", model.Request{Phase: model.PhaseInProgress, Replaced: "0"}, true, []string{"another client put it in the place of 0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.request.ID = "1"
			s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) {
				if !tt.issued {
					viewtest.Unissued(it)
				}
				viewtest.Pending(it, tt.request)
			}))
			s.Open(ask.DeleteRequest(s.Session, s.Row("prod", "shop")))
			s.Sees(tt.says...)
			s.Sees("Delete the request of shop (prod)", "request 1", "This cannot be undone", "A new request can be made", "Sends: DELETE /certificates/shop/pending to https://prod.vault.azure.net")
			s.Press("tab", "enter")
			if len(s.Vault.Calls) != 0 {
				t.Fatal("done without the name")
			}
			s.Press("shop", "enter")
			if !slices.Equal(s.Vault.Calls, []string{"delete request prod/shop@1"}) {
				t.Errorf("sent %q", s.Vault.Calls)
			}
		})
	}
}

// TestRetention: the date until which a deletion can be taken back stands in
// the question; a list tells nothing of it, another row of the vault does.
func TestRetention(t *testing.T) {
	days := func(level string, n int) func(*model.Item) {
		return func(it *model.Item) { it.Certificate.RecoveryLevel, it.Certificate.RecoverableDays = level, n }
	}
	unread := days("", 0)
	for _, tt := range []struct {
		name      string
		own       func(*model.Item)
		neighbour *model.Item
		says      string
		short     string
		ok        bool
	}{
		{"90 days", days("Recoverable+Purgeable", 90), nil, "90 days: deleted now, until 2027-02-19 14:05 UTC", "recoverable until 2027-02-19", true},
		{"7 days", days("CustomizedRecoverable+Purgeable", 7), nil, "7 days: deleted now, until 2026-11-28 14:05 UTC", "recoverable until 2026-11-28", true},
		{"protected", days("CustomizedRecoverable", 7), nil, "lets nobody purge it sooner", "recoverable until 2026-11-28", true},
		{"usual, days untold", days("Recoverable", 0), nil, "until 2027-02-19", "recoverable until 2027-02-19", true},
		{"customized, days untold", days("CustomizedRecoverable+Purgeable", 0), nil, "7 to 89 days; the row will say until when", "recoverable for 7 to 90 days", true},
		{"keeps nothing", days("Purgeable", 0), nil, "this cannot be undone", "cannot be recovered", false},
		{"never read", unread, nil, "7 to 90 days; the row will say until when", "recoverable for 7 to 90 days", true},
		{"never read, its neighbour was", unread, viewtest.Item("prod", "b", days("CustomizedRecoverable+Purgeable", 7)), "until 2026-11-28 14:05 UTC", "recoverable until 2026-11-28", true},
		{"never read, another vault's was", unread, viewtest.Item("test", "b", days("CustomizedRecoverable+Purgeable", 7)), "7 to 90 days; the row will say", "recoverable for 7 to 90 days", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			items := []*model.Item{viewtest.Item("prod", "shop", tt.own)}
			if tt.neighbour != nil {
				items = append(items, tt.neighbour)
			}
			s := viewtest.New(t, items...)
			row := s.Row("prod", "shop")
			s.Open(ask.Delete(s.Session, row))
			s.Sees(tt.says)
			if words, ok := ask.Recoverable(s.Session, row); words != tt.short || ok != tt.ok {
				t.Errorf("%q, %t; want %q, %t", words, ok, tt.short, tt.ok)
			}
		})
	}
}

// Of a long name every letter that has to be typed must be readable.
func TestALongNameCanBeRead(t *testing.T) {
	name := strings.Repeat("shop-frontend-", 9)
	s := viewtest.New(t, viewtest.Item("prod", name, nil))
	s.Resize(80, 19)
	s.Open(ask.Delete(s.Session, s.Row("prod", name)))
	frame := strings.NewReplacer("│", "", "\n", "", " ", "").Replace(s.Frame())
	if !strings.Contains(frame, "Typethenametoconfirm:"+name) {
		t.Errorf("the name is cut:\n%s", s.Frame())
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
