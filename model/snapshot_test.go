package model_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"certty/model"
)

// noon is the moment the tests count from; at is minutes after it.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

func ref(name string) model.Ref {
	return model.Ref{Target: "prod", Kind: model.KindCertificate, Key: name}
}

// entry is what a list tells of an issued certificate.
func entry(name, thumbprint string) model.Item {
	return model.Item{Ref: ref(name), Certificate: model.Certificate{
		Issued: thumbprint != "", Enabled: true, Thumbprint: thumbprint, Subject: "CN=" + name,
		NotBefore: at(-60 * 24 * 10), NotAfter: at(60 * 24 * 90), Created: at(-60 * 24 * 10), Updated: at(-60 * 24 * 10),
	}}
}

// read is what a read of the certificate tells.
func read(name, version, thumbprint string) model.Item {
	it := entry(name, thumbprint)
	it.Certificate.Version, it.Certificate.DER, it.Certificate.KeyType = version, []byte(version), "EC P-256"
	return it
}

func list(asOf time.Time, items ...model.Item) model.Page {
	return model.Page{Fields: model.FieldListing, AsOf: asOf, Items: items}
}

func reading(asOf time.Time, it model.Item) model.Page {
	return model.Page{Fields: model.FieldCertificate | model.FieldPolicy, AsOf: asOf, Items: []model.Item{it}}
}

// asked is the answer about a pending request; nil is none.
func asked(asOf time.Time, name string, r *model.Request) model.Page {
	return model.Page{Fields: model.FieldRequest, AsOf: asOf, Items: []model.Item{{Ref: ref(name), Request: r}}}
}

func request(id, status string) *model.Request {
	return &model.Request{ID: id, Status: status, Phase: model.ParsePhase(status)}
}

// sweep ends a sweep that began at a time and listed items a minute later.
func sweep(started time.Time, complete bool, items ...model.Item) model.Page {
	p := list(started.Add(time.Minute), items...)
	p.Summary = &model.Summary{Started: started, Total: -1, Seen: len(items), Complete: complete}
	return p
}

func merge(pages ...model.Page) *model.Snapshot {
	s := model.NewSnapshot("prod", nil, time.Time{})
	for _, p := range pages {
		s = s.Merge(p)
	}
	return s
}

func keys(s *model.Snapshot) []string {
	var names []string
	for _, it := range s.Items() {
		names = append(names, it.Ref.Key)
	}
	return names
}

func TestMergeKeepsOrder(t *testing.T) {
	s := merge(
		list(at(0), entry("m", "1"), entry("a", "1"), entry("z", "1")),
		list(at(1), entry("b", "1"), entry("z", "2"), entry("A", "1")),
	)
	if want := []string{"A", "a", "b", "m", "z"}; !slices.Equal(keys(s), want) {
		t.Errorf("keys %v, want %v", keys(s), want)
	}
	if s.Len() != 5 || s.Get("z").Certificate.Thumbprint != "2" || s.Get("nobody") != nil || s.Target() != "prod" {
		t.Errorf("snapshot %+v", s)
	}
	if got := s.Get("b").Ref; got != ref("b") {
		t.Errorf("a new row's ref is %+v", got)
	}
}

func TestMergeTwiceInOnePage(t *testing.T) {
	s := merge(list(at(0), entry("a", "1"), entry("b", "1"), entry("a", "2")))
	if s.Len() != 2 || s.Get("a").Certificate.Thumbprint != "2" {
		t.Errorf("keys %v with %s, want one row of the later one", keys(s), s.Get("a").Certificate.Thumbprint)
	}
}

// TestMergeIsImmutable: a reader of an old snapshot must see nothing of what
// was merged into it.
func TestMergeIsImmutable(t *testing.T) {
	old := merge(list(at(0), entry("a", "1"), entry("b", "1")))
	a, b := old.Get("a"), old.Get("b")
	was := *a
	next := old.Merge(list(at(1), entry("a", "2"), entry("c", "1")))
	next.Merge(sweep(at(9), true))
	if old.Len() != 2 || old.Get("a") != a || a.Certificate.Thumbprint != was.Certificate.Thumbprint || a.Missed != 0 {
		t.Errorf("the old snapshot changed: %+v", a)
	}
	if next.Get("b") != b {
		t.Error("a row without news was copied")
	}
}

