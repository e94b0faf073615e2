package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"

	"certty/backend"
	"certty/model"
)

// entryQuery joins each intent with its newest outcome.
const entryQuery = `SELECT i.id, i.at, i.actor, i.op, i.target, i.kind, i.key, i.revision, i.detail,
		o.at, o.result, o.error, o.request_id, o.revision, o.detail
	FROM journal AS i
	LEFT JOIN journal AS o ON o.id = (SELECT max(id) FROM journal WHERE intent = i.id)
	WHERE i.intent IS NULL `

// Entries lists the last limit entries of the journal (all of them when limit
// is not positive), newest last.
func (s *Store) Entries(ctx context.Context, limit int) ([]backend.Entry, error) {
	if limit <= 0 {
		limit = -1 // SQLite's "no limit"
	}
	entries, err := s.entries(ctx, entryQuery+"ORDER BY i.id DESC LIMIT ?", limit)
	slices.Reverse(entries)
	return entries, s.state.explain("read the journal", err)
}

// Unfinished lists the entries without any outcome, oldest first: a call is
// running, in this process or another, or the process ended before it knew how
// the call ended. An entry older than the time limit of a changing call can
// only be the latter.
func (s *Store) Unfinished(ctx context.Context) ([]backend.Entry, error) {
	entries, err := s.entries(ctx, entryQuery+"AND o.id IS NULL ORDER BY i.id")
	return entries, s.state.explain("read the journal", err)
}

// Doubtful lists the entries that may still be told how they ended, oldest first:
// those without any outcome, as Unfinished does, and those that ended uncertain.
func (s *Store) Doubtful(ctx context.Context) ([]backend.Entry, error) {
	entries, err := s.entries(ctx, entryQuery+"AND (o.id IS NULL OR o.result = ?) ORDER BY i.id", string(backend.ResultUncertain))
	return entries, s.state.explain("read the journal", err)
}

// EntriesOf lists every entry of a row, oldest first: those of the certificate and
// of every request that stood under its name.
func (s *Store) EntriesOf(ctx context.Context, row model.Ref) ([]backend.Entry, error) {
	entries, err := s.entries(ctx, entryQuery+"AND i.target = ? AND i.key = ? ORDER BY i.id", row.Target, row.Key)
	return entries, s.state.explain("read the journal", err)
}

func (s *Store) entries(ctx context.Context, query string, args ...any) ([]backend.Entry, error) {
	rows, err := s.state.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var entries []backend.Entry
	for rows.Next() {
		e, err := scanEntry(rows)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

func scanEntry(rows *sql.Rows) (backend.Entry, error) {
	var e backend.Entry
	var at int64
	var ended sql.NullInt64
	var result, text, requestID, revision, evidence sql.NullString
	ref := &e.Intent.Ref
	err := rows.Scan(&e.ID, &at, &e.Intent.Actor, &e.Intent.Op, &ref.Target, &ref.Kind, &ref.Key, &ref.Revision,
		&e.Intent.Detail, &ended, &result, &text, &requestID, &revision, &evidence)
	e.Intent.At = timeOf(at)
	if ended.Valid {
		e.Outcome = &backend.Outcome{
			At: timeOf(ended.Int64), Result: backend.Result(result.String), Error: text.String,
			ServiceRequestID: requestID.String, Revision: revision.String, Evidence: evidence.String,
		}
	}
	return e, err
}

// chain is the hash of the row: SHA-256 over the hash of the row before it and
// everything the row holds, each text preceded by its length.
func (r *record) chain(previous []byte) []byte {
	e := encoder{b: slices.Clone(previous)}
	e.int(r.id)
	e.bool(r.intent.Valid)
	e.int(r.intent.Int64)
	e.int(r.at)
	for _, text := range [...]string{r.actor, r.op, r.ref.Target, string(r.ref.Kind), r.ref.Key, r.ref.Revision,
		r.detail, r.result, r.err, r.requestID} {
		e.string(text)
	}
	sum := sha256.Sum256(e.b)
	return sum[:]
}

// VerifyJournal follows the chain of hashes through the whole journal. An
// edited, inserted or missing row is [ErrJournalEdited], with its number. Rows
// cut off at the end are not evident from the file alone, nor is a journal that
// was rewritten as a whole with new hashes: whoever has to rule that out keeps
// copies elsewhere.
func (s *Store) VerifyJournal(ctx context.Context) error {
	return s.state.explain("verify the journal", s.verify(ctx))
}

func (s *Store) verify(ctx context.Context) error {
	rows, err := s.state.db.QueryContext(ctx, `SELECT id, intent, at, actor, op, target, kind, key, revision, detail,
		result, error, request_id, hash FROM journal ORDER BY id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var previous record
	for rows.Next() {
		var r record
		err := rows.Scan(&r.id, &r.intent, &r.at, &r.actor, &r.op, &r.ref.Target, (*string)(&r.ref.Kind), &r.ref.Key,
			&r.ref.Revision, &r.detail, &r.result, &r.err, &r.requestID, &r.hash)
		if err != nil {
			return err
		}
		if r.id != previous.id+1 || !bytes.Equal(r.hash, r.chain(previous.hash)) {
			return fmt.Errorf("%w: at or just before row %d", ErrJournalEdited, r.id)
		}
		previous = r
	}
	return rows.Err()
}
