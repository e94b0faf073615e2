package app

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"certty/backend/poll"
	"certty/model"
	"certty/ui/theme"
	"certty/ui/view"
)

// old is prod, its requests read at different times.
func old() *model.Snapshot {
	ages := map[string]time.Duration{
		"shop-example-com": 12 * time.Minute, "intranet": time.Minute, "vpn-gw": 42 * time.Minute,
		"www": 11 * time.Minute, "api-us": 3 * time.Hour, "api-eu": 42 * time.Minute,
	}
	var items []*model.Item
	for _, it := range prod().Items() {
		changed := *it
		if age, ok := ages[it.Ref.Key]; ok {
			changed.RequestReadAt = noon.Add(-age)
		}
		items = append(items, &changed)
	}
	return model.NewSnapshot("prod", items, noon)
}

// TestOldRows: a row whose request was not read in time says so without colour,
// one that only came onto the screen does not at once, and it says how old in
// full.
func TestOldRows(t *testing.T) {
	ages := poll.Ages{Every: time.Minute, Marked: 10 * time.Minute, Rest: time.Hour}
	for _, tt := range []struct {
		name string
		w, h int
		o    theme.Options
	}{
		{"80x24", 80, 24, plain}, {"120x40", 120, 40, colored}, {"ASCII", 80, 24, console},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t, tt.w, tt.h, tt.o)
				s.s.Data.SetState("prod", poll.State{Snapshot: old(), Generation: 2, Ages: ages})
				s.run(s.all(view.DataChanged{Target: "prod"}))
				if frame := s.View(); strings.Count(frame, " ago") != 1 || !strings.Contains(frame, "read 3h ago") {
					t.Errorf("at once only what is older than any row gets is old:\n%s", frame)
				}
				s.on("vpn-gw")
				s.s.Data.SetNow(noon.Add(3 * time.Minute))
				s.run(s.all(view.DataChanged{}))
				frame := s.View()
				exactly(t, frame, tt.w, tt.h)
				golden.RequireEqual(t, []byte(frame))
			})
		})
	}
}

// TestOldRequestInTheDetail: the detail tells how long ago a request was read.
func TestOldRequestInTheDetail(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 50, plain)
		s.s.Data.SetState("prod", poll.State{Snapshot: old(), Generation: 2, Ages: poll.Ages{Every: time.Minute, Marked: 10 * time.Minute, Rest: time.Hour}})
		s.run(s.all(view.DataChanged{Target: "prod"}))
		for name, want := range map[string]string{
			"vpn-gw": "none, read 2026-11-21 13:23 UTC, 42m ago", "shop-example-com": "2026-11-21 13:53 UTC, 12m ago",
			"api-us": "Its request was read 3h ago. What became of it since is not known.",
		} {
			s.on(name)
			s.press("enter")
			if frame := s.View(); !strings.Contains(frame, want) {
				t.Errorf("%s does not say %q:\n%s", name, want, frame)
			}
			s.press("esc")
		}
	})
}
