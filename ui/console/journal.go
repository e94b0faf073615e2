package console

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"certty/backend"
	"certty/backend/store"
	"certty/model"
	"certty/model/timetext"
)

// stillRunning is how long an entry without an outcome may be that of a call which
// another program makes: longer than guard lets any changing call run.
const stillRunning = 20 * time.Minute

// programEnded is what is said of an entry without an outcome.
const programEnded = "the program ended before it learned how the call ended"

// journal reads the journal, and writes into it what was found out later.
type journal struct {
	store *store.Store
	now   func() time.Time
	log   *slog.Logger
}

// entries lists the last limit entries, as they stand now.
func (j journal) entries(ctx context.Context, limit int) ([]backend.Entry, error) {
	j.refresh(ctx, true)
	return j.store.Entries(ctx, limit)
}

// refresh is reconcile for whoever shows entries: where it fails, as on a disk that
// takes nothing, they say less, and are shown all the same.
func (j journal) refresh(ctx context.Context, ended bool) {
	if err := j.reconcile(ctx, ended); err != nil {
		j.log.WarnContext(ctx, "the journal was not reconciled", "error", err)
	}
}

// reconcile writes down how orders ended whose answer was lost and that were
// found since, or that a person decided on, and what rows of vaults prove of
// changes there. Of those without an outcome it writes down what proves nothing only
// where ended is true: [journal.unfinished] tells them first.
func (j journal) reconcile(ctx context.Context, ended bool) error {
	entries, err := j.store.Doubtful(ctx)
	if err != nil {
		return err
	}
	records := map[string]map[string]model.Record{}
	var errs []error
	for _, e := range entries {
		if e.Outcome == nil && j.now().Sub(e.Intent.At) < stillRunning {
			continue // that program writes it down itself
		}
		record, err := j.ordered(ctx, records, e.Intent.Ref)
		if err != nil {
			return err
		}
		outcome := backend.Outcome{At: j.now(), Revision: record.Key}
		switch record.Step {
		case model.StepPlaced, model.StepCollected:
			outcome.Result = backend.ResultDone
		case model.StepRefused:
			outcome.Result, outcome.Error, outcome.Revision = backend.ResultRefused, record.Trouble, ""
		case model.StepPrepared, model.StepSending, model.StepUndecided, model.StepDoubled, model.StepUnreadable:
			continue
		default: // no order of the repository
			errs = append(errs, j.settle(ctx, e, ended))
			continue
		}
		errs = append(errs, j.finish(ctx, e.ID, outcome))
	}
	return errors.Join(errs...)
}

// finish writes an outcome down, unless another program has done so.
func (j journal) finish(ctx context.Context, id int64, o backend.Outcome) error {
	if err := j.store.Finish(ctx, id, o); err != nil && !errors.Is(err, store.ErrUnknownIntent) {
		return err
	}
	return nil
}

// ordered is the record of the order that ref names by its reference, empty where
// there is none. known holds the records that were read, by target and reference.
func (j journal) ordered(ctx context.Context, known map[string]map[string]model.Record, ref model.Ref) (model.Record, error) {
	byReference, ok := known[ref.Target]
	if !ok {
		records, err := j.store.Records(ctx, ref.Target)
		if err != nil {
			return model.Record{}, err
		}
		byReference = map[string]model.Record{}
		for i := range records {
			if r := &records[i]; r.Reference != "" {
				byReference[r.Reference] = *r
			}
		}
		known[ref.Target] = byReference
	}
	return byReference[ref.Key], nil
}

// unfinished tells of changes whose end is not known: the program, or the
// machine, ended between intent and answer. Each is told until no program can be
// at it any more, and once then: after that it stands as uncertain in the journal.
func (j journal) unfinished(ctx context.Context) []string {
	j.refresh(ctx, false)
	entries, err := j.store.Unfinished(ctx)
	if err != nil {
		return []string{"the journal can't be read: " + err.Error()}
	}
	records := map[string]map[string]model.Record{}
	notes := make([]string, len(entries))
	for i, e := range entries {
		record, err := j.ordered(ctx, records, e.Intent.Ref)
		if err != nil {
			j.log.WarnContext(ctx, "the name of an order was not found", "error", err)
		}
		notes[i] = fmt.Sprintf("%s of %s (%s), asked %s, has no known end: look at its row before doing it again",
			e.Intent.Op, cmp.Or(record.CommonName, e.Intent.Ref.Key), e.Intent.Ref.Target, timetext.Moment(e.Intent.At))
		if j.now().Sub(e.Intent.At) < stillRunning {
			continue
		}
		lost := backend.Outcome{At: j.now(), Result: backend.ResultUncertain, Error: programEnded}
		if err := j.finish(ctx, e.ID, lost); err != nil {
			j.log.WarnContext(ctx, "that a change has no known end could not be journalled", "error", err)
		}
	}
	return notes
}