// TestMergeParts: each kind of page changes its own parts only.
func TestMergeParts(t *testing.T) {
	policy := &model.Policy{Subject: "CN=a"}
	full := read("a", "v1", "1")
	full.Policy = policy
	s := merge(list(at(0), entry("a", "1")), reading(at(1), full), asked(at(2), "a", request("r", "inProgress")))
	it := s.Get("a")
	if !it.ListedAt.Equal(at(0)) || !it.CertificateReadAt.Equal(at(1)) || !it.RequestReadAt.Equal(at(2)) {
		t.Errorf("read at %v, %v, %v", it.ListedAt, it.CertificateReadAt, it.RequestReadAt)
	}
	if it.Policy != policy || it.Request.ID != "r" || it.Certificate.Version != "v1" {
		t.Errorf("item %+v", it)
	}

	// A list does not tell content, so it keeps what was read of this version…
	s = s.Merge(list(at(3), entry("a", "1")))
	if c := s.Get("a").Certificate; c.Version != "v1" || c.KeyType == "" || c.DER == nil {
		t.Errorf("a list of the same version dropped content: %+v", c)
	}
	// …and drops it with the version.
	s = s.Merge(list(at(4), entry("a", "2")))
	if c := s.Get("a").Certificate; c.Version != "" || c.KeyType != "" || c.DER != nil {
		t.Errorf("a list of a new version kept content: %+v", c)
	}
	if it := s.Get("a"); it.Policy != policy || it.Request == nil {
		t.Errorf("a list changed policy or request: %+v", it)
	}
}

// TestMergePendingOnly: the version of a certificate that was never issued is
// told by a read alone, and a list must not take it away.
func TestMergePendingOnly(t *testing.T) {
	s := merge(list(at(0), entry("a", "")), reading(at(1), read("a", "v0", "")), list(at(2), entry("a", "")))
	if v := s.Get("a").Certificate.Version; v != "v0" {
		t.Errorf("version %q, want v0", v)
	}
	s = s.Merge(list(at(3), entry("a", "1")))
	if v := s.Get("a").Certificate.Version; v != "" {
		t.Errorf("version %q after another was issued", v)
	}
}

// TestMergeLatePages: answers overtake each other, and the newest one counts,
// not the last one.
func TestMergeLatePages(t *testing.T) {
	policy := func(it model.Item, subject string) model.Item {
		it.Policy = &model.Policy{Subject: subject}
		return it
	}
	tests := []struct {
		name  string
		pages []model.Page
		want  string // thumbprint, version, request's status
	}{
		{"late list", []model.Page{list(at(2), entry("a", "2")), list(at(1), entry("a", "1"))}, "2  -"},
		{"late list after a read", []model.Page{reading(at(2), read("a", "v2", "2")), list(at(1), entry("a", "1"))}, "2 v2 -"},
		{"late read after a list of a new version", []model.Page{list(at(2), entry("a", "2")), reading(at(1), read("a", "v1", "1"))}, "2  -"},
		{"late read after a list of this version", []model.Page{list(at(2), entry("a", "2")), reading(at(1), read("a", "v2", "2"))}, "2 v2 -"},
		{"late read after a read", []model.Page{reading(at(2), policy(read("a", "v2", "2"), "new")), reading(at(1), policy(read("a", "v1", "1"), "old"))}, "2 v2 -"},
		{"late request", []model.Page{asked(at(2), "a", request("r", "completed")), asked(at(1), "a", request("r", "inProgress"))}, "  completed"},
		{"late none", []model.Page{asked(at(2), "a", request("r", "inProgress")), asked(at(1), "a", nil)}, "  inProgress"},
		{"two at one moment", []model.Page{asked(at(1), "a", request("r", "inProgress")), asked(at(1), "a", request("r", "completed"))}, "  completed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			it := merge(tt.pages...).Get("a")
			status := "-"
			if it.Request != nil {
				status = it.Request.Status
				if it.Request.Gone {
					status += " gone"
				}
			}
			if got := fmt.Sprintf("%s %s %s", it.Certificate.Thumbprint, it.Certificate.Version, status); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if it.Policy != nil && it.Policy.Subject == "old" {
				t.Error("the policy is the older one")
			}
		})
	}
}

