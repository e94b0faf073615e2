package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Swept is when the last complete listing of a target began of which the cache
// knows; zero where it knows of none.
func (s *Store) Swept(ctx context.Context, target string) (time.Time, error) {
	var began time.Time
	err := s.cache.use(ctx, "load when "+target+" was listed", func(f *file) error {
		var swept int64
		err := f.db.QueryRowContext(ctx, "SELECT swept FROM targets WHERE name = ?", target).Scan(&swept)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		began = timeOf(swept)
		return err
	})
	return began, err
}
