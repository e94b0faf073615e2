package board

import (
	"time"

	"certty/model"
	"certty/ui/view"
	"certty/ui/view/detail"
)

// pane is the row under the cursor in full.
func (v *View) pane() []string {
	row, ok := v.s.Data.Row(v.shown)
	if !ok {
		return nil
	}
	// The pane changes with its row, its timeline and the minute only.
	doubt, _ := v.s.Data.Doubt(v.shown)
	key := paneKey{row: row.Item, doubt: doubt, events: len(v.events), now: v.s.Data.Now, w: v.paneWidth(), h: v.h}
	if v.drawn.key != key {
		lines := detail.Cut(v.s.Theme, detail.Lines(v.s, row, v.events, v.paneWidth()-2), v.h, "lines more; "+v.s.Theme.Glyphs.Enter+" opens")
		for i := range lines {
			lines[i] = " " + lines[i]
		}
		v.drawn.key, v.drawn.lines = key, lines
	}
	return v.drawn.lines
}

type paneKey struct {
	row    *model.Item
	doubt  view.Doubt
	events int
	now    time.Time
	w, h   int
}
