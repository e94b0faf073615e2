package act_test

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/act"
	"certty/ui/view/viewtest"
)

func request(r model.Request) func(*model.Item) {
	return func(it *model.Item) { viewtest.Pending(it, r) }
}

func gone(purged bool, level string) func(*model.Item) {
	return func(it *model.Item) {
		it.Certificate.RecoveryLevel = level
		it.Deletion = &model.Deletion{At: viewtest.Noon, PurgeAt: viewtest.Noon.Add(24 * time.Hour), Purged: purged}
	}
}

// TestReasons is the table of what can be done with which row: the actions that
// are enabled, and the reasons of some that are not.
func TestReasons(t *testing.T) {
	csr := []byte{0x30, 0x00}
	manual := model.Request{ID: "1", Phase: model.PhaseInProgress, CSR: csr}
	issuers := model.Request{ID: "1", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: "digicert"}, CSR: csr}
	failed := issuers
	failed.Phase = model.PhaseFailed
	always := "copy catalog"
	alive := always + " new-version edit-policy versions tags delete"
	issued := alive + " download enable"
	for _, tt := range []struct {
		name    string
		change  func(*model.Item)
		enabled string
		reasons map[string]string
	}{
		{"valid", nil, issued, map[string]string{
			"merge": "there is no request", "recover": "is not deleted", "purge": "only what is soft-deleted"}},
		{"waits for a merge", func(it *model.Item) { viewtest.Unissued(it); viewtest.Pending(it, manual) },
			alive + " merge save-csr cancel delete-request", map[string]string{"enable": "nothing was issued", "download": "nothing was issued"}},
		{"an issuer works on a renewal", request(issuers), issued + " save-csr cancel delete-request",
			map[string]string{"merge": "digicert works on it"}},
		{"an issuer failed", request(failed), issued + " merge save-csr delete-request", map[string]string{"cancel": "nothing is in progress"}},
		{"request gone", request(model.Request{ID: "1", Gone: true, Phase: model.PhaseInProgress, CSR: csr}), issued + " save-csr",
			map[string]string{"merge": "is gone", "delete-request": "is gone"}},
		{"completed, of whose CSR only the key was kept", request(model.Request{ID: "1", Phase: model.PhaseCompleted, KeyID: "ab"}), issued + " delete-request",
			map[string]string{"save-csr": "open the row, and it is read again"}},
		{"never read", func(it *model.Item) { it.RequestReadAt = time.Time{} }, issued, map[string]string{"merge": "not read yet"}},
		{"soft-deleted", gone(false, "Recoverable+Purgeable"), always + " recover purge", map[string]string{
			"merge": "recover it first", "versions": "recover it first", "tags": "recover it first", "delete": "soft-deleted already", "new-version": "recover it first"}},
		{"soft-deleted under purge protection", gone(false, "Recoverable"), always + " recover",
			map[string]string{"purge": "purge protection, nobody may purge; it destroys the certificate by itself on 2026-11-22"}},
		{"purged", gone(true, "Recoverable+Purgeable"), always, map[string]string{"recover": "was purged", "delete": "was purged", "merge": "was purged", "versions": "was purged"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := viewtest.New(t, viewtest.Item("prod", "shop", tt.change))
			want := map[string]bool{}
			for id := range strings.FieldsSeq(tt.enabled) {
				want[id] = true
			}
			for _, a := range act.Row(s.Session, s.Row("prod", "shop")) {
				if enabled := a.Disabled == ""; enabled != want[a.ID] {
					t.Errorf("%s: enabled %t (%q), want %t", a.ID, enabled, a.Disabled, want[a.ID])
				}
				if reason := tt.reasons[a.ID]; !strings.Contains(a.Disabled, reason) {
					t.Errorf("%s: %q, want %q in it", a.ID, a.Disabled, reason)
				}
			}
		})
	}
}

// Every action that a row has must open something, and none may panic without
// a row or without a capability.
func TestEveryActionOpens(t *testing.T) {
	csr := viewtest.Request(t, viewtest.Key(t), "shop.example.com")
	item := viewtest.Item("prod", "shop", request(model.Request{ID: "1", Phase: model.PhaseInProgress, CSR: csr}))
	s := viewtest.New(t, item)
	row := s.Row("prod", "shop")
	for _, a := range act.Row(s.Session, row) {
		if a.Disabled != "" {
			continue
		}
		a.Run()
		if s.Top() == nil {
			t.Errorf("%s opened nothing", a.ID)
			continue
		}
		fits(t, s, a.ID)
		s.Close(s.Top())
	}
	for _, a := range act.Row(s.Session, view.Row{}) {
		if a.Disabled == "" {
			t.Errorf("%s is enabled without a row", a.ID)
		}
	}
	s.Session.Desk.Equip([]view.Target{{Info: backend.Info{Name: "prod"}}}, nil)
	for _, a := range act.Row(s.Session, row) {
		if needs := a.ID != keys.Copy.ID && a.ID != keys.SaveCSR.ID; needs && a.Disabled == "" {
			t.Errorf("%s is enabled on a target that can do nothing", a.ID)
		}
	}
}

// fits fails unless what is open stays on screens of every size.
func fits(t *testing.T, s *viewtest.Stage, name string) {
	t.Helper()
	for _, w := range []int{1, 3, 8, 40, 80, 120, 300} {
		for _, h := range []int{1, 3, 5, 10, 19, 60} {
			s.Resize(w, h)
			lines := strings.Split(s.Frame(), "\n")
			if len(lines) > h {
				t.Errorf("%s: %d lines on %d", name, len(lines), h)
			}
			for _, line := range lines {
				if got := ansi.StringWidth(line); got > w {
					t.Fatalf("%s: %d cells on %d: %q", name, got, w, line)
				}
			}
		}
	}
	if s.Resize(80, 19); s.Frame() == "" {
		t.Errorf("%s draws nothing", name)
	}
}

// The hint line says which way the key goes.
func TestEnableSaysItsWay(t *testing.T) {
	for enabled, want := range map[bool]string{true: "disable", false: "enable"} {
		s := viewtest.New(t, viewtest.Item("prod", "shop", func(it *model.Item) { it.Certificate.Enabled = enabled }))
		for _, a := range act.Row(s.Session, s.Row("prod", "shop")) {
			if a.ID == keys.Enable.ID && a.Help != want {
				t.Errorf("enabled %t: the hint says %q, want %q", enabled, a.Help, want)
			}
		}
	}
}
