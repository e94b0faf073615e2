package status

import (
	"slices"
	"time"

	"certty/backend/pass"
	"certty/model"
	"certty/model/query"
	"certty/ui/cli/row"
)

// view is what is printed of a look.
type view struct {
	results  []pass.Result
	document row.Document
	// entries are the rows that were asked for, in their order.
	entries []entry
	// missing are the names that have no row.
	missing []string
	now     time.Time
}

// view selects and sorts the rows of a look.
func (j *job) view(results []pass.Result) *view {
	now := j.now()
	v := &view{results: results, now: now, document: row.Document{
		SchemaVersion: row.SchemaVersion, GeneratedAt: now.UTC().Truncate(time.Second), Targets: []row.Target{},
	}}
	found := map[string]bool{}
	var chosen []selection
	for i := range results {
		r := &results[i]
		v.document.Targets = append(v.document.Targets, row.OfLook(r))
		for _, it := range r.Snapshot.Items() {
			if j.selected(it, found) {
				if s := (selection{result: r, item: it, status: it.Status(now)}); j.passes(&s, now) {
					chosen = append(chosen, s)
				}
			}
		}
	}
	for _, name := range j.settings.names {
		if !found[name] {
			v.missing = append(v.missing, name)
		}
	}
	slices.SortFunc(chosen, func(a, b selection) int {
		return query.Order{}.Compare(a.item, b.item, &a.status, &b.status)
	})
	// Records are large: none is made before there is room for all, and none is
	// moved but where another order was asked for.
	v.entries = make([]entry, len(chosen))
	for i := range chosen {
		s := &chosen[i]
		v.entries[i] = entry{Row: row.Of(s.result.Info, s.item, now), item: s.item, status: s.status, at: v.document.GeneratedAt}
	}
	j.printer.Sort(v.entries)
	v.document.Items = make([]row.Row, len(v.entries))
	for i := range v.entries {
		v.document.Items[i] = v.entries[i].Row
	}
	return v
}

// selection is a row that is to be printed.
type selection struct {
	result *pass.Result
	item   *model.Item
	status model.Status
}

// selected reports whether a row is one of those that were named, and notes for
// which name. An order that was deleted here is listed when the filter asks for
// such ones only, as on the board.
func (j *job) selected(it *model.Item, found map[string]bool) bool {
	if it.Hidden() && !j.filter.Deleted() {
		return false
	}
	if len(j.settings.names) == 0 {
		return true
	}
	selected := false
	for _, arg := range j.settings.names {
		if j.means(arg, it) {
			found[arg], selected = true, true
		}
	}
	return selected
}

func (j *job) passes(s *selection, now time.Time) bool {
	return j.filter.Empty() || j.filter.Match(&query.Row{Item: s.item, Status: &s.status, Text: query.Text(s.item), Now: now})
}
