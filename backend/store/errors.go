package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors that callers tell apart with errors.Is. Each comes wrapped with the
// file and the way out.
var (
	// ErrDamaged is a file that is not, or no longer, a database.
	ErrDamaged = errors.New("the file is damaged")
	// ErrNewer is a file that a newer version of certty wrote.
	ErrNewer = errors.New("the file was written by a newer certty")
	// ErrNetworkFileSystem is a directory on a file system over a network,
	// where several processes can't share a database safely.
	ErrNetworkFileSystem = errors.New("the directory is on a network file system")
	// ErrRemoved is a file that was deleted or replaced while it was open:
	// what would be written to it now is lost.
	ErrRemoved = errors.New("the file was removed or replaced while certty was running")
	// ErrJournalEdited is a journal whose rows do not match their hashes.
	ErrJournalEdited = errors.New("the journal was edited")
	// ErrUnknownIntent is an outcome for an intent that the journal does not
	// hold, or that has its final outcome already.
	ErrUnknownIntent = errors.New("no such open intent in the journal")
)

// plain words for what SQLite says in its own.
var resultText = map[int]string{
	sqlite3.SQLITE_BUSY:     "another process has kept it locked for too long",
	sqlite3.SQLITE_FULL:     "the disk is full",
	sqlite3.SQLITE_READONLY: "it may not be written",
	sqlite3.SQLITE_CANTOPEN: "it can't be opened",
	sqlite3.SQLITE_PERM:     "permission denied",
	sqlite3.SQLITE_IOERR:    "the disk reports an error",
}

// resultCode is SQLite's primary result code in err; 0 when there is none.
func resultCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

func isDamage(err error) bool {
	code := resultCode(err)
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// explain says what was being done to the file and why it failed.
func (f *file) explain(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case isDamage(err) && f.keep:
		return fmt.Errorf("%s: %s: %w and was left as it is; restore it from a backup, or move it away to start anew: %w",
			doing, f.path, ErrDamaged, err)
	case isDamage(err):
		return fmt.Errorf("%s: %s: %w: %w", doing, f.path, ErrDamaged, err)
	}
	if text, ok := resultText[resultCode(err)]; ok {
		return fmt.Errorf("%s: %s: %s: %w", doing, f.path, text, err)
	}
	return fmt.Errorf("%s: %s: %w", doing, f.path, err)
}
