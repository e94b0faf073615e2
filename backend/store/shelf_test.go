package store

import (
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

var shelfTime = time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)

func holding(key string) backend.Holding {
	return backend.Holding{
		Target: "sectigo",
		Record: model.Record{Key: key, ManagedAt: shelfTime, Step: model.StepPrepared, StepAt: shelfTime, Reference: key,
			Attempt: 1, CommonName: "shop.example.com", KeyHeld: true, KeystoreType: "pkcs12"},
		Spec: &model.OrderSpec{CommonName: "shop.example.com", SANs: []string{"www.example.com"}, OrganizationID: 3, ProfileID: 4,
			Term: 199, CSR: []byte{1, 2}, Reference: key, CustomFields: []model.CustomValue{{Name: "a", Value: "b"}}},
		Keys:   []backend.HeldKey{{PublicKey: "aa", Locked: []byte{9}, MadeAt: shelfTime}, {PublicKey: "bb", Locked: []byte{8}, MadeAt: shelfTime.Add(1)}},
		Chain:  [][]byte{{1}, {2}},
		Deploy: &model.Deployment{Dir: "/srv/tls", Mode: 0o640}, Written: map[string][]string{"/srv/tls/a.pem": {"00", "01"}},
		KeysElsewhere: []string{"cc"},
	}
}

func TestHoldingsAreKept(t *testing.T) {
	s := openForTest(t, t.TempDir())
	want := holding("certty:1:1")
	if err := s.Add(t.Context(), want, holding("certty:2:1")); err != nil {
		t.Fatal(err)
	}
	got, err := s.Holding(t.Context(), "sectigo", "certty:1:1")
	if err != nil || !reflect.DeepEqual(*got, want) {
		t.Fatalf("%v\n got %+v\nwant %+v", err, got, want)
	}
	records, err := s.Records(t.Context(), "sectigo")
	if err != nil || len(records) != 2 || !reflect.DeepEqual(records[0], want.Record) {
		t.Errorf("%v, records %+v", err, records)
	}
	if other, err := s.Records(t.Context(), "another"); err != nil || len(other) != 0 {
		t.Errorf("another account has %v, %v", other, err)
	}
	if key, ok := got.Key("bb"); !ok || key.Locked[0] != 8 {
		t.Errorf("key bb is %v, %t", key, ok)
	}
}

func TestAddTakesAllOrNone(t *testing.T) {
	s := openForTest(t, t.TempDir())
	if err := s.Add(t.Context(), holding("b")); err != nil {
		t.Fatal(err)
	}
	if err := s.Add(t.Context(), holding("a"), holding("b")); !errors.Is(err, backend.ErrHeld) {
		t.Errorf("error %v, want %v", err, backend.ErrHeld)
	}
	if _, err := s.Holding(t.Context(), "sectigo", "a"); !errors.Is(err, backend.ErrNotHeld) {
		t.Errorf("half of it was written: %v", err)
	}
}

