package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// busyTimeout is how long a process waits for another one's transaction. No
// transaction spans a network call, so only a stopped process holds one longer.
const busyTimeout = 5 * time.Second

// pageCache bounds SQLite's own memory of a file, in KiB. Snapshots are read and
// written from one end to the other, and the journal at its end: the 2 000 that
// SQLite takes by default are pages which nobody asks for again.
const pageCache = 256

// file is one SQLite file with its one connection. A second connection of the
// same process would only wait for the first.
type file struct {
	path string
	// setting is what a person changes to put the file elsewhere.
	setting string
	// keep forbids replacing the file, whatever state it is in. What is deleted
	// from such a file, keys among it, is overwritten there.
	keep        bool
	synchronous string
	schema      []string
	// fileSystem is networkFileSystem, but for tests.
	fileSystem func(dir string) (string, error)

	db *sql.DB
	// opened identifies the file behind the connection.
	opened fs.FileInfo
	// unwritable is why the connection leads to memory instead of the file, and
	// unread why what the file holds is not there; see goWithout.
	unwritable, unread error
}

// open opens the file, makes it and its directory when they are missing, and
// brings its schema up to date.
func (f *file) open(ctx context.Context) error {
	if err := f.prepareDir(); err != nil {
		return err
	}
	if f.ready(ctx) {
		return nil
	}
	return f.make(ctx)
}

// ready opens a file that needs no work, which is the usual start and takes no
// lock. Whatever is wrong with the file is found again, and told, by make.
func (f *file) ready(ctx context.Context) bool {
	info, err := os.Stat(f.path)
	if err != nil || info.Size() == 0 || !private(info) {
		return false
	}
	version, err := f.connect(ctx)
	if err == nil && version == len(f.schema) {
		return true
	}
	// A connection that did not come up has nothing to lose.
	_ = f.close()
	return false
}

// make creates or migrates the file. Processes take turns at it: SQLite's own
// locks do not cover switching to the write-ahead log.
func (f *file) make(ctx context.Context) error {
	unlock, err := lock(ctx, f.path+".lock", busyTimeout)
	if err != nil {
		return fmt.Errorf("open %s: %w", f.path, err)
	}
	defer unlock()
	if err := f.create(); err != nil {
		return fmt.Errorf("open %s: %w; %s", f.path, err, f.wayOut())
	}
	version, err := f.connect(ctx)
	if err == nil && version > len(f.schema) {
		err = fmt.Errorf("%w (its schema is %d, this program knows %d); use the newer program, or %s",
			ErrNewer, version, len(f.schema), f.wayOut())
	}
	if err == nil {
		err = f.migrate(ctx, version)
	}
	if err != nil {
		return errors.Join(f.explain("open", err), f.close())
	}
	return nil
}

func (f *file) wayOut() string {
	return "set " + f.setting + " to another directory"
}

// create makes the file, empty, for its owner only; SQLite gives the mode of
// the file to the -wal and -shm beside it.
func (f *file) create() error {
	handle, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return f.tighten()
	}
	if err != nil {
		return err
	}
	// A log that outlived its file belongs to no one and would be replayed
	// into the new one.
	for _, suffix := range sidecars {
		if err := os.Remove(f.path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(err, handle.Close())
		}
	}
	return errors.Join(handle.Chmod(0o600), handle.Close())
}

var sidecars = [...]string{"-wal", "-shm"}

// tighten takes the file and what stands beside it away from everybody but the
// owner.
func (f *file) tighten() error {
	for _, suffix := range [...]string{"", sidecars[0], sidecars[1]} {
		info, err := os.Stat(f.path + suffix)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return err
		case info.IsDir():
			return errors.New("there is a directory in the place of the file")
		case private(info):
			continue
		}
		if err := os.Chmod(f.path+suffix, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// connect opens the one connection and reads the schema's version.
func (f *file) connect(ctx context.Context) (version int, err error) {
	info, err := os.Stat(f.path)
	if err != nil {
		return 0, err
	}
	path, err := filepath.Abs(f.path)
	if err != nil {
		return 0, err
	}
	query := url.Values{
		"_txlock":       {"immediate"},
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		"_journal_mode": {"wal"},
		"_synchronous":  {f.synchronous},
		"_pragma":       {fmt.Sprintf("cache_size(-%d)", pageCache)},
	}
	if f.keep {
		query.Add("_pragma", "secure_delete(on)")
	}
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: query.Encode()}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return 0, err
	}
	db.SetMaxOpenConns(1)
	f.db, f.opened = db, info
	err = db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	return version, err
}

// migrate brings the schema from version to the newest one, a step a
// transaction.
func (f *file) migrate(ctx context.Context, version int) error {
	for step := version; step < len(f.schema); step++ {
		err := f.write(ctx, func(tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, f.schema[step]); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", step+1))
			return err
		})
		if err != nil {
			return fmt.Errorf("bring the schema to version %d: %w", step+1, err)
		}
	}
	return nil
}

// write runs change in one transaction that holds the write lock from its
// beginning.
func (f *file) write(ctx context.Context, change func(*sql.Tx) error) error {
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := change(tx); err != nil {
		// The rollback's own trouble, if any, follows from err.
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// scrub empties the write-ahead log, in which what was deleted may still stand.
// A program that is reading right now may hinder it; then the log is overwritten
// later, or deleted by the last program that closes the file.
func (f *file) scrub(ctx context.Context) error {
	var busy, pages, done int
	return f.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &done)
}

// removed reports whether the path names another file than the one that is
// open, or none.
func (f *file) removed() bool {
	info, err := os.Stat(f.path)
	return err != nil || !os.SameFile(info, f.opened)
}

func (f *file) close() error {
	if f.db == nil {
		return nil
	}
	return f.db.Close()
}
