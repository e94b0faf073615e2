package view

import (
	"context"
	"crypto/x509"
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/repository"
	"certty/model"
)

// Poller is what the screen asks of a target's live refresh.
type Poller interface {
	Refresh()
	Look(ref model.Ref)
	Watch(refs []model.Ref)
	Acted(ref model.Ref, page model.Page)
	Retry()
}

// Target is one vault or account as the screen uses it.
type Target struct {
	Info         backend.Info
	Capabilities backend.Capabilities
	Poller       Poller
	// Repository is what is held here of a CA account; nil for a vault.
	Repository *repository.Manager
	// Files says where the files of an account's certificates go by default; a
	// Dir of "" is nowhere.
	Files model.Deployment
}

// Timeline gives the newest events that were seen of a row, at most limit,
// oldest first.
type Timeline func(ctx context.Context, row model.Ref, limit int) ([]model.Event, error)

// timelineLimit is more than anybody scrolls through.
const timelineLimit = 100

// Desk does things: it turns what a person decided into commands that call a
// backend. Its methods are called on the screen's goroutine; the commands they
// return run elsewhere and get values only.
type Desk struct {
	ctx      context.Context
	targets  []Target
	timeline Timeline
	last     uint64
	running  map[uint64]string
	// explained holds the calls whose end a view told the person about.
	explained map[uint64]bool
	// imports are those that run, by target.
	imports map[string]*ImportJob
	// authorities are the CAs whose certificates were met; see KeepAuthorities.
	authorities []*x509.Certificate
}

// NewDesk makes a desk. ctx ends reads when the screen ends; changing calls are
// detached from it where they are made (package guard).
func NewDesk(ctx context.Context) *Desk {
	return &Desk{ctx: ctx, running: make(map[uint64]string), explained: make(map[uint64]bool), imports: make(map[string]*ImportJob)}
}

// Equip gives the desk its targets, once they are open. Until then it can do
// nothing; the screen stands before the first file is read.
func (d *Desk) Equip(targets []Target, timeline Timeline) {
	d.targets, d.timeline = targets, timeline
}

// Targets lists every target.
func (d *Desk) Targets() []Target { return d.targets }

// Target finds a target by name; the zero value when there is none.
func (d *Desk) Target(name string) Target {
	for _, t := range d.targets {
		if t.Info.Name == name {
			return t
		}
	}
	return Target{}
}

// Running lists what was sent and has no answer yet.
func (d *Desk) Running() []string {
	ops := make([]string, 0, len(d.running))
	for _, op := range d.running {
		ops = append(ops, op)
	}
	return ops
}

// OpDone is the answer to a changing call.
type OpDone struct {
	// ID is what the call's starter was given.
	ID uint64
	// Op is the call, as a verb; Past the same as what was done.
	Op, Past string
	Ref      model.Ref
	Change   backend.Change
	// Record is how the order stands here after a call that works on one; its
	// Step is "" where nothing was written down, and so nothing was sent.
	Record model.Record
	Err    error
}

// Explained says that a view told the person how the call ended, so that the
// root need not.
func (d *Desk) Explained(id uint64) { d.explained[id] = true }

// Finish takes a call off the list of running ones and reports whether a view
// told the person how it ended. The root calls it once for each OpDone, after the
// views had it.
func (d *Desk) Finish(msg OpDone) (explained bool) {
	explained = d.explained[msg.ID]
	delete(d.running, msg.ID)
	delete(d.explained, msg.ID)
	d.forgetImport(msg.ID)
	return explained
}

// change runs one changing call and tells the poller what came of it.
func (d *Desk) change(op, past string, ref model.Ref, call func(context.Context) (backend.Change, error)) (uint64, tea.Cmd) {
	d.last++
	id, ctx, poller := d.last, d.ctx, d.Target(ref.Target).Poller
	d.running[id] = op + " " + ref.Key
	return id, func() tea.Msg {
		change, err := call(ctx)
		if poller != nil {
			// Refused or not: the row may stand otherwise than was thought.
			poller.Acted(ref, change.Page)
		}
		return OpDone{ID: id, Op: op, Past: past, Ref: ref, Change: change, Err: err}
	}
}

