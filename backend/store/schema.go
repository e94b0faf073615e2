package store

// A schema is a list of steps; user_version counts those that were taken. A
// step that was released is never changed again.

// cacheSchema is the schema of cache.db.
//
// Every save of a target counts its generation up. A row carries the
// generation it was written in, and so does the value with all sightings: of
// the two the newer tells when the row was last seen.
var cacheSchema = []string{`
CREATE TABLE targets (
	name       TEXT PRIMARY KEY NOT NULL,
	generation INTEGER NOT NULL,
	swept      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sightings (
	target     TEXT PRIMARY KEY NOT NULL,
	generation INTEGER NOT NULL,
	value      BLOB NOT NULL
) STRICT;

CREATE TABLE items (
	target     TEXT NOT NULL,
	key        TEXT NOT NULL,
	generation INTEGER NOT NULL,
	value      BLOB NOT NULL,
	PRIMARY KEY (target, key)
) STRICT;
`, `
ALTER TABLE targets ADD COLUMN looked INTEGER NOT NULL DEFAULT 0;
`}

// stateSchema is the schema of certty.db. Times are nanoseconds since 1970.
var stateSchema = []string{`
CREATE TABLE journal (
	id         INTEGER PRIMARY KEY NOT NULL,
	intent     INTEGER REFERENCES journal (id),
	at         INTEGER NOT NULL,
	actor      TEXT NOT NULL,
	op         TEXT NOT NULL,
	target     TEXT NOT NULL,
	kind       TEXT NOT NULL,
	key        TEXT NOT NULL,
	revision   TEXT NOT NULL,
	detail     TEXT NOT NULL,
	result     TEXT NOT NULL,
	error      TEXT NOT NULL,
	request_id TEXT NOT NULL,
	hash       BLOB NOT NULL
) STRICT;
CREATE INDEX journal_outcomes ON journal (intent) WHERE intent IS NOT NULL;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
	BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
	BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE events (
	id       INTEGER PRIMARY KEY NOT NULL,
	target   TEXT NOT NULL,
	key      TEXT NOT NULL,
	ref_kind TEXT NOT NULL,
	revision TEXT NOT NULL,
	kind     TEXT NOT NULL,
	at       INTEGER NOT NULL,
	text     TEXT NOT NULL
) STRICT;
CREATE INDEX events_row ON events (target, key, id);

CREATE TABLE latches (
	target TEXT PRIMARY KEY NOT NULL,
	reason TEXT NOT NULL,
	at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`, `
CREATE TABLE holdings (
	target TEXT NOT NULL,
	key    TEXT NOT NULL,
	record TEXT NOT NULL,
	rest   TEXT NOT NULL,
	PRIMARY KEY (target, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
	target     TEXT NOT NULL,
	key        TEXT NOT NULL,
	public_key TEXT NOT NULL,
	locked     BLOB NOT NULL,
	made       INTEGER NOT NULL,
	PRIMARY KEY (target, key, public_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
	target TEXT PRIMARY KEY NOT NULL,
	value  TEXT NOT NULL
) STRICT;

CREATE TABLE due (
	target TEXT NOT NULL,
	job    TEXT NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (target, job)
) STRICT, WITHOUT ROWID;
`}