func TestChange(t *testing.T) {
	s := openForTest(t, t.TempDir())
	if err := s.Add(t.Context(), holding("certty:1:1"), holding("55")); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("not now")
	for name, tt := range map[string]struct {
		key    string
		change func(*backend.Holding) error
		want   error
	}{
		"refused":   {"certty:1:1", func(h *backend.Holding) error { h.Record.Step = model.StepPlaced; return refused }, refused},
		"taken":     {"certty:1:1", func(h *backend.Holding) error { h.Record.Key = "55"; return nil }, backend.ErrHeld},
		"not there": {"9", func(*backend.Holding) error { return nil }, backend.ErrNotHeld},
	} {
		if err := s.Change(t.Context(), "sectigo", tt.key, tt.change); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if h, err := s.Holding(t.Context(), "sectigo", "certty:1:1"); err != nil || !reflect.DeepEqual(*h, holding("certty:1:1")) {
		t.Errorf("a refused change left %+v, %v", h, err)
	}
	err := s.Change(t.Context(), "sectigo", "certty:1:1", func(h *backend.Holding) error {
		h.Record.Key, h.Record.Step, h.Keys = "56", model.StepPlaced, h.Keys[:1]
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Holding(t.Context(), "sectigo", "56")
	if err != nil || h.Record.Step != model.StepPlaced || len(h.Keys) != 1 || h.Spec == nil || len(h.Chain) != 2 {
		t.Errorf("%v, renamed %+v", err, h)
	}
	if _, err := s.Holding(t.Context(), "sectigo", "certty:1:1"); !errors.Is(err, backend.ErrNotHeld) {
		t.Errorf("the old key still holds something: %v", err)
	}
	if err := s.Drop(t.Context(), "sectigo", "56", func(*backend.Holding) error { return nil }); err != nil {
		t.Fatal(err)
	}
	var keys int
	if err := s.state.db.QueryRowContext(t.Context(), "SELECT count(*) FROM keys WHERE key = '56'").Scan(&keys); err != nil || keys != 0 {
		t.Errorf("%d keys outlived their holding, %v", keys, err)
	}
}

// Of several programs that move a record on, one wins.
func TestChangeRunsAlone(t *testing.T) {
	where := t.TempDir()
	if err := openForTest(t, where).Add(t.Context(), holding("a")); err != nil {
		t.Fatal(err)
	}
	moved := errors.New("moved")
	won := make(chan int, 8)
	var all sync.WaitGroup
	for i := range 8 {
		s := openForTest(t, where)
		all.Go(func() {
			err := s.Change(t.Context(), "sectigo", "a", func(h *backend.Holding) error {
				if h.Record.Step != model.StepPrepared {
					return moved
				}
				h.Record.Step = model.StepSending
				return nil
			})
			if err == nil {
				won <- i
			} else if !errors.Is(err, moved) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(won) != 1 {
		t.Errorf("%d of 8 moved the record on", len(won))
	}
}

func TestAccountsAndDueTimes(t *testing.T) {
	where := t.TempDir()
	s := openForTest(t, where)
	if a, err := s.Account(t.Context(), "sectigo"); err != nil || !reflect.DeepEqual(a, model.Account{}) {
		t.Errorf("an account that was never synced: %+v, %v", a, err)
	}
	if at, err := s.DueAt(t.Context(), "sectigo", "sync"); err != nil || !at.IsZero() {
		t.Errorf("a job that never ran is due at %v, %v", at, err)
	}
	want := model.Account{
		Organizations: []model.Organization{{ID: 1, Name: "Contoso", API: true, APIKnown: true}},
		Profiles:      []model.Profile{{ID: 4, Terms: []int{199}, KeyTypes: map[string][]string{"RSA": {"2048"}}, GoneSince: shelfTime}},
		ReadAt:        shelfTime,
	}
	for range 2 {
		if err := s.SaveAccount(t.Context(), "sectigo", want); err != nil {
			t.Fatal(err)
		}
		if err := s.SetDue(t.Context(), "sectigo", "sync", shelfTime); err != nil {
			t.Fatal(err)
		}
	}
	s = openForTest(t, where)
	if got, err := s.Account(t.Context(), "sectigo"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
	}
	if at, err := s.DueAt(t.Context(), "sectigo", "sync"); err != nil || !at.Equal(shelfTime) {
		t.Errorf("due at %v, %v", at, err)
	}
}

// firstHolding is what the first program that had a repository wrote.
const (
	firstRecord = `{"Key":"55","ManagedAt":"2026-11-21T14:05:00Z","Imported":false,"Step":"placed","StepAt":"2026-11-21T14:05:00Z",` +
		`"Reference":"certty:1:1","Attempt":1,"CommonName":"shop.example.com","Renews":"","KeyHeld":true,"ChainSerial":"a1",` +
		`"KeystoreType":"jks","Keystore":"waits for its password","Trouble":"","DeletedAt":"0001-01-01T00:00:00Z"}`
	firstRest = `{"Spec":{"CommonName":"shop.example.com","SANs":["a"],"OrganizationID":3,"ProfileID":4,"Term":199,"CSR":"AQI=",` +
		`"Description":"d","Reference":"certty:1:1","ExternalRequester":"","CustomFields":null},"Chain":["AQ=="],` +
		`"Deploy":{"Dir":"/srv","Name":"","Owner":"","Mode":384,"Overwrite":false}}`
)

func TestHoldingsOfTheFirstProgramAreRead(t *testing.T) {
	s := openForTest(t, t.TempDir())
	if _, err := s.state.db.ExecContext(t.Context(), "INSERT INTO holdings VALUES ('sectigo', '55', ?, ?)", firstRecord, firstRest); err != nil {
		t.Fatal(err)
	}
	want := &backend.Holding{
		Target: "sectigo",
		Record: model.Record{Key: "55", ManagedAt: shelfTime, Step: model.StepPlaced, StepAt: shelfTime, Reference: "certty:1:1", Attempt: 1,
			CommonName: "shop.example.com", KeyHeld: true, ChainSerial: "a1", KeystoreType: "jks", Keystore: model.KeystoreWaits},
		Spec: &model.OrderSpec{CommonName: "shop.example.com", SANs: []string{"a"}, OrganizationID: 3, ProfileID: 4, Term: 199,
			CSR: []byte{1, 2}, Description: "d", Reference: "certty:1:1"},
		Chain: [][]byte{{1}}, Deploy: &model.Deployment{Dir: "/srv", Mode: 0o600},
	}
	if got, err := s.Holding(t.Context(), "sectigo", "55"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
	}
}
