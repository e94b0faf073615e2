package console

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"certty/backend"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/view"
)

// doubtful is for how long a row says that the end of a change is not known. The
// journal says so for good.
const doubtful = 7 * 24 * time.Hour

// doubts lists the changes of rows of vaults whose end is not known, after what
// was read since was looked at. A later change of the same row ends the doubt about
// an earlier one: whoever made it had looked.
func (j journal) doubts(ctx context.Context) []view.Doubt {
	list, err := j.openDoubts(ctx)
	if err != nil {
		// The rows say less then, and the journal's own view says why.
		j.log.WarnContext(ctx, "what is uncertain was not found out", "error", err)
	}
	return list
}

func (j journal) openDoubts(ctx context.Context) ([]view.Doubt, error) {
	j.refresh(ctx, true)
	entries, err := j.store.Doubtful(ctx)
	if err != nil {
		return nil, err
	}
	var list []view.Doubt
	for _, e := range entries {
		if !j.unknown(e) || j.now().Sub(e.Intent.At) > doubtful {
			continue
		}
		it, err := j.store.Row(ctx, e.Intent.Ref)
		if err != nil {
			return list, err
		}
		of, err := j.store.EntriesOf(ctx, e.Intent.Ref)
		if err != nil {
			return list, err
		}
		if it == nil || it.Order != nil || it.Record != nil || of[len(of)-1].ID != e.ID {
			continue // orders tell it themselves
		}
		list = append(list, view.Doubt{Ref: it.Ref, Op: e.Intent.Op, At: e.Intent.At, Why: why(e)})
	}
	return list, nil
}

// unknown reports whether nobody knows how a change ended, and no program can be
// at it any more.
func (j journal) unknown(e backend.Entry) bool {
	if e.Outcome == nil {
		return j.now().Sub(e.Intent.At) >= stillRunning
	}
	return e.Outcome.Result == backend.ResultUncertain
}

// why is what is known of a change whose end is not: what was read since, else what
// happened to the call.
func why(e backend.Entry) string {
	if e.Outcome == nil {
		return programEnded
	}
	if _, read, ok := strings.Cut(e.Outcome.Error, undecided); ok {
		return read
	}
	return e.Outcome.Error
}

// timeline gives the newest events of a row, at most limit, with the changes from
// here whose answer was lost, and what was found out about them.
func (j journal) timeline(ctx context.Context, row model.Ref, limit int) ([]model.Event, error) {
	events, err := j.store.Timeline(ctx, row, limit)
	if err != nil {
		return nil, err
	}
	entries, err := j.store.EntriesOf(ctx, row)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(entries, j.unknown) {
		j.refresh(ctx, true)
		if entries, err = j.store.EntriesOf(ctx, row); err != nil {
			return nil, err
		}
	}
	for _, e := range entries {
		if ev, ok := j.event(e); ok {
			events = append(events, ev)
		}
	}
	slices.SortStableFunc(events, func(a, b model.Event) int { return a.At.Compare(b.At) })
	if limit > 0 && len(events) > limit {
		events = events[len(events)-limit:]
	}
	return events, nil
}

// event tells of a change whose answer was lost; ok is false for every other one.
func (j journal) event(e backend.Entry) (ev model.Event, ok bool) {
	ev = model.Event{Ref: e.Intent.Ref, Kind: model.EventUncertain, At: e.Intent.At}
	asked := e.Intent.Op + ", asked from here"
	switch o := e.Outcome; {
	case j.unknown(e):
		ev.Text = asked + ", got no answer: it may have happened; " + why(e)
		return ev, true
	case o == nil:
		return ev, false
	case o.Evidence != "":
		ev.At, ev.Text = o.At, asked+" at "+timetext.Moment(e.Intent.At)+" without an answer, was done: "+o.Evidence
		return ev, true
	case o.Result == backend.ResultRefused && strings.HasPrefix(o.Error, notDone):
		ev.At, ev.Text = o.At, asked+" at "+timetext.Moment(e.Intent.At)+" without an answer, was not done: "+cmp.Or(strings.TrimPrefix(o.Error, notDone), "nothing shows it")
		return ev, true
	}
	return ev, false
}
