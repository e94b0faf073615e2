package guard

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"certty/backend"
	"certty/model"
)

// The default time limits.
const (
	defaultReadTimeout = 60 * time.Second
	// An order at a CA can take this long to be answered.
	defaultChangeTimeout = 15 * time.Minute
	// journalTimeout bounds a write to the journal; it is longer than the
	// store waits for another process.
	journalTimeout = 10 * time.Second
)

// The reasons why a capability is missing.
const (
	whyReadOnly  = "read-only: start without --read-only, or change read_only in the configuration"
	whyNoJournal = "no journal: nothing is changed that can't be written down first"
)

// Options say how a backend is guarded.
type Options struct {
	// Actor is who acts, for the journal.
	Actor string
	// ReadOnly takes every changing capability away.
	ReadOnly bool
	// Journal keeps intents and outcomes. Without one nothing can be changed.
	Journal backend.Journal
	// Now is the clock of the journal's entries; nil means time.Now.
	Now func() time.Time
	// ReadTimeout bounds a read, and a sweep's wait for its next page; 0 means
	// 60 seconds.
	ReadTimeout time.Duration
	// ChangeTimeout bounds a changing call; 0 means 15 minutes.
	ChangeTimeout time.Duration
	// OnJournalTrouble is told when the outcome of a call that was made could
	// not be written. It may be called from any goroutine. Nil logs it.
	OnJournalTrouble func(error)
	// Operation makes the id that a create, a new version and an import leave in
	// [backend.OperationTag], a new one each time; it tells nothing secret. Nil
	// leaves none.
	Operation func() string
	// Known is what is known of a row, for the journal: by it the change is told
	// from what stood there before. Nil, an error and a nil item know nothing.
	Known func(ctx context.Context, row model.Ref) (*model.Item, error)
	// Log gets every call with its target, name, duration and how it ended, and
	// nothing of what was sent or answered. Nil keeps none.
	Log *slog.Logger
}

// Wrap guards b. Info says ReadOnly when the options or b do. A capability that
// b has not stays nil with its reason; with ReadOnly, or without a journal, the
// changing ones are nil too, with a reason of their own.
//
// A changing call gives a *backend.Error of
//   - KindLocal when its intent could not be written (it was not made),
//   - KindConflict when another one on the same row is still running here (it
//     was not made),
//   - KindUncertain when its end proves nothing: its time was up, its context
//     ended, or the adapter panicked (see [PanicError]);
//
// every other error is the backend's own. A read whose time is up is a
// KindNetwork error.
func Wrap(b backend.Backend, o Options) backend.Backend {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.OnJournalTrouble == nil {
		o.OnJournalTrouble = func(err error) { slog.Error("The outcome of a change could not be journalled.", "error", err) }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.ReadTimeout = cmp.Or(o.ReadTimeout, defaultReadTimeout)
	o.ChangeTimeout = cmp.Or(o.ChangeTimeout, defaultChangeTimeout)
	info := b.Info()
	info.ReadOnly = info.ReadOnly || o.ReadOnly
	o.ReadOnly = info.ReadOnly
	g := &guarded{info: info}
	g.capabilities = wrap(b.Capabilities(), &changer{target: info.Name, options: o, busy: map[model.Ref]string{}}, o)
	return g
}

type guarded struct {
	info         backend.Info
	capabilities backend.Capabilities
}

func (g *guarded) Info() backend.Info                 { return g.info }
func (g *guarded) Capabilities() backend.Capabilities { return g.capabilities }

// wrap replaces every capability that is there by its guarded form. A test
// walks the struct's fields, so that none is forgotten.
func wrap(c backend.Capabilities, by *changer, o Options) backend.Capabilities {
	reads := bounds{o.ReadTimeout, o.Log}
	if c.Sweep != nil {
		c.Sweep = sweeper{c.Sweep, "list", by.target, reads}
	}
	if c.SweepDeleted != nil {
		c.SweepDeleted = sweeper{c.SweepDeleted, "list deleted", by.target, reads}
	}
	if c.Read != nil {
		c.Read = reader{c.Read, reads}
	}
	if c.Versions != nil {
		c.Versions = versionReader{c.Versions, reads}
	}
	if c.Catalog != nil {
		c.Catalog = cataloger{c.Catalog, by.target, reads}
	}
	c = wrapAccount(c, by.target, reads)
	if why := whyUnchangeable(o); why != "" {
		return withoutOrders(withoutChanges(c, why), why)
	}
	return withOrders(withChanges(c, by), by)
}

func withChanges(c backend.Capabilities, by *changer) backend.Capabilities {
	if c.Create != nil {
		c.Create = creator{c.Create, by}
	}
	if c.Cancel != nil {
		c.Cancel = canceler{c.Cancel, by}
	}
	if c.Merge != nil {
		c.Merge = merger{c.Merge, by}
	}
	if c.DeleteRequest != nil {
		c.DeleteRequest = requestDeleter{c.DeleteRequest, by}
	}
	if c.NewVersion != nil {
		c.NewVersion = versionMaker{c.NewVersion, by}
	}
	if c.Import != nil {
		c.Import = importer{c.Import, by}
	}
	if c.Lifecycle != nil {
		c.Lifecycle = lifecycle{c.Lifecycle, by}
	}
	return c
}

func whyUnchangeable(o Options) string {
	switch {
	case o.ReadOnly:
		return whyReadOnly
	case o.Journal == nil:
		return whyNoJournal
	}
	return ""
}

// withoutChanges keeps the backend's own reason where it can't do it anyway.
func withoutChanges(c backend.Capabilities, why string) backend.Capabilities {
	if c.Create != nil {
		c.Create, c.CreateWhy = nil, why
	}
	if c.Cancel != nil {
		c.Cancel, c.CancelWhy = nil, why
	}
	if c.Merge != nil {
		c.Merge, c.MergeWhy = nil, why
	}
	if c.DeleteRequest != nil {
		c.DeleteRequest, c.DeleteRequestWhy = nil, why
	}
	if c.NewVersion != nil {
		c.NewVersion, c.NewVersionWhy = nil, why
	}
	if c.Import != nil {
		c.Import, c.ImportWhy = nil, why
	}
	if c.Lifecycle != nil {
		c.Lifecycle, c.LifecycleWhy = nil, why
	}
	return c
}
