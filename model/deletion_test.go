package model_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/model"
)

// deleted is what the list of deleted certificates tells of one that was
// deleted and is kept until a time.
func deleted(name, thumbprint string, deletedAt, until time.Time) model.Item {
	it := entry(name, thumbprint)
	it.Deletion = &model.Deletion{At: deletedAt, PurgeAt: until}
	return it
}

func deletedList(asOf time.Time, items ...model.Item) model.Page {
	return model.Page{Fields: model.FieldDeleted, AsOf: asOf, Items: items}
}

// deletedSweep ends a sweep of the deleted certificates that began at a time
// and was answered a minute later.
func deletedSweep(started time.Time, items ...model.Item) model.Page {
	p := deletedList(started.Add(time.Minute), items...)
	p.Summary = &model.Summary{Started: started, Total: -1, Seen: len(items), Complete: true}
	return p
}

var purgeAt = noon.AddDate(0, 0, 90)

// stands says how a row stands as to deletion, and how often it was missed.
func stands(it *model.Item) string {
	word := "live"
	switch {
	case it == nil:
		return "unknown"
	case it.Deletion != nil && it.Deletion.Purged:
		word = "purged"
	case it.Deletion != nil:
		word = "deleted"
	}
	if it.Missed > 0 {
		word += fmt.Sprint(" missed ", it.Missed)
	}
	return word
}

