package store

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"certty/backend"
)

var _ backend.Journal = (*Store)(nil)

// Options say where the files are.
type Options struct {
	// StateDir holds certty.db. It and what is missing above it is made.
	StateDir string
	// CacheDir holds cache.db; it may be the same directory.
	CacheDir string
	// Now is the clock; nil means time.Now. It decides how old an event of
	// the timeline may grow.
	Now func() time.Time
}

// Store is the local state. Its methods may be called from any goroutine.
type Store struct {
	now   func() time.Time
	state *file
	cache cache

	pruneMu  sync.Mutex
	prunedAt time.Time
}

// Open opens the files in the two directories, makes what is missing and
// brings older files up to date. A certty.db of a newer program is [ErrNewer],
// one on a network file system [ErrNetworkFileSystem], a damaged one
// [ErrDamaged]. One that can't be written otherwise costs the changes and
// nothing else, see [Store.Unwritable]. The cache costs no start: a damaged one
// is replaced, and without one the store works as well. [Store.Notes] says so.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.StateDir == "" || o.CacheDir == "" {
		return nil, errors.New("open the store: state and cache directory must be set")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Store{
		now: o.Now,
		state: &file{
			path: filepath.Join(o.StateDir, "certty.db"), setting: "state_dir",
			keep: true, synchronous: "FULL", schema: stateSchema,
		},
		// After a power cut the newest pages of a cache may be missing; a wait
		// for the disk at every change would be too dear for that.
		cache: cache{file: file{
			path: filepath.Join(o.CacheDir, "cache.db"), setting: "cache_dir",
			synchronous: "NORMAL", schema: cacheSchema,
		}},
	}
	if err := s.state.open(ctx); err != nil {
		if err := s.state.goWithout(ctx, err); err != nil {
			return nil, err
		}
	}
	if err := s.cache.open(ctx); err != nil {
		return nil, errors.Join(err, s.state.close())
	}
	return s, nil
}

// Close gives the files back. What was committed is on the disk already.
func (s *Store) Close() error {
	return errors.Join(s.cache.close(), s.state.close())
}

// Notes are remarks for the person about what happened to the files since the
// store was opened, oldest first: that nothing can be journalled, that the cache
// was damaged and was made anew, that there is none.
func (s *Store) Notes() []string {
	notes := s.cache.remarks()
	if note := s.state.remark(); note != "" {
		notes = append([]string{note}, notes...)
	}
	return notes
}
