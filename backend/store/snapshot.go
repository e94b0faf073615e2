package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"certty/model"
)

// sightingsAbove is the number of rows with no other news than that they were
// seen again, from which on all sightings are written as one value instead of
// rewriting those rows.
const sightingsAbove = 16

// SaveSnapshot stores next, the successor of prev, in one transaction. It
// writes only items that differ: an item that is the same pointer in both is
// not looked at, and one whose content is the same costs no rewriting of its
// row. prev is what was last loaded or saved by this Store; when it is nil, or
// the file lost what was saved, all of next is written.
func (s *Store) SaveSnapshot(ctx context.Context, prev, next *model.Snapshot) error {
	doing := "save the snapshot of " + next.Target()
	return s.cache.use(ctx, doing, func(f *file) error {
		known := s.cache.known[next.Target()] && prev != nil && prev.Target() == next.Target()
		if !known {
			prev = model.NewSnapshot(next.Target(), nil, time.Time{})
		}
		news := compare(prev, next)
		if known && news.empty() && prev.SweptAt().Equal(next.SweptAt()) {
			return nil
		}
		delete(s.cache.known, next.Target())
		err := f.write(ctx, func(tx *sql.Tx) error {
			if !known {
				if _, err := tx.ExecContext(ctx, "DELETE FROM items WHERE target = ?", next.Target()); err != nil {
					return err
				}
			}
			return writeNews(ctx, tx, next, news)
		})
		if err == nil {
			s.cache.known[next.Target()] = true
		}
		return err
	})
}

// news is what has to be written to get from one snapshot to the next.
type news struct {
	changed []*model.Item
	gone    []string
	// sighted is true when rows were seen again without other news.
	sighted bool
}

func (n news) empty() bool { return len(n.changed) == 0 && len(n.gone) == 0 && !n.sighted }

// compare walks both snapshots in step; both are sorted by key.
func compare(prev, next *model.Snapshot) news {
	var n news
	var again []*model.Item
	old := prev.Items()
	for _, it := range next.Items() {
		for len(old) > 0 && old[0].Ref.Key < it.Ref.Key {
			n.gone = append(n.gone, old[0].Ref.Key)
			old = old[1:]
		}
		if len(old) == 0 || old[0].Ref.Key != it.Ref.Key {
			n.changed = append(n.changed, it)
			continue
		}
		switch was := old[0]; {
		case was == it:
		case sameContent(was, it):
			again = append(again, it)
		default:
			n.changed = append(n.changed, it)
		}
		old = old[1:]
	}
	for _, it := range old {
		n.gone = append(n.gone, it.Ref.Key)
	}
	n.sighted = len(again) > sightingsAbove
	if !n.sighted {
		n.changed = append(n.changed, again...)
	}
	return n
}

// sameContent reports whether two items differ in nothing but when they were
// read.
func sameContent(a, b *model.Item) bool {
	was := *a
	sightingOf(b).applyTo(&was)
	return bytes.Equal(appendItem(nil, &was), appendItem(nil, b))
}

func writeNews(ctx context.Context, tx *sql.Tx, next *model.Snapshot, n news) error {
	target := next.Target()
	var generation int64
	const count = `INSERT INTO targets (name, generation, swept) VALUES (?, 1, ?)
		ON CONFLICT (name) DO UPDATE SET generation = generation + 1, swept = excluded.swept
		RETURNING generation`
	if err := tx.QueryRowContext(ctx, count, target, nanos(next.SweptAt())).Scan(&generation); err != nil {
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
		target, generation, encodeSightings(next.Items()))
	return err
}

func writeItems(ctx context.Context, tx *sql.Tx, target string, generation int64, items []*model.Item) error {
	if len(items) == 0 {
		return nil
	}
	put, err := tx.PrepareContext(ctx, "REPLACE INTO items (target, key, generation, value) VALUES (?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer put.Close()
	var b []byte
	for _, it := range items {
		b = appendItem(b[:0], it)
		if _, err := put.ExecContext(ctx, target, it.Ref.Key, generation, b); err != nil {
			return fmt.Errorf("write %s: %w", it.Ref, err)
		}
	}
	return nil
}

// LoadSnapshot loads what was last saved of target; a snapshot without items
// when nothing was. A row that this program can't read is left out: the next
// sweep brings it again.
func (s *Store) LoadSnapshot(ctx context.Context, target string) (*model.Snapshot, error) {
	var snapshot *model.Snapshot
	err := s.cache.use(ctx, "load the snapshot of "+target, func(f *file) error {
		var whole bool
		var err error
		snapshot, whole, err = loadSnapshot(ctx, f.db, target)
		if err == nil {
			s.cache.known[target] = whole
		}
		return err
	})
	return snapshot, err
}

// loadSnapshot reads a target. whole is false when rows were left out. The
// three queries need no transaction: a row that another process writes in
// between carries a newer generation than the sightings read before it.
func loadSnapshot(ctx context.Context, db *sql.DB, target string) (_ *model.Snapshot, whole bool, err error) {
	var swept int64
	err = db.QueryRowContext(ctx, "SELECT swept FROM targets WHERE name = ?", target).Scan(&swept)
	if errors.Is(err, sql.ErrNoRows) {
		return model.NewSnapshot(target, nil, time.Time{}), true, nil
	}
	if err != nil {
		return nil, false, err
	}
	var seen []byte
	var seenIn int64
	err = db.QueryRowContext(ctx, "SELECT generation, value FROM sightings WHERE target = ?", target).Scan(&seenIn, &seen)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, false, err
	}
	items, whole, err := loadItems(ctx, db, target, newSightings(seen), seenIn)
	if err != nil {
		return nil, false, err
	}
	return model.NewSnapshot(target, items, timeOf(swept)), whole, nil
}

func loadItems(ctx context.Context, db *sql.DB, target string, seen *sightings, seenIn int64) (_ []*model.Item, whole bool, err error) {
	rows, err := db.QueryContext(ctx, "SELECT generation, value FROM items WHERE target = ? ORDER BY key", target)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	var items []*model.Item
	var generation int64
	var value sql.RawBytes // spares a copy of each row
	whole = true
	for rows.Next() {
		if err := rows.Scan(&generation, &value); err != nil {
			return nil, false, err
		}
		it, err := decodeItem(target, value)
		if err != nil {
			whole = false
			continue
		}
		if when, ok := seen.find(it.Ref.Key); ok && seenIn > generation {
			when.applyTo(it)
		}
		items = append(items, it)
	}
	return items, whole, rows.Err()
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
