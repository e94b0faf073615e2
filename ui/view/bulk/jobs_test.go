package bulk_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
	"certty/ui/view/bulk"
	"certty/ui/view/viewtest"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// rows are one of every kind that the jobs tell apart.
func rows() []*model.Item {
	deleted := func(level string) func(*model.Item) {
		return func(it *model.Item) {
			it.Certificate.RecoveryLevel = level
			it.Deletion = &model.Deletion{At: viewtest.Noon.Add(-time.Hour), PurgeAt: viewtest.Noon.Add(78 * 24 * time.Hour), SeenAt: viewtest.Noon}
		}
	}
	return []*model.Item{
		viewtest.Item("prod", "live", func(it *model.Item) { it.Certificate.Version = "v1" }),
		viewtest.Item("prod", "off", func(it *model.Item) { it.Certificate.Enabled, it.Certificate.Version = false, "v2" }),
		viewtest.Item("test", "mailer", func(it *model.Item) {
			it.Certificate.Version, it.Certificate.RecoveryLevel, it.Certificate.RecoverableDays = "v3", "Purgeable", 0
			viewtest.Pending(it, model.Request{ID: "17", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: "ca"}})
		}),
		viewtest.Item("prod", "binned", deleted("Recoverable+Purgeable")),
		viewtest.Item("prod", "locked", deleted("Recoverable")),
	}
}

func targets(items []*model.Item, hidden ...string) []bulk.Target {
	var out []bulk.Target
	for _, it := range items {
		out = append(out, bulk.Target{Ref: it.Ref, Hidden: slices.Contains(hidden, it.Ref.Key)})
	}
	return out
}

// TestJobs: every job lists what it is done to, hidden rows first, and what it
// is not done to with the reason; it starts on Back, wants its word typed, and
// sends what was on the screen.
func TestJobs(t *testing.T) {
	for _, tt := range []struct {
		name, action, way, typed string
		says                     []string
		sends                    []string
	}{
		{"cancel", "cancel", "", "1",
			[]string{"Ask for cancellation of 1 request", "mailer (test), in progress, request 17", "live (prod): there is no request", "binned (prod): the certificate is soft-deleted"},
			[]string{"cancel test/mailer@17"}},
		{"delete the request", "delete-request", "", "delete 1",
			[]string{"Delete 1 request", "can't be merged any more", "mailer (test), in progress, request 17"},
			[]string{"delete request test/mailer@17"}},
		{"disable", "enable", "d", "2",
			[]string{"Disable 2 certificates", "1 of 2 not visible on the board now: live (prod), valid, version v1", "1 visible: mailer", "off (prod): it is disabled already", "locked (prod): the certificate is soft-deleted"},
			[]string{"update prod/live@v1 enabled=false", "update test/mailer@v3 enabled=false"}},
		{"enable", "enable", "e", "1",
			[]string{"Enable 1 certificate", "off (prod), disabled, version v2", "live (prod): it is enabled already"},
			[]string{"update prod/off@v2 enabled=true"}},
		{"delete", "delete", "", "delete 3",
			[]string{"Delete 3 certificates", "Of 1 a request in progress goes as well", "For 1 this cannot be undone", "live (prod), valid, recoverable until 2027-02-19",
				"mailer (test), in progress, cannot be recovered", "2 marked, but left out:", "binned (prod): it is soft-deleted already"},
			[]string{"delete prod/live", "delete prod/off", "delete test/mailer"}},
		{"recover", "recover", "", "2",
			[]string{"Recover 2 certificates", "binned (prod), soft-deleted, kept until 2027-02-07", "live (prod): the certificate is not deleted"},
			[]string{"recover prod/binned", "recover prod/locked"}},
		{"purge", "purge", "", "purge 1",
			[]string{"Purge 1 certificate for good", "Nobody can bring them back", "binned (prod), soft-deleted, kept until 2027-02-07",
				"locked (prod): the vault has purge protection, nobody may purge; it destroys the certificate by itself on 2027-02-07 14:05 UTC"},
			[]string{"purge prod/binned"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			items := rows()
			s := viewtest.New(t, items...)
			s.Resize(80, 40)
			job, ok := bulk.JobFor(tt.action)
			if !ok {
				t.Fatalf("%s is no job", tt.action)
			}
			var done []string
			open := func() {
				bulk.Open(s.Session, job, targets(items, "live"), func(ref model.Ref) { done = append(done, ref.Key) })
				if tt.way != "" {
					s.Sees("Which of them", "d Disable 2 certificates", "e Enable 1 certificate")
					s.Press(tt.way)
				}
			}
			open()
			s.Sees(tt.says...)
			s.Press("enter")
			if len(s.Vault.Calls) != 0 || s.Top() != nil {
				t.Fatalf("it did not start on Back: %q", s.Vault.Calls)
			}
			open()
			s.Press("tab", "enter")
			if len(s.Vault.Calls) != 0 {
				t.Fatalf("done before %q was typed: %q", tt.typed, s.Vault.Calls)
			}
			s.Press(tt.typed, "enter")
			slices.Sort(s.Vault.Calls)
			if !slices.Equal(s.Vault.Calls, tt.sends) {
				t.Errorf("sent %q, want %q", s.Vault.Calls, tt.sends)
			}
			if len(done) != len(tt.sends) {
				t.Errorf("told of %q", done)
			}
			s.Sees("done", "left out")
		})
	}
}