// Create asks target for a certificate.
func (d *Desk) Create(target string, spec model.CreateSpec) (uint64, tea.Cmd) {
	ref := model.Ref{Target: target, Kind: model.KindCertificate, Key: spec.Name}
	creator := d.Target(target).Capabilities.Create
	return d.change("create", "request made", ref, func(ctx context.Context) (backend.Change, error) {
		return creator.Create(ctx, spec)
	})
}

// NewVersion asks for a new version of the certificate that ref names, from its
// stored policy.
func (d *Desk) NewVersion(ref model.Ref) (uint64, tea.Cmd) {
	maker := d.Target(ref.Target).Capabilities.NewVersion
	return d.change("new version", "new version asked", ref, func(ctx context.Context) (backend.Change, error) {
		return maker.NewVersion(ctx, ref)
	})
}

// Import brings a certificate with its key into target.
func (d *Desk) Import(target string, spec model.ImportSpec) (uint64, tea.Cmd) {
	ref := model.Ref{Target: target, Kind: model.KindCertificate, Key: spec.Name}
	importer := d.Target(target).Capabilities.Import
	return d.change("import", "imported", ref, func(ctx context.Context) (backend.Change, error) {
		return importer.Import(ctx, spec)
	})
}

// UpdatePolicy changes the stored policy of the certificate that ref names from
// what the person saw to what the person wants.
func (d *Desk) UpdatePolicy(ref model.Ref, was, want model.Policy) (uint64, tea.Cmd) {
	lifecycle := d.Target(ref.Target).Capabilities.Lifecycle
	return d.change("update policy", "policy changed", ref, func(ctx context.Context) (backend.Change, error) {
		return lifecycle.UpdatePolicy(ctx, ref, was, want)
	})
}

// Cancel asks for cancellation of the request that ref names.
func (d *Desk) Cancel(ref model.Ref) (uint64, tea.Cmd) {
	canceler := d.Target(ref.Target).Capabilities.Cancel
	return d.change("cancel", "cancellation asked", ref, func(ctx context.Context) (backend.Change, error) {
		return canceler.Cancel(ctx, ref)
	})
}

// Merge completes the request that ref names with a chain of DER certificates.
func (d *Desk) Merge(ref model.Ref, chain [][]byte) (uint64, tea.Cmd) {
	merger := d.Target(ref.Target).Capabilities.Merge
	return d.change("merge", "merged", ref, func(ctx context.Context) (backend.Change, error) {
		return merger.Merge(ctx, ref, chain)
	})
}

// DeleteRequest deletes the request that ref names.
func (d *Desk) DeleteRequest(ref model.Ref) (uint64, tea.Cmd) {
	deleter := d.Target(ref.Target).Capabilities.DeleteRequest
	return d.change("delete request", "request deleted", ref, func(ctx context.Context) (backend.Change, error) {
		return deleter.DeleteRequest(ctx, ref)
	})
}

// Look has the row read at once.
func (d *Desk) Look(ref model.Ref) {
	if p := d.Target(ref.Target).Poller; p != nil {
		p.Look(ref)
	}
}

// Watch tells every target which rows are visible or marked.
func (d *Desk) Watch(refs []model.Ref) {
	by := make(map[string][]model.Ref, len(d.targets))
	for _, ref := range refs {
		by[ref.Target] = append(by[ref.Target], ref)
	}
	for _, t := range d.targets {
		if t.Poller != nil {
			t.Poller.Watch(by[t.Info.Name])
		}
	}
}

// Refresh has every target read now.
func (d *Desk) Refresh() {
	for _, t := range d.targets {
		if t.Poller != nil {
			t.Poller.Refresh()
		}
	}
}

// Retry lets a target that refused the credential be called again.
func (d *Desk) Retry(name string) {
	if p := d.Target(name).Poller; p != nil {
		p.Retry()
	}
}

// TimelineRead carries a row's events, oldest first.
type TimelineRead struct {
	Ref    model.Ref
	Events []model.Event
	Err    error
}

// ReadTimeline reads a row's events.
func (d *Desk) ReadTimeline(ref model.Ref) tea.Cmd {
	if d.timeline == nil {
		return nil
	}
	ctx, read := d.ctx, d.timeline
	return func() tea.Msg {
		events, err := read(ctx, ref.Row(), timelineLimit)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return TimelineRead{Ref: ref.Row(), Events: events, Err: err}
	}
}
