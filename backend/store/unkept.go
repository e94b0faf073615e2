package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// errOpenToAll is a directory in which anybody could plant a file.
var errOpenToAll = errors.New("everybody may write to it")

// goWithout puts the state into memory where its file can't be opened for
// writing: on a full disk, in a home that can't be written. It holds what the
// file holds, where that can be read. Intents are refused from then on; all else
// is kept until the process ends. What a person has to decide about (a damaged
// file, a newer one, a directory that is unsafe) stays an error.
func (f *file) goWithout(ctx context.Context, why error) error {
	for _, stays := range []error{ErrDamaged, ErrNewer, ErrNetworkFileSystem, errOpenToAll} {
		if errors.Is(why, stays) {
			return why
		}
	}
	if ctx.Err() != nil {
		return why
	}
	db, err := sql.Open("sqlite", "file::memory:?_txlock=immediate")
	if err != nil {
		return errors.Join(why, err)
	}
	db.SetMaxOpenConns(1)
	f.db, f.unwritable = db, why
	if err := f.migrate(ctx, 0); err != nil {
		return errors.Join(why, err, f.close())
	}
	f.unread = f.copyKept(ctx)
	if isDamage(f.unread) {
		return errors.Join(f.explain("open", f.unread), f.close())
	}
	return nil
}

// copyKept copies what the file holds into memory. A file that is not there
// holds nothing.
func (f *file) copyKept(ctx context.Context) error {
	if !holdsAnything(f.path) {
		return nil
	}
	if err := f.attach(ctx); err != nil {
		return err
	}
	var version int
	err := f.db.QueryRowContext(ctx, "PRAGMA kept.user_version").Scan(&version)
	switch {
	case err != nil:
	case version > len(f.schema):
		err = ErrNewer
	case version < len(f.schema):
		err = errors.New("an older certty wrote it, and it can't be brought up to date")
	default:
		err = f.copyTables(ctx)
	}
	_, detached := f.db.ExecContext(ctx, "DETACH kept")
	return errors.Join(err, detached)
}

func holdsAnything(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Size() > 0
}

func (f *file) copyTables(ctx context.Context) error {
	return f.write(ctx, func(tx *sql.Tx) error {
		for _, statement := range []string{
			"INSERT INTO main.journal SELECT * FROM kept.journal",
			"INSERT INTO main.events SELECT * FROM kept.events",
			"INSERT INTO main.latches SELECT * FROM kept.latches",
			"INSERT INTO main.holdings SELECT * FROM kept.holdings",
			"INSERT INTO main.keys SELECT * FROM kept.keys",
			"INSERT INTO main.accounts SELECT * FROM kept.accounts",
			"INSERT INTO main.due SELECT * FROM kept.due",
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		return nil
	})
}

// attach opens the file for reading only. SQLite makes a file beside it even
// for that, unless it is told that nobody writes; then it would pass by a
// write-ahead log, so there must be none.
func (f *file) attach(ctx context.Context) error {
	path, err := filepath.Abs(f.path)
	if err != nil {
		return err
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "mode=ro"}
	try := func() error {
		if _, err := f.db.ExecContext(ctx, "ATTACH ? AS kept", u.String()); err != nil {
			return err
		}
		var n int
		return f.db.QueryRowContext(ctx, "SELECT count(*) FROM kept.sqlite_schema").Scan(&n)
	}
	if err = try(); err == nil || isDamage(err) {
		return err
	}
	if wal, e := os.Stat(f.path + sidecars[0]); e == nil && wal.Size() > 0 {
		return err
	}
	// It may not be attached at all; then the next line says it.
	_, _ = f.db.ExecContext(ctx, "DETACH kept")
	u.RawQuery = "mode=ro&immutable=1"
	return try()
}

// remark says what it means that the file can't be written; "" while it can.
func (f *file) remark() string {
	if f.unwritable == nil {
		return ""
	}
	why := strings.TrimSuffix(f.unwritable.Error(), "; "+f.wayOut())
	note := fmt.Sprintf("Nothing can be changed, because no change could be journalled: %s. Everything can be read. Mend it, or %s, and start certty again.",
		why, f.wayOut())
	if f.unread != nil {
		note += fmt.Sprintf(" The journal and the timelines so far can't be shown: %v.", f.unread)
	}
	return note
}

// ErrUnwritable is a journal that could not be opened for writing when the
// program started.
var ErrUnwritable = errors.New("the journal can't be written")

// Unwritable is why no intent can be journalled for as long as the store is
// open, an ErrUnwritable; nil where nothing is known against it. A disk that
// becomes full later shows when an intent is written.
func (s *Store) Unwritable() error {
	if s.state.unwritable == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrUnwritable, s.state.unwritable)
}