func TestDeletion(t *testing.T) {
	gone := deleted("a", "1", at(0), purgeAt)
	own := model.Page{Fields: model.FieldDeleted | model.FieldCertificate, AsOf: at(1), Items: []model.Item{gone}}
	purge := deletedList(at(1), model.Item{Ref: ref("a"), Deletion: &model.Deletion{Purged: true}})
	pages := func(p ...model.Page) []model.Page { return p }
	start := sweep(at(-10), true, entry("a", "1"), entry("b", "1"))
	b := entry("b", "1")
	tests := []struct {
		name  string
		pages []model.Page
		want  string
		told  []string // events of the last page
	}{
		{"listed as deleted", pages(start, deletedSweep(at(0), gone)), "deleted", []string{"a deleted: soft-deleted, can be recovered until 2027-02-19 12:00 UTC"}},
		{"until nobody says when", pages(start, deletedSweep(at(0), deleted("a", "1", at(0), time.Time{}))), "deleted", []string{"a deleted: soft-deleted"}},
		{"was so when looked at first", pages(sweep(at(-10), true), deletedSweep(at(0), gone)), "deleted", nil},
		{"made and deleted while one looked on", pages(sweep(at(-10), true), deletedSweep(at(-9)), deletedSweep(at(0), gone)), "deleted", []string{"a deleted: soft-deleted, can be recovered until 2027-02-19 12:00 UTC"}},
		{"deleted from here", pages(start, own), "deleted", []string{"a deleted: soft-deleted, can be recovered until 2027-02-19 12:00 UTC"}},
		{"still deleted", pages(start, deletedSweep(at(0), gone), deletedSweep(at(10), gone)), "deleted", nil},
		{"not seen, then found deleted", pages(start, sweep(at(0), true, b), sweep(at(1), true, b), deletedSweep(at(5), gone)), "deleted", []string{"a deleted: soft-deleted, can be recovered until 2027-02-19 12:00 UTC"}},
		{"live lists do not miss it", pages(start, deletedSweep(at(0), gone), sweep(at(2), true, b), sweep(at(3), true, b), sweep(at(4), true, b)), "deleted", nil},
		{"deleted lists do not miss live rows", pages(start, deletedSweep(at(0)), deletedSweep(at(10))), "live", nil},

		{"recovered, listed", pages(start, deletedSweep(at(0), gone), sweep(at(5), true, entry("a", "1"), b)), "live", []string{"a recovered: recovered"}},
		{"recovered, read", pages(start, deletedSweep(at(0), gone), reading(at(5), read("a", "v1", "1"))), "live", []string{"a recovered: recovered"}},
		{"recovered, said so", pages(start, deletedSweep(at(0), gone), deletedList(at(5), model.Item{Ref: ref("a")})), "live", []string{"a recovered: recovered"}},
		{"recovered, its request answers", pages(start, deletedSweep(at(0), gone), asked(at(5), "a", request("r", "inProgress"))), "live", []string{"a recovered: recovered", "a@r request: request inProgress"}},
		{"its request is unknown", pages(start, asked(at(-5), "a", request("r", "inProgress")), deletedSweep(at(0), gone), asked(at(5), "a", nil)), "deleted", nil},
		{"a late list", pages(start, own, list(at(0), entry("a", "1"))), "deleted", nil},
		{"a late read", pages(start, own, reading(at(0), read("a", "v1", "1"))), "deleted", nil},
		{"a late list of the deleted ones", pages(start, reading(at(5), read("a", "v1", "1")), deletedList(at(4), gone)), "live", nil},
		{"deleted list, late after a newer one", pages(start, deletedList(at(5), gone), deletedList(at(4), deleted("a", "1", at(-99), purgeAt))), "deleted", nil},

		{"purged from here", pages(start, deletedSweep(at(-1), gone), purge), "purged", []string{"a purged: destroyed for good; its name is free"}},
		{"left the list", pages(start, deletedSweep(at(0), gone), deletedSweep(at(10))), "deleted missed 1", nil},
		{"left the list and was recovered", pages(start, deletedSweep(at(0), gone), deletedSweep(at(10)), sweep(at(12), true, entry("a", "1"), b)), "live", []string{"a recovered: recovered"}},
		{"left the list and is not live", pages(start, deletedSweep(at(0), gone), deletedSweep(at(10)), sweep(at(12), true, b)), "purged", []string{"a purged: destroyed for good; its name is free"}},
		{"left the list after a sweep that began before", pages(start, deletedSweep(at(0), gone), deletedSweep(at(10)), sweep(at(9), true, b)), "deleted missed 1", nil},
		{"left the list twice", pages(start, deletedSweep(at(0), gone), deletedSweep(at(10)), deletedSweep(at(20))), "purged", []string{"a purged: destroyed for good; its name is free"}},
		{"left the list in one sweep that ends twice", pages(start, deletedSweep(at(0), gone), deletedSweep(at(10)), deletedSweep(at(10))), "deleted missed 1", nil},
		{"left the list and came back", pages(start, deletedSweep(at(0), gone), deletedSweep(at(10)), deletedSweep(at(20), gone)), "deleted", nil},
		{"left the list when its time was over", pages(start, deletedSweep(at(0), deleted("a", "1", at(0), at(10))), deletedSweep(at(10))), "purged", []string{"a purged: destroyed for good; its name is free"}},
		{"not in the list yet", pages(start, own, deletedSweep(at(2)), sweep(at(3), true, b)), "deleted", nil},
		{"purged and still listed as live", pages(start, deletedSweep(at(-1), gone), purge, list(at(0), entry("a", "1"))), "purged", nil},
		{"purged stays purged", pages(start, deletedSweep(at(-1), gone), purge, deletedSweep(at(10)), sweep(at(11), true, b)), "purged", nil},
		{"made anew", pages(start, deletedSweep(at(-1), gone), purge, asked(at(5), "a", request("r", "inProgress"))), "live", []string{"a appeared: made anew under a name that was free", "a@r request: request inProgress"}},
		{"made anew and deleted again", pages(start, deletedSweep(at(-1), gone), purge, deletedSweep(at(9), gone)), "deleted", []string{"a deleted: soft-deleted, can be recovered until 2027-02-19 12:00 UTC"}},
		{"missed once again after a recovery", pages(start, deletedSweep(at(0), gone), deletedSweep(at(10)), reading(at(12), read("a", "v1", "1")), sweep(at(20), true, b)), "live missed 1", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			last := len(tt.pages) - 1
			known := merge(tt.pages[:last]...)
			if got := tell(news(known, tt.pages[last])); !slices.Equal(got, tt.told) {
				t.Errorf("told\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(tt.told, "\n "))
			}
			s := known.Merge(tt.pages[last])
			if got := stands(s.Get("a")); got != tt.want {
				t.Errorf("a is %s, want %s", got, tt.want)
			}
			if got := stands(s.Get("b")); got != "live" && got != "unknown" && !strings.HasPrefix(got, "live missed") {
				t.Errorf("b is %s", got)
			}
		})
	}
}

