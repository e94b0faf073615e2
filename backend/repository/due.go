package repository

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"certty/backend"
	"certty/model"
)

// Job is something that [Manager.Work] does by itself.
type Job string

// The jobs, in the order in which they are done.
const (
	// JobSync reads what the account offers.
	JobSync Job = "sync"
	// JobCheck reads the status of every order, JobChanges what changed since the
	// last look. One of them is done with every pass.
	JobCheck   Job = "check"
	JobChanges Job = "changes"
	// JobFind looks for an order whose answer was lost.
	JobFind Job = "find"
	// JobCollect fetches an issued certificate.
	JobCollect Job = "collect"
	// JobKeystore makes the keystore of a certificate that is here.
	JobKeystore Job = "keystore"
	// JobDeliver writes the files of a certificate that is here, and runs the
	// person's command after that.
	JobDeliver Job = "deliver"
)

// Jobs lists the jobs, in the order in which they are done.
func Jobs() []Job {
	return []Job{JobSync, JobCheck, JobChanges, JobFind, JobCollect, JobKeystore, JobDeliver}
}

// Due is one job that a pass would do now.
type Due struct {
	Job Job
	// Record is the order's; nil where the job is about the account.
	Record *model.Record
	// Since is when it fell due; zero where that is not known, or it is due with
	// every pass.
	Since time.Time
	// After is the job that has to come first, whose outcome decides whether this
	// one is done; "" where it is due as it is.
	After Job
	// Keystore is the form of the keystore, for JobKeystore.
	Keystore string
	// Deploy says where the files go, for JobDeliver.
	Deploy *model.Deployment
	// Waits says why it is not done although it is due; "" where it is done.
	Waits string
}

// Due lists what [Manager.Work] would do now, as far as is stored: it reads the
// shelf and nothing else. What a pass finds out on its way, such as an order that
// was issued since known, it can't tell.
func (m *Manager) Due(ctx context.Context, known *model.Snapshot) ([]Due, error) {
	out, err := m.accountDue(ctx, known)
	if err != nil {
		return nil, err
	}
	records, err := m.o.Shelf.Records(ctx, m.o.Target)
	if err != nil {
		return nil, err
	}
	follower := m.Follower()
	for i := range records {
		due, err := m.orderDue(ctx, follower, &records[i], known)
		if err != nil {
			return nil, err
		}
		out = append(out, due...)
	}
	order := Jobs()
	slices.SortStableFunc(out, func(a, b Due) int {
		if a.Record != nil && b.Record != nil {
			return 0 // an order's jobs stay together
		}
		return slices.Index(order, a.Job) - slices.Index(order, b.Job)
	})
	return out, nil
}

// accountDue are the jobs that are about the account.
func (m *Manager) accountDue(ctx context.Context, known *model.Snapshot) ([]Due, error) {
	var out []Due
	sync, err := m.SyncDue(ctx)
	if err != nil {
		return nil, err
	}
	if sync {
		since, err := m.since(ctx, jobSync)
		if err != nil {
			return nil, err
		}
		out = append(out, Due{Job: JobSync, Since: since})
	}
	check, err := m.CheckDue(ctx)
	switch {
	case err != nil:
		return nil, err
	case check:
		since, err := m.since(ctx, jobCheck)
		return append(out, Due{Job: JobCheck, Since: since}), err
	case m.readsAll(known):
		return append(out, Due{Job: JobCheck}), nil
	}
	return append(out, Due{Job: JobChanges}), nil
}

// since is when a job fell due; zero where it was never done, or a wrong clock set
// its time.
func (m *Manager) since(ctx context.Context, job string) (time.Time, error) {
	at, err := m.o.Shelf.DueAt(ctx, m.o.Target, job)
	if err != nil || at.After(m.o.Now()) {
		return time.Time{}, err
	}
	return at, nil
}

// orderDue are the jobs that are about an order that is managed here.
func (m *Manager) orderDue(ctx context.Context, f *Follower, r *model.Record, known *model.Snapshot) ([]Due, error) {
	_, wanted := f.wanted(r, known)
	waits := r.Files == model.FilesWaiting && r.DeletedAt.IsZero()
	switch {
	case f.lost(r):
		return []Due{{Job: JobFind, Record: r, Since: r.SentAt}}, nil
	case !wanted && !waits && !f.undelivered(r):
		return nil, nil
	}
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, r.Key)
	if errors.Is(err, backend.ErrNotHeld) {
		return nil, nil // it was taken away meanwhile
	}
	if err != nil {
		return nil, fmt.Errorf("look what is due of %s: %w", r.Key, err)
	}
	var out []Due
	var after Job
	if wanted {
		out, after = append(out, Due{Job: JobCollect, Record: r}), JobCollect
	}
	return append(out, m.filesDue(ctx, h, r, after)...), nil
}

// filesDue are keystore and files of an order, which come after the job named.
func (m *Manager) filesDue(ctx context.Context, h *backend.Holding, r *model.Record, after Job) []Due {
	if h.Deploy == nil || m.o.Deploy == nil {
		return nil // a keystore is made by a person then, who says where it goes
	}
	var out []Due
	files := Due{Job: JobDeliver, Record: r, Deploy: h.Deploy, After: after}
	keystore := r.Keystore == model.KeystoreWaits
	if after != "" {
		keystore = r.KeystoreType != "" && r.KeyHeld
	}
	if keystore {
		made := Due{Job: JobKeystore, Record: r, Keystore: r.KeystoreType, After: after}
		if m.o.Password == nil {
			made.Waits = "nobody is here to give its password, and keystore_password is not set"
			if after != "" || !m.sameKeyLies(ctx, h) {
				files.Waits = "its keystore waits for a password"
			}
		}
		out = append(out, made)
	}
	return append(out, files)
}