// TestMergeLateReadKeepsAttributes: a read that a list has overtaken brings its
// content, the list's attributes stay.
func TestMergeLateReadKeepsAttributes(t *testing.T) {
	disabled := entry("a", "1")
	disabled.Certificate.Enabled = false
	s := merge(list(at(2), disabled), reading(at(1), read("a", "v1", "1")))
	if c := s.Get("a").Certificate; c.Enabled || c.Version != "v1" {
		t.Errorf("certificate %+v, want it disabled with content", c)
	}
}

func TestMergeLateListIsASighting(t *testing.T) {
	s := merge(reading(at(5), read("a", "v2", "2")), list(at(4), entry("a", "1")))
	if !s.Get("a").ListedAt.Equal(at(4)) {
		t.Errorf("listed at %v", s.Get("a").ListedAt)
	}
}

func TestSweepCountsMissed(t *testing.T) {
	a, b := entry("a", "1"), entry("b", "1")
	s := merge(sweep(at(0), true, a, b))
	if !s.SweptAt().Equal(at(0)) {
		t.Errorf("swept at %v", s.SweptAt())
	}
	missed := func(want int, vanished bool) {
		t.Helper()
		if it := s.Get("b"); it == nil || it.Missed != want || it.Vanished() != vanished {
			t.Fatalf("b is %+v, want %d missed", it, want)
		}
		if s.Get("a").Missed != 0 {
			t.Fatalf("a was listed and counts as missed")
		}
	}
	missed(0, false)
	s = s.Merge(sweep(at(10), false, a))
	missed(0, false) // a sweep that was cut short says nothing
	if !s.SweptAt().Equal(at(0)) {
		t.Errorf("a sweep that was cut short counts: %v", s.SweptAt())
	}
	s = s.Merge(sweep(at(20), true, a))
	missed(1, false)
	s = s.Merge(sweep(at(20), true, a))
	missed(1, false) // the same sweep's end, twice
	s = s.Merge(sweep(at(30), true, a))
	missed(2, true)
	s = s.Merge(sweep(at(40), true, a, b))
	missed(0, false)
}

// TestSweepThatBeganBefore: what was created or read while a sweep ran is not
// missing because the sweep's pages had passed its name.
func TestSweepThatBeganBefore(t *testing.T) {
	s := merge(
		sweep(at(0), true, entry("gone", "1")),
		asked(at(11), "created", request("r", "inProgress")),
		reading(at(11), read("read", "v1", "1")),
		asked(at(11), "gone", nil),
	)
	s = s.Merge(sweep(at(10), true))
	for name, want := range map[string]int{"created": 0, "read": 0, "gone": 1} {
		if got := s.Get(name).Missed; got != want {
			t.Errorf("%s: missed %d, want %d", name, got, want)
		}
	}
}

// own is p as a change made from here returned it.
func own(p model.Page) model.Page {
	p.Own = true
	return p
}

