package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"certty/model"
)

// sightingsAbove is the number of rows with no other news than that they were
// seen again, from which on all sightings are written as one value instead of
// rewriting those rows.
const sightingsAbove = 16

// SaveSnapshot stores next in one transaction. Of a target that this Store
// loaded or saved before it writes only items that differ from what it then
// read or wrote: one that is the same pointer is not looked at, and one whose
// content is the same costs no rewriting of its row. Of any other target, and
// when the file lost what was saved, all of next is written.
func (s *Store) SaveSnapshot(ctx context.Context, next *model.Snapshot) error {
	target := next.Target()
	return s.cache.use(ctx, "save the snapshot of "+target, func(f *file) error {
		old, known := s.cache.known[target]
		news := compare(old.rows, next)
		if known && news.empty() && old.swept.Equal(next.SweptAt()) && old.looked.Equal(next.LookedAt()) {
			return nil
		}
		delete(s.cache.known, target)
		err := f.write(ctx, func(tx *sql.Tx) error {
			if !known {
				if _, err := tx.ExecContext(ctx, "DELETE FROM items WHERE target = ?", target); err != nil {
					return err
				}
			}
			return writeNews(ctx, tx, next, news)
		})
		if err == nil {
			s.cache.known[target] = written{swept: next.SweptAt(), looked: next.LookedAt(), rows: news.rows}
		}
		return err
	})
}

func writeNews(ctx context.Context, tx *sql.Tx, next *model.Snapshot, n news) error {
	target := next.Target()
	var generation int64
	const count = `INSERT INTO targets (name, generation, swept, looked) VALUES (?, 1, ?, ?)
		ON CONFLICT (name) DO UPDATE SET generation = generation + 1, swept = excluded.swept, looked = excluded.looked
		RETURNING generation`
	if err := tx.QueryRowContext(ctx, count, target, nanos(next.SweptAt()), nanos(next.LookedAt())).Scan(&generation); err != nil {
		return err
	}
	if err := writeItems(ctx, tx, target, generation, n.changed); err != nil {
		return err
	}
	for _, key := range n.gone {
		if _, err := tx.ExecContext(ctx, "DELETE FROM items WHERE target = ? AND key = ?", target, key); err != nil {
			return err
		}
	}
	if !n.sighted {
		return nil
	}
	_, err := tx.ExecContext(ctx, "REPLACE INTO sightings (target, generation, value) VALUES (?, ?, ?)",
		target, generation, encodeSightings(next))
	return err
}

// rowsAtOnce is how many rows one statement writes: each statement has a price of
// its own, which is higher than that of a row.
const rowsAtOnce = 32

func writeItems(ctx context.Context, tx *sql.Tx, target string, generation int64, items []*model.Item) error {
	for n := rowsAtOnce; len(items) > 0; n = 1 {
		whole := len(items) - len(items)%n
		if err := writeRows(ctx, tx, target, generation, items[:whole], n); err != nil {
			return err
		}
		items = items[whole:]
	}
	return nil
}

// writeRows writes items, n with each statement, by which their number can be
// divided.
func writeRows(ctx context.Context, tx *sql.Tx, target string, generation int64, items []*model.Item, n int) error {
	if len(items) == 0 {
		return nil
	}
	statement := append([]string{"REPLACE INTO items (target, key, generation, value) VALUES (?, ?, ?, ?)"},
		slices.Repeat([]string{"(?, ?, ?, ?)"}, n-1)...)
	put, err := tx.PrepareContext(ctx, strings.Join(statement, ", "))
	if err != nil {
		return err
	}
	defer put.Close()
	args := make([]any, 0, 4*n)
	values := make([][]byte, n)
	for len(items) > 0 {
		rows := items[:n]
		items, args = items[n:], args[:0]
		for i, it := range rows {
			values[i] = appendItem(values[i][:0], it)
			args = append(args, target, it.Ref.Key, generation, values[i])
		}
		if _, err := put.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("write %s: %w", namesOf(rows), err)
		}
	}
	return nil
}