// TestDeletionKeeps: what was known of a certificate stays known when it is
// deleted or purged, and its request comes back with it.
func TestDeletionKeeps(t *testing.T) {
	s := merge(sweep(at(-10), true, entry("a", "1")), reading(at(-9), read("a", "v1", "1")), asked(at(-8), "a", request("r", "inProgress")),
		deletedList(at(0), deleted("a", "1", at(-1), purgeAt)))
	check := func(what string) {
		t.Helper()
		it := s.Get("a")
		if it.Certificate.Version != "v1" || it.Certificate.Thumbprint != "1" || it.Request.ID != "r" || it.Request.Gone {
			t.Errorf("%s: %+v, request %+v", what, it.Certificate, it.Request)
		}
	}
	check("deleted")
	if d := s.Get("a").Deletion; !d.At.Equal(at(-1)) || !d.PurgeAt.Equal(purgeAt) || !d.SeenAt.Equal(at(0)) {
		t.Errorf("deletion %+v", d)
	}
	s = s.Merge(asked(at(1), "a", nil))
	check("asked for its request")
	s = s.Merge(deletedList(at(2), model.Item{Ref: ref("a"), Deletion: &model.Deletion{Purged: true}}))
	check("purged")
	s = s.Merge(deletedSweep(at(100))).Merge(sweep(at(110), true))
	if d := s.Get("a").Deletion; !d.At.Equal(at(-1)) || !d.PurgeAt.Equal(purgeAt) || !d.SeenAt.Equal(at(2)) {
		t.Errorf("deletion %+v", d)
	}
	again := s.Merge(deletedList(at(120), deleted("a", "2", time.Time{}, time.Time{}))).Get("a").Deletion
	if again.Purged || !again.At.IsZero() || !again.PurgeAt.IsZero() {
		t.Errorf("another deletion has the dates of the one before: %+v", again)
	}
	if s.WithoutPurged().Get("a") != nil || s.Get("a") == nil {
		t.Error("the purged row is in the snapshot without purged rows, or was taken from the other")
	}
	if s = merge(list(at(0), entry("a", "1"))); s.WithoutPurged() != s {
		t.Error("a snapshot without purged rows was copied")
	}
}

func TestStatusDeleted(t *testing.T) {
	it := entry("a", "1")
	it.Request = request("r", "failed")
	for _, tt := range []struct {
		deletion model.Deletion
		want     model.Status
	}{
		{model.Deletion{At: at(-9), PurgeAt: noon.Add(78*24*time.Hour + time.Hour)}, model.Status{State: model.StateDeleted, Next: "78 d kept", Since: at(-9)}},
		{model.Deletion{At: at(-9), PurgeAt: at(60)}, model.Status{State: model.StateDeleted, Next: "<1 d kept", Since: at(-9)}},
		{model.Deletion{At: at(-9), PurgeAt: noon}, model.Status{State: model.StateDeleted, Next: "purge is due", Since: at(-9)}},
		{model.Deletion{}, model.Status{State: model.StateDeleted}},
		{model.Deletion{At: at(-9), PurgeAt: purgeAt, SeenAt: at(-1), Purged: true}, model.Status{State: model.StateGone, Since: at(-1)}},
	} {
		tt.want.Severity, tt.want.LifeLeft = model.SeverityQuiet, -1
		it.Deletion = &tt.deletion
		if got := it.Status(noon); got != tt.want {
			t.Errorf("%+v\n got %+v\nwant %+v", tt.deletion, got, tt.want)
		}
		if it.Missed = 9; it.Vanished() {
			t.Error("a deleted row counts as not seen")
		}
	}
}

