package store

import (
	"encoding/hex"
	"reflect"
	"testing"
	"time"

	"certty/model"
)

// The first version's encodings of what wantFirst returns, as its program wrote
// them.
const (
	firstItem = "01bb010473686f70018084b4ae0d05018284b4ae0d05018484b4ae0d0502027631010107434e3d73686f70026162" +
		"018084b4ae0d050180eee6be0d05018084b4ae0d05018084b4ae0d0501056f776e657203616461000000010c7368" +
		"6f702e6578616d706c650000000008454320502d323536030107434e3d73686f7000000000000000000000000000" +
		"0000000000010172066661696c656404000010526571756573742072656a656374656400000000000001" +
		"8084b4ae0d05000171020102030405"
	firstSightings = "010473686f70018084b4ae0d05018284b4ae0d05018484b4ae0d0502"
)

// secondItem is the second version's encoding of what wantSecond returns.
const secondItem = "02b9010473686f70018084b4ae0d05018284b4ae0d05018484b4ae0d0502018084b4ae0d05027631010107434e3d73686f70" +
	"026162018084b4ae0d050180eee6be0d05018084b4ae0d05018084b4ae0d0501056f776e657203616461155265636f76" +
	"657261626c652b507572676561626c650000010c73686f702e6578616d706c650000000008454320502d323536030107" +
	"434e3d73686f700000000000000000000000000000000000000001018084b4ae0d050180a0e9b50d0500010203"

// fourthItem is the fourth version's encoding of what wantFirst returns.
const fourthItem = "04c6010473686f70018084b4ae0d05018284b4ae0d05018484b4ae0d050200027631010107434e3d73686f7002616201" +
	"8084b4ae0d050180eee6be0d05018084b4ae0d05018084b4ae0d0501056f776e65720361646100000000010c73686f70" +
	"2e6578616d706c650000000008454320502d323536030107434e3d73686f700000000000000000000000000000000000" +
	"00010172066661696c656404000010526571756573742072656a6563746564000000000000018084b4ae0d05018084b4" +
	"ae0d050001710200000102030405"

func wantSecond() *model.Item {
	it := wantFirst()
	it.Request = nil
	it.Certificate.RecoveryLevel = "Recoverable+Purgeable"
	it.Deletion = &model.Deletion{At: it.ListedAt, PurgeAt: it.ListedAt.AddDate(0, 0, 90), SeenAt: it.ListedAt}
	return it
}

func wantFirst() *model.Item {
	at := time.Date(2026, 11, 1, 0, 0, 0, 5, time.UTC)
	return &model.Item{
		Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "shop"},
		Certificate: model.Certificate{
			Version: "v1", Issued: true, Enabled: true, Subject: "CN=shop", Thumbprint: "ab",
			NotBefore: at, NotAfter: at.AddDate(0, 0, 199), Created: at, Updated: at,
			Tags: map[string]string{"owner": "ada"}, DER: []byte{1, 2, 3},
			SANs: model.SANs{DNS: []string{"shop.example"}}, KeyType: "EC P-256",
		},
		Policy: &model.Policy{Subject: "CN=shop"},
		Request: &model.Request{ID: "r", Status: "failed", Phase: model.PhaseFailed, ErrorCode: model.RejectedCode,
			CSR: []byte{4, 5}, SeenAt: at, Since: at, Replaced: "q"},
		ListedAt: at, RequestReadAt: at.Add(time.Second), CertificateReadAt: at.Add(2 * time.Second), Missed: 1,
	}
}

func unhex(tb testing.TB, s string) []byte {
	tb.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func TestValuesOfTheFirstVersionAreRead(t *testing.T) {
	got, _, err := decodeItem("prod", unhex(t, firstItem))
	if err != nil || !reflect.DeepEqual(got, wantFirst()) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, wantFirst())
	}
	seen, ok := newSightings(unhex(t, firstSightings)).find("shop")
	if !ok || seen != sightingOf(wantFirst()) {
		t.Errorf("%v, sighting %+v", ok, seen)
	}
	newer := unhex(t, firstItem)
	newer[0] = itemVersion + 1
	if it, _, err := decodeItem("prod", newer); err == nil {
		t.Errorf("a newer program's value was read as %+v", it)
	}
}

func TestValuesOfTheSecondVersionAreRead(t *testing.T) {
	got, _, err := decodeItem("prod", unhex(t, secondItem))
	if err != nil || !reflect.DeepEqual(got, wantSecond()) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, wantSecond())
	}
}

