package poll

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/model"
)

// A row is old when its age has passed and there was time to read it again.
func TestOverdue(t *testing.T) {
	ages := Ages{Every: time.Minute, Marked: 10 * time.Minute, Rest: time.Hour}
	read := func(age time.Duration) *model.Item { return &model.Item{RequestReadAt: epoch.Add(-age)} }
	with := func(it *model.Item, change func(*model.Item)) *model.Item { change(it); return it }
	tests := map[string]struct {
		it      *model.Item
		watched time.Duration
		want    bool
	}{
		"just read":                            {read(0), time.Hour, false},
		"visible, due":                         {read(10 * time.Minute), time.Hour, false},
		"visible, a moment before":             {read(12*time.Minute - 1), time.Hour, false},
		"visible, not read in time":            {read(12 * time.Minute), time.Hour, true},
		"came onto the screen just now":        {read(42 * time.Minute), 0, false},
		"on the screen for a minute":           {read(42 * time.Minute), time.Minute, false},
		"on the screen, and still not read":    {read(42 * time.Minute), 2 * time.Minute, true},
		"not visible, a moment before":         {read(62*time.Minute - 1), 0, false},
		"not visible, not read in time":        {read(62 * time.Minute), 0, true},
		"in progress":                          {with(read(12*time.Minute), func(it *model.Item) { it.Request = &model.Request{Phase: model.PhaseInProgress} }), 0, true},
		"completed":                            {with(read(12*time.Minute), func(it *model.Item) { it.Request = &model.Request{Phase: model.PhaseCompleted} }), 0, false},
		"gone":                                 {with(read(62*time.Minute), func(it *model.Item) { it.Request = &model.Request{Gone: true} }), 0, true},
		"never read":                           {&model.Item{}, time.Hour, false},
		"soft-deleted, and so not read":        {with(read(day), func(it *model.Item) { it.Deletion = &model.Deletion{} }), time.Hour, false},
		"not listed any more, and so not read": {with(read(day), func(it *model.Item) { it.Missed = 2 }), time.Hour, false},
		"read after now, by a clock set back":  {read(-time.Hour), time.Hour, false},
	}
	for name, test := range tests {
		if got := ages.Overdue(test.it, epoch, test.watched); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
	if (Ages{}).Overdue(read(day), epoch, time.Hour) {
		t.Error("without settings a row is old")
	}
	rare := Ages{Every: 10 * time.Minute, Marked: 10 * time.Minute, Rest: time.Hour}
	if rare.Overdue(read(25*time.Minute), epoch, time.Hour) || !rare.Overdue(read(30*time.Minute), epoch, time.Hour) {
		t.Error("sweeps every ten minutes leave no time to read again")
	}
}

const day = 24 * time.Hour

// While all goes well no row is ever old, also of those that come onto the
// screen and go; when reads fail those on the screen are first.
func TestNoRowIsOldWhileAllGoesWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(120).pending("waits", 0)
		r := start(t, f, &keeper{}, steady())
		watched := map[string]time.Time{}
		old := func() (n int) {
			s := r.state()
			for _, it := range s.Snapshot.Items() {
				since, ok := watched[it.Ref.Key]
				if s.Ages.Overdue(it, time.Now(), map[bool]time.Duration{true: time.Since(since)}[ok]) {
					n++
				}
			}
			return n
		}
		for minute := range 100 {
			refs, was := []model.Ref{certificate("waits")}, watched
			watched = map[string]time.Time{}
			for i := range 30 {
				refs = append(refs, certificate(fmt.Sprintf("cert-%05d", (minute/7*10+i)%120)))
			}
			for _, ref := range refs {
				if watched[ref.Key] = time.Now(); !was[ref.Key].IsZero() {
					watched[ref.Key] = was[ref.Key]
				}
			}
			r.Watch(refs)
			r.until(time.Duration(minute+1)*time.Minute + 30*time.Second)
			if n := old(); n > 0 {
				t.Fatalf("%d rows are old after %d minutes", n, minute+1)
			}
		}
		f.failWith(func(call) error { return refuse(backend.KindUnavailable, 0) })
		r.until(2 * time.Hour)
		if n := old(); n == 0 || n > 31+120/2 {
			t.Errorf("%d rows are old after 20 minutes of trouble", n)
		}
	})
}