// TestStatusSuperseded: a request that took another's place is shown as that,
// whatever it is itself.
func TestStatusSuperseded(t *testing.T) {
	for _, tt := range []struct {
		status, issuer string
		want           model.Status
	}{
		{"inProgress", "Unknown", model.Status{State: model.StateWaitsMerge, Severity: model.SeverityYou, Next: "superseded", Who: model.ActorYou, Superseded: true}},
		{"inProgress", "DigiCert", model.Status{State: model.StateInProgress, Severity: model.SeverityOthers, Next: "superseded", Who: model.ActorYou, Superseded: true}},
		{"failed", "DigiCert", model.Status{State: model.StateFailed, Severity: model.SeverityFailed, Next: "read reason", Who: model.ActorYou, Superseded: true}},
		{"completed", "Self", model.Status{State: model.StateValid, Severity: model.SeverityQuiet}},
	} {
		it := entry("a", "1")
		it.Request, it.RequestReadAt = request("s", tt.status), noon
		it.Request.Replaced, it.Request.Issuer.Name = "r", tt.issuer
		got := it.Status(noon)
		got.LifeLeft, got.Since = 0, time.Time{}
		if got != tt.want {
			t.Errorf("%s with %s\n got %+v\nwant %+v", tt.status, tt.issuer, got, tt.want)
		}
	}
}

// Lists of live certificates tell nothing of the vault's retention: what a read
// told stays, through lists and new versions.
func TestListsKeepWhatTheVaultKeeps(t *testing.T) {
	read := entry("a", "1")
	read.Certificate.RecoveryLevel, read.Certificate.RecoverableDays = "CustomizedRecoverable+Purgeable", 7
	s := sweep(at(0), true, entry("a", "1"))
	snapshot := model.NewSnapshot("prod", nil, time.Time{}).Merge(s).
		Merge(model.Page{Fields: model.FieldCertificate, AsOf: at(1), Items: []model.Item{read}})
	for i, thumbprint := range []string{"1", "2"} {
		snapshot = snapshot.Merge(sweep(at(2+i), true, entry("a", thumbprint)))
		c := snapshot.Get("a").Certificate
		if c.Thumbprint != thumbprint || c.RecoverableDays != 7 || c.RecoveryLevel != "CustomizedRecoverable+Purgeable" {
			t.Errorf("after a list with version %s: %+v", thumbprint, c)
		}
	}
}

func TestRecovery(t *testing.T) {
	for _, tt := range []struct {
		level                    string
		days                     int
		unrecoverable, protected bool
		until                    time.Time
	}{
		{"", 0, false, false, time.Time{}},
		{"Purgeable", 0, true, false, time.Time{}},
		{"Recoverable+Purgeable", 90, false, false, noon.AddDate(0, 0, 90)},
		{"Recoverable", 0, false, true, time.Time{}},
		{"Recoverable+ProtectedSubscription", 90, false, true, noon.AddDate(0, 0, 90)},
		{"CustomizedRecoverable+Purgeable", 7, false, false, noon.AddDate(0, 0, 7)},
		{"CustomizedRecoverable", 7, false, true, noon.AddDate(0, 0, 7)},
	} {
		c := model.Certificate{RecoveryLevel: tt.level, RecoverableDays: tt.days}
		if c.Unrecoverable() != tt.unrecoverable || c.PurgeProtected() != tt.protected || !c.RecoverableUntil(noon).Equal(tt.until) {
			t.Errorf("%q: keeps nothing %t, protected %t, until %v", tt.level, c.Unrecoverable(), c.PurgeProtected(), c.RecoverableUntil(noon))
		}
		if got := c.RecoverableUntil(time.Time{}); !got.IsZero() {
			t.Errorf("%q: until %v without a deletion", tt.level, got)
		}
	}
}