// Where all rows stand alike there is nothing to choose.
func TestOneWayIsNotAskedFor(t *testing.T) {
	item := viewtest.Item("prod", "off", func(it *model.Item) { it.Certificate.Enabled = false })
	s := viewtest.New(t, item)
	job, _ := bulk.JobFor("enable")
	bulk.Open(s.Session, job, targets([]*model.Item{item}), func(model.Ref) {})
	s.Sees("Enable 1 certificate", "> [ Back ]")
}

// Where no row can be changed, the reason of one of them is told.
func TestNothingToDo(t *testing.T) {
	item := viewtest.Item("prod", "live", nil)
	for _, action := range []string{"recover", "purge", "cancel", "delete-request", "save-csr"} {
		s := viewtest.New(t, item)
		job, _ := bulk.JobFor(action)
		bulk.Open(s.Session, job, targets([]*model.Item{item}), func(model.Ref) {})
		if s.Top() != nil {
			t.Errorf("%s opened something", action)
			continue
		}
		s.Said("none of the 1 marked rows: live:")
	}
	gone := viewtest.Item("prod", "gone", func(it *model.Item) { it.Deletion = &model.Deletion{Purged: true} })
	s := viewtest.New(t, gone)
	job, _ := bulk.JobFor("enable")
	bulk.Open(s.Session, job, targets([]*model.Item{gone}), func(model.Ref) {})
	s.Said("none of the 1 marked rows: gone: the certificate was purged")
}

// One row that fails does not stop the others, and those that were refused are
// asked for again as they stand by then.
func TestARowThatFails(t *testing.T) {
	items := []*model.Item{viewtest.Item("prod", "a", nil), viewtest.Item("prod", "b", nil), viewtest.Item("prod", "c", nil)}
	s := viewtest.New(t, items...)
	s.Vault.Err = &backend.Error{Kind: backend.KindPermission, Code: "Forbidden", Message: "no delete permission", RequestID: "r-1"}
	job, _ := bulk.JobFor("delete")
	bulk.Open(s.Session, job, targets(items), func(model.Ref) { t.Error("told that a row was done") })
	s.Press("delete 3", "enter")
	if len(s.Vault.Calls) != 3 {
		t.Fatalf("sent %q", s.Vault.Calls)
	}
	s.Sees("3 of 3: 3 refused", "no delete permission")
	items[1] = viewtest.Item("prod", "b", func(it *model.Item) { it.Deletion = &model.Deletion{At: viewtest.Noon} })
	s.Put(items...)
	s.Vault.Err = nil
	s.Press("f")
	s.Sees("Delete 2 certificates", "1 marked, but left out: b (prod): it is soft-deleted already")
}

// The questions and the results stay on screens of every size.
func TestEverySize(t *testing.T) {
	items := rows()
	for _, action := range []string{"enable", "delete", "purge"} {
		s := viewtest.New(t, items...)
		job, _ := bulk.JobFor(action)
		bulk.Open(s.Session, job, targets(items), func(model.Ref) {})
		for _, w := range []int{1, 8, 40, 80, 300} {
			for _, h := range []int{1, 3, 10, 19, 60} {
				s.Resize(w, h)
				if got := strings.Count(s.Frame(), "\n") + 1; got > h {
					t.Fatalf("%s: %d lines on %dx%d", action, got, w, h)
				}
			}
		}
	}
}
