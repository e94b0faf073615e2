package status

import (
	"context"
	"slices"
	"strings"
	"time"

	"certty/model"
	"certty/ui/cli/row"
)

// follow prints each row as a line, and again when something happened to it,
// until ctx ends.
func (j *job) follow(ctx context.Context) error {
	var f follower
	var said []string
	return j.every(ctx, func(v *view) error {
		for _, line := range f.news(v) {
			if err := j.printer.PrintLine(j.env.Stdout, line); err != nil {
				return err
			}
		}
		// A trouble that lasts is said once.
		remarks := j.remarks(v)
		if !slices.Equal(steady(remarks), said) {
			said = steady(remarks)
			for _, line := range remarks {
				j.env.Say(line)
			}
		}
		return nil
	})
}

// every looks at once and then at the interval, counted from the beginning of a
// look, until ctx ends, which is as it should be.
func (j *job) every(ctx context.Context, show func(*view) error) error {
	ticker := time.NewTicker(j.settings.watch)
	defer ticker.Stop()
	for {
		results := j.look(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err := show(j.view(results)); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// steady are remarks without those that only tell ages.
func steady(remarks []string) []string {
	var out []string
	for _, line := range remarks {
		if line != "" && line[0] != ' ' && !strings.HasPrefix(line, ofRequests) {
			out = append(out, line)
		}
	}
	return out
}

// follower knows the rows as they were told last.
type follower struct{ last map[model.Ref]entry }

// news are the rows to which something happened, in the order of the view, then
// those that left.
func (f *follower) news(v *view) []entry {
	first := f.last == nil
	now := make(map[model.Ref]entry, len(v.entries))
	var out []entry
	for _, e := range v.entries {
		last, known := f.last[e.item.Ref]
		switch {
		case first:
			e.event = row.EventListed
		case !known:
			e.event = row.EventAppeared
		case !e.Same(&last.Row):
			e.event = row.EventChanged
		default:
			e.event = ""
		}
		e.at = v.document.GeneratedAt
		now[e.item.Ref] = e
		if e.event != "" {
			out = append(out, e)
		}
	}
	var gone []entry
	for ref, e := range f.last {
		if _, still := now[ref]; !still {
			e.event, e.at = row.EventLeft, v.document.GeneratedAt
			gone = append(gone, e)
		}
	}
	slices.SortFunc(gone, func(a, b entry) int { return model.CompareUrgency(a.item, b.item, a.status, b.status) })
	f.last = now
	return append(out, gone...)
}