func TestValuesOfTheFourthVersionAreRead(t *testing.T) {
	got, content, err := decodeItem("prod", unhex(t, fourthItem))
	if err != nil || !reflect.DeepEqual(got, wantFirst()) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, wantFirst())
	}
	if content != 0 {
		t.Error("it counts as written by this version and would not be written again")
	}
}

// A cache that the first version's program left is loaded whole, and what
// changes is written in the present encoding.
func TestCacheOfTheFirstVersion(t *testing.T) {
	s := openForTest(t, t.TempDir())
	mustSave(t, s, model.NewSnapshot("prod", []*model.Item{wantFirst()}, time.Time{}))
	for _, put := range []struct {
		query string
		value string
	}{
		{"UPDATE items SET value = ?", firstItem},
		{"REPLACE INTO sightings (target, generation, value) VALUES ('prod', 2, ?)", firstSightings},
	} {
		if _, err := s.cache.file.db.ExecContext(t.Context(), put.query, unhex(t, put.value)); err != nil {
			t.Fatal(err)
		}
	}
	old := mustLoad(t, s, "prod")
	requireEqual(t, old, model.NewSnapshot("prod", []*model.Item{wantFirst()}, time.Time{}))
	next := old.Merge(deletedPage(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), wantFirst()))
	mustSave(t, s, next)
	got := mustLoad(t, s, "prod")
	requireEqual(t, got, next)
	if got.Get("shop").Deletion == nil {
		t.Error("the deletion was lost")
	}
}

// deletedPage is a list of deleted certificates.
func deletedPage(asOf time.Time, items ...*model.Item) model.Page {
	p := model.Page{Fields: model.FieldDeleted, AsOf: asOf}
	for _, it := range items {
		p.Items = append(p.Items, model.Item{Ref: it.Ref, Certificate: it.Certificate,
			Deletion: &model.Deletion{At: asOf.Add(-time.Hour), PurgeAt: asOf.AddDate(0, 0, 90)}})
	}
	return p
}

// Deleted rows that are listed again are not rewritten, and the snapshot from
// before keeps its own times.
func TestDeletedRowsSeenAgain(t *testing.T) {
	s := openForTest(t, t.TempDir())
	live := fullSnapshot("prod", 100)
	first, second := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 1, 0, 10, 0, 0, time.UTC)
	page := deletedPage(first, live.Items()...)
	was := live.Merge(page)
	mustSave(t, s, was)
	page.AsOf = second
	next := was.Merge(page)
	before := changes(t, s)
	mustSave(t, s, next)
	if n := changes(t, s) - before; n > 2 {
		t.Errorf("%d rows written, want the target's and the sightings'", n)
	}
	requireEqual(t, mustLoad(t, s, "prod"), next)
	if got := was.Items()[0].Deletion.SeenAt; !got.Equal(first) {
		t.Errorf("the snapshot before has %v now", got)
	}
}

// A cache whose schema is older than the time of the last look is migrated as it
// is opened: its rows are there, and looks are kept from then on.
func TestCacheFromBeforeLooksWereKept(t *testing.T) {
	dir := t.TempDir()
	want := fullSnapshot("acme", 3)
	s := openForTest(t, dir)
	mustSave(t, s, want)
	for _, statement := range []string{"ALTER TABLE targets DROP COLUMN looked", "PRAGMA user_version = 1"} {
		if _, err := s.cache.file.db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = openForTest(t, dir)
	old := mustLoad(t, s, "acme")
	requireEqual(t, old, want)
	if !old.LookedAt().IsZero() || !old.ReadAt().Equal(want.SweptAt()) {
		t.Errorf("looked at %v, read at %v", old.LookedAt(), old.ReadAt())
	}
	looked := want.SweptAt().Add(time.Hour)
	before := changes(t, s)
	mustSave(t, s, old.WithLook(looked))
	if n := changes(t, s) - before; n != 1 {
		t.Errorf("%d rows written, want the target's", n)
	}
	// The same again writes nothing.
	mustSave(t, s, old.WithLook(looked))
	if n := changes(t, s) - before; n != 1 {
		t.Errorf("%d rows written where nothing changed", n)
	}
	again := mustLoad(t, openForTest(t, dir), "acme")
	requireEqual(t, again, want)
	if !again.ReadAt().Equal(looked) {
		t.Errorf("read at %v, want %v", again.ReadAt(), looked)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := OpenRows(t.Context(), dir+"/cache")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if found, err := rows.Find(t.Context(), "acme", "", 10); err != nil || !found.ReadAt().Equal(looked) {
		t.Errorf("rows read at %v: %v", found.ReadAt(), err)
	}
}