// namesOf tells which rows a statement was to write.
func namesOf(rows []*model.Item) string {
	if len(rows) == 1 {
		return rows[0].Ref.String()
	}
	return fmt.Sprintf("%s to %s", rows[0].Ref, rows[len(rows)-1].Ref)
}

// LoadSnapshot loads what was last saved of target; a snapshot without items
// when nothing was. A row that this program can't read is left out: the next
// sweep brings it again.
func (s *Store) LoadSnapshot(ctx context.Context, target string) (*model.Snapshot, error) {
	snapshot := model.NewSnapshot(target, nil, time.Time{})
	err := s.cache.use(ctx, "load the snapshot of "+target, func(f *file) error {
		l, err := load(ctx, f.db, target, part{})
		if err != nil {
			return err
		}
		snapshot = l.snapshot(target)
		if l.whole {
			s.cache.known[target] = written{swept: l.swept, looked: l.looked, rows: l.rows}
		} else {
			delete(s.cache.known, target)
		}
		return nil
	})
	return snapshot, err
}

// Row loads one row as it was last saved; nil where none was, or none that this
// program can read.
func (s *Store) Row(ctx context.Context, ref model.Ref) (*model.Item, error) {
	var it *model.Item
	err := s.cache.use(ctx, "load "+ref.Row().String(), func(f *file) error {
		it = nil
		l, err := load(ctx, f.db, ref.Target, part{prefix: ref.Key, limit: 1})
		if err == nil && len(l.items) == 1 && l.items[0].Ref.Key == ref.Key {
			it = l.items[0]
		}
		return err
	})
	return it, err
}

// loaded is what the file holds of a target.
type loaded struct {
	swept, looked time.Time
	items         []*model.Item // by key
	rows          []writtenRow
	whole         bool // no row was left out
}

func (l *loaded) snapshot(target string) *model.Snapshot {
	return model.NewSnapshot(target, l.items, l.swept).WithLook(l.looked)
}

// load reads a part of a target. The three queries need no transaction: a row that
// another process writes in between carries a newer generation than the
// sightings read before it.
func load(ctx context.Context, db *sql.DB, target string, p part) (loaded, error) {
	l := loaded{whole: true}
	var swept, looked int64
	err := db.QueryRowContext(ctx, "SELECT swept, looked FROM targets WHERE name = ?", target).Scan(&swept, &looked)
	if errors.Is(err, sql.ErrNoRows) {
		return l, nil
	}
	if err != nil {
		return loaded{}, err
	}
	l.swept, l.looked = timeOf(swept), timeOf(looked)
	var seen []byte
	var seenIn int64
	err = db.QueryRowContext(ctx, "SELECT generation, value FROM sightings WHERE target = ?", target).Scan(&seenIn, &seen)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return loaded{}, err
	}
	err = l.loadItems(ctx, db, target, p, newSightings(seen), seenIn)
	return l, err
}

func (l *loaded) loadItems(ctx context.Context, db *sql.DB, target string, p part, seen *sightings, seenIn int64) error {
	rows, err := p.query(ctx, db, target)
	if err != nil {
		return err
	}
	defer rows.Close()
	var generation int64
	var value sql.RawBytes // spares a copy of each row
	for rows.Next() {
		if err := rows.Scan(&generation, &value); err != nil {
			return err
		}
		it, content, err := decodeItem(target, value)
		if err != nil {
			l.whole = false
			continue
		}
		if !strings.HasPrefix(it.Ref.Key, p.prefix) {
			break // nor does any behind it
		}
		if when, ok := seen.find(it.Ref.Key); ok && seenIn > generation {
			when.applyTo(it)
		}
		l.items = append(l.items, it)
		l.rows = append(l.rows, writtenOf(it, it.ListedAt, content))
	}
	return rows.Err()
}

// nanos is how times are stored; 0 is the zero time.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func timeOf(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