func TestMergeRequest(t *testing.T) {
	type step = model.Page
	manual := func(id, status string, asked bool) *model.Request {
		r := request(id, status)
		r.CancelAsked = asked
		return r
	}
	withCSR := func(id, csr string) *model.Request {
		r := request(id, "inProgress")
		r.CSR = []byte(csr)
		return r
	}
	tests := []struct {
		name  string
		steps []step
		want  model.Request // ID, Status, Since, SeenAt (Since where it is left out), Gone, Replaced count
	}{
		{"first seen, row never asked before", []step{asked(at(1), "a", request("r", "inProgress"))}, model.Request{ID: "r", Status: "inProgress", SeenAt: at(1)}},
		{"first seen, none there before", []step{asked(at(0), "a", nil), asked(at(1), "a", request("r", "inProgress"))}, model.Request{ID: "r", Status: "inProgress", Since: at(1), SeenAt: at(1)}},
		{"unchanged", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", request("r", "inProgress"))}, model.Request{ID: "r", Status: "inProgress", SeenAt: at(1)}},
		{"unchanged since it was made", []step{asked(at(0), "a", nil), asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", request("r", "inProgress"))}, model.Request{ID: "r", Status: "inProgress", Since: at(1), SeenAt: at(1)}},
		{"ended", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", request("r", "completed"))}, model.Request{ID: "r", Status: "completed", Since: at(2)}},
		{"cancel asked", []step{asked(at(1), "a", manual("r", "inProgress", false)), asked(at(2), "a", manual("r", "inProgress", true))}, model.Request{ID: "r", Status: "inProgress", Since: at(2)}},
		{"superseded while open", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", request("s", "inProgress"))}, model.Request{ID: "s", Status: "inProgress", Since: at(2), Replaced: "r"}},
		{"superseded, and goes on", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", request("s", "inProgress")), asked(at(3), "a", request("s", "completed"))}, model.Request{ID: "s", Status: "completed", Since: at(3), Replaced: "r"}},
		{"superseded with an unknown status", []step{asked(at(1), "a", request("r", "odd")), asked(at(2), "a", request("s", "inProgress"))}, model.Request{ID: "s", Status: "inProgress", Since: at(2), Replaced: "r"}},
		{"a new one after the end", []step{asked(at(1), "a", request("r", "completed")), asked(at(2), "a", request("s", "inProgress"))}, model.Request{ID: "s", Status: "inProgress", Since: at(2)}},
		{"gone", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", nil)}, model.Request{ID: "r", Status: "inProgress", Since: at(2), Gone: true}},
		{"gone for a while", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", nil), asked(at(3), "a", nil)}, model.Request{ID: "r", Status: "inProgress", Since: at(2), Gone: true}},
		{"back again", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", nil), asked(at(3), "a", request("r", "inProgress"))}, model.Request{ID: "r", Status: "inProgress", Since: at(3)}},
		{"a new one after it was gone", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", nil), asked(at(3), "a", request("s", "inProgress"))}, model.Request{ID: "s", Status: "inProgress", Since: at(3), Replaced: "r"}},
		{"a new one of ours after it was gone", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", nil), own(asked(at(3), "a", request("s", "inProgress")))}, model.Request{ID: "s", Status: "inProgress", Since: at(3)}},
		{"ours, read before the call was answered", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", nil), asked(at(3), "a", request("s", "inProgress")), own(asked(at(4), "a", request("s", "inProgress")))}, model.Request{ID: "s", Status: "inProgress", Since: at(3)}},
		{"a new one after the end was gone", []step{asked(at(1), "a", request("r", "completed")), asked(at(2), "a", nil), asked(at(3), "a", request("s", "inProgress"))}, model.Request{ID: "s", Status: "inProgress", Since: at(3)}},
		{"an answer without an id", []step{asked(at(1), "a", request("r", "inProgress")), asked(at(2), "a", request("", "inProgress"))}, model.Request{ID: "r", Status: "inProgress", SeenAt: at(1)}},
		{"the id told later", []step{asked(at(1), "a", request("", "inProgress")), asked(at(2), "a", request("r", "inProgress"))}, model.Request{ID: "r", Status: "inProgress", SeenAt: at(1)}},
		{"no id but another CSR", []step{asked(at(1), "a", withCSR("r", "one")), asked(at(2), "a", withCSR("", "two"))}, model.Request{Status: "inProgress", Since: at(2), Replaced: "r"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := merge(tt.steps...).Get("a").Request
			got := model.Request{ID: r.ID, Status: r.Status, Since: r.Since, SeenAt: r.SeenAt, Gone: r.Gone, Replaced: r.Replaced}
			if tt.want.SeenAt.IsZero() {
				tt.want.SeenAt = tt.want.Since
			}
			if !got.SeenAt.Equal(tt.want.SeenAt) {
				t.Errorf("first seen at %v, want %v", got.SeenAt, tt.want.SeenAt)
			}
			if got.ID != tt.want.ID || got.Status != tt.want.Status || !got.Since.Equal(tt.want.Since) || got.Gone != tt.want.Gone || got.Replaced != tt.want.Replaced {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
	if r := merge(asked(at(1), "a", nil)).Get("a"); r.Request != nil || !r.RequestReadAt.Equal(at(1)) {
		t.Errorf("none asked for the first time: %+v", r)
	}
}
