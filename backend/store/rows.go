package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"certty/model"
)

// Rows is cache.db opened to find some rows in it, for a program that has to
// answer at once: certty.db stays closed, and nothing is made, migrated or
// replaced.
type Rows struct{ file file }

// OpenRows opens the cache in a directory. One that is not there, and one that
// this program can't read as it stands, is an error; fs.ErrNotExist where there
// is none.
func OpenRows(ctx context.Context, cacheDir string) (*Rows, error) {
	r := &Rows{file{path: filepath.Join(cacheDir, "cache.db"), setting: "cache_dir", synchronous: "NORMAL", schema: cacheSchema}}
	// SQLite would make the file, and takes an empty one for a database.
	info, err := os.Stat(r.file.path)
	if err == nil && info.Size() == 0 {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", r.file.path, err)
	}
	// Not mode=ro: who closes the file last must be able to delete the log that
	// opening it made.
	version, err := r.file.connect(ctx)
	if err == nil && version != len(cacheSchema) {
		err = fmt.Errorf("its schema is %d, this program knows %d", version, len(cacheSchema))
	}
	if err != nil {
		return nil, errors.Join(r.file.explain("open", err), r.file.close())
	}
	return r, nil
}

// Close gives the file back.
func (r *Rows) Close() error { return r.file.close() }

// Find loads the rows of target whose keys begin with the bytes of prefix, the
// first ones in the order of their keys and at most limit. Only these are read
// and decoded. As in [Store.LoadSnapshot] a row that this program can't read is
// left out, and a target of which nothing was saved has none.
func (r *Rows) Find(ctx context.Context, target, prefix string, limit int) (*model.Snapshot, error) {
	l, err := load(ctx, r.file.db, target, part{prefix: prefix, limit: limit})
	if err != nil {
		return nil, r.file.explain("find rows of "+target, err)
	}
	return l.snapshot(target), nil
}

// part says which rows of a target are loaded; the zero value is all of them.
type part struct {
	prefix string
	limit  int // 0 is none
}

// query asks for the rows from the first one of the part on, in the order of
// their keys' bytes: the part ends at the first key without the prefix.
func (p part) query(ctx context.Context, db *sql.DB, target string) (*sql.Rows, error) {
	limit := p.limit
	if limit == 0 {
		limit = -1
	}
	return db.QueryContext(ctx, "SELECT generation, value FROM items WHERE target = ? AND key >= ? ORDER BY key LIMIT ?",
		target, p.prefix, limit)
}
