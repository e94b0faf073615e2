package store

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 123, time.UTC)

func mergeIntent(i int) backend.Intent {
	return backend.Intent{
		At: noon.Add(time.Duration(i) * time.Second), Actor: "ada", Op: "merge", Detail: "leaf SHA-256 00",
		Ref: model.Ref{Target: "prod", Kind: model.KindRequest, Key: "shop", Revision: "r1"},
	}
}

func mustFinish(t *testing.T, s *Store, id int64, o backend.Outcome) {
	t.Helper()
	if err := s.Finish(t.Context(), id, o); err != nil {
		t.Fatal(err)
	}
}

func mustEntries(t *testing.T, s *Store, limit int) []backend.Entry {
	t.Helper()
	entries, err := s.Entries(t.Context(), limit)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// A row's entries are its own, with what proved that they were done.
func TestEntriesOfARow(t *testing.T) {
	s := openForTest(t, t.TempDir())
	other := mergeIntent(0)
	other.Ref.Key = "shop-2"
	mustBegin(t, s, other)
	id := mustBegin(t, s, mergeIntent(1))
	proved := backend.Outcome{At: noon.Add(time.Hour), Result: backend.ResultDone, Revision: "v3", Evidence: "the tag stands there"}
	mustFinish(t, s, id, proved)
	want := []backend.Entry{{ID: id, Intent: mergeIntent(1), Outcome: &proved}}
	if got, err := s.EntriesOf(t.Context(), mergeIntent(1).Ref.Row()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("EntriesOf = %+v, %v; want %+v", got, err, want)
	}
	if err := s.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
}

// When a target was listed is told without its rows; of one that never was, nothing.
func TestSwept(t *testing.T) {
	s := openForTest(t, t.TempDir())
	if at, err := s.Swept(t.Context(), "prod"); err != nil || !at.IsZero() {
		t.Errorf("Swept = %v, %v before any listing", at, err)
	}
	if err := s.SaveSnapshot(t.Context(), model.NewSnapshot("prod", nil, noon)); err != nil {
		t.Fatal(err)
	}
	if at, err := s.Swept(t.Context(), "prod"); err != nil || !at.Equal(noon) {
		t.Errorf("Swept = %v, %v; want %v", at, err, noon)
	}
}

func TestJournalComesBack(t *testing.T) {
	dir := t.TempDir()
	s := openForTest(t, dir)
	outcome := backend.Outcome{
		At: noon.Add(time.Minute), Result: backend.ResultRefused, Error: "no", ServiceRequestID: "x-1", Revision: "v2",
	}
	first := mustBegin(t, s, mergeIntent(0))
	second := mustBegin(t, s, mergeIntent(1))
	mustFinish(t, s, first, outcome)
	third := mustBegin(t, s, mergeIntent(2))
	s.Close()

	s = openForTest(t, dir)
	want := []backend.Entry{
		{ID: first, Intent: mergeIntent(0), Outcome: &outcome},
		{ID: second, Intent: mergeIntent(1)},
		{ID: third, Intent: mergeIntent(2)},
	}
	if got := mustEntries(t, s, 0); !reflect.DeepEqual(got, want) {
		t.Errorf("Entries:\n got %+v\nwant %+v", got, want)
	}
	if got := mustEntries(t, s, 2); !reflect.DeepEqual(got, want[1:]) {
		t.Errorf("the last two entries:\n got %+v\nwant %+v", got, want[1:])
	}
	got, err := s.Unfinished(t.Context())
	if err != nil || !reflect.DeepEqual(got, want[1:]) {
		t.Errorf("Unfinished: %v\n got %+v\nwant %+v", err, got, want[1:])
	}
	if err := s.VerifyJournal(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOnlyAnUncertainOutcomeIsFollowedByAnother(t *testing.T) {
	s := openForTest(t, t.TempDir())
	id := mustBegin(t, s, mergeIntent(0))
	mustFinish(t, s, id, backend.Outcome{Result: backend.ResultUncertain})
	mustFinish(t, s, id, backend.Outcome{Result: backend.ResultDone, Revision: "v2"})
	if got := mustEntries(t, s, 0); len(got) != 1 || got[0].Outcome.Result != backend.ResultDone {
		t.Errorf("Entries = %+v, want one that is done", got)
	}
	for name, unknown := range map[string]int64{"ended": id, "an outcome's id": id + 1, "no such": 99} {
		if err := s.Finish(t.Context(), unknown, backend.Outcome{Result: backend.ResultDone}); !errors.Is(err, ErrUnknownIntent) {
			t.Errorf("%s: Finish = %v, want ErrUnknownIntent", name, err)
		}
	}
}

func TestJournalIsAppendOnly(t *testing.T) {
	s := openForTest(t, t.TempDir())
	mustBegin(t, s, mergeIntent(0))
	for _, statement := range []string{"UPDATE journal SET actor = 'eve'", "DELETE FROM journal"} {
		_, err := s.state.db.ExecContext(t.Context(), statement)
		if err == nil || !strings.Contains(err.Error(), "append-only") {
			t.Errorf("%s: %v, want it refused", statement, err)
		}
	}
}

func TestEditedJournalIsEvident(t *testing.T) {
	for name, edit := range map[string]string{
		"actor":            "UPDATE journal SET actor = 'eve' WHERE id = 2",
		"time":             "UPDATE journal SET at = at + 1 WHERE id = 2",
		"operation":        "UPDATE journal SET op = 'cancel' WHERE id = 2",
		"target":           "UPDATE journal SET target = 'test' WHERE id = 2",
		"kind":             "UPDATE journal SET kind = 'certificate' WHERE id = 2",
		"key":              "UPDATE journal SET key = 'shop2' WHERE id = 2",
		"revision":         "UPDATE journal SET revision = 'r2' WHERE id = 2",
		"detail":           "UPDATE journal SET detail = '' WHERE id = 2",
		"result":           "UPDATE journal SET result = 'done' WHERE id = 3",
		"error":            "UPDATE journal SET error = '' WHERE id = 3",
		"service's id":     "UPDATE journal SET request_id = '' WHERE id = 3",
		"another intent":   "UPDATE journal SET intent = 1 WHERE id = 3",
		"no intent":        "UPDATE journal SET intent = NULL WHERE id = 3",
		"moved text":       "UPDATE journal SET actor = 'ad', op = 'amerge' WHERE id = 2",
		"missing":          "DELETE FROM journal WHERE id = 2",
		"missing at start": "DELETE FROM journal WHERE id = 1",
		"missing, closed up": `DELETE FROM journal WHERE id = 2;
			UPDATE journal SET id = id - 1 WHERE id > 2`,
	} {
		t.Run(name, func(t *testing.T) {
			s := openForTest(t, t.TempDir())
			mustBegin(t, s, mergeIntent(0))
			id := mustBegin(t, s, mergeIntent(1))
			mustFinish(t, s, id, backend.Outcome{At: noon, Result: backend.ResultRefused, Error: "no", ServiceRequestID: "x"})
			mustBegin(t, s, mergeIntent(2))
			if err := s.VerifyJournal(t.Context()); err != nil {
				t.Fatalf("before the edit: %v", err)
			}
			edit := "PRAGMA foreign_keys = 0; DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete;" + edit
			if _, err := s.state.db.ExecContext(t.Context(), edit); err != nil {
				t.Fatal(err)
			}
			err := s.VerifyJournal(t.Context())
			if !errors.Is(err, ErrJournalEdited) || !strings.Contains(err.Error(), s.state.path) {
				t.Errorf("VerifyJournal = %v, want ErrJournalEdited", err)
			}
		})
	}
}

func TestJournalIsWrittenThrough(t *testing.T) {
	s := openForTest(t, t.TempDir())
	var mode string
	var synchronous int
	if err := s.state.db.QueryRowContext(t.Context(), "PRAGMA journal_mode").Scan(&mode); err != nil {
		t.Fatal(err)
	}
	if err := s.state.db.QueryRowContext(t.Context(), "PRAGMA synchronous").Scan(&synchronous); err != nil {
		t.Fatal(err)
	}
	if mode != "wal" || synchronous != 2 {
		t.Errorf("journal_mode %s, synchronous %d; want wal and 2 (FULL)", mode, synchronous)
	}
}
