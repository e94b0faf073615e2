package poll

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/model"
)

// span lists the seconds from one to another, some apart.
func span(from, to, step float64) []float64 {
	var at []float64
	for ; from <= to; from += step {
		at = append(at, from)
	}
	return at
}

// An account is listed once, then asked for what changed every minute, and
// listed again a day later. No row is read for itself.
func TestAccountIsListedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, k := newOffice(map[string]string{"1": "Issued", "2": "Requested", "3": "Applied"}), &keeper{}
		r := o.begin(t, k, steady())
		r.until(150 * time.Millisecond)
		if s := r.state(); !s.Loading || s.Snapshot.Len() != 3 || !s.Snapshot.Get("1").RequestReadAt.IsZero() {
			t.Errorf("with the first page: %d rows", s.Snapshot.Len())
		}
		r.until(time.Second)
		if it := r.state().Snapshot.Get("1"); it.Order.Phase != model.OrderIssued {
			t.Errorf("after the sweep %+v", it.Order)
		}
		r.until(24*time.Hour + 30*time.Second)
		if list, reports := o.made("list"), o.made("reports"); !slices.Equal(list, []float64{0, 86400}) || len(reports) != 2 {
			t.Errorf("listed at %v, want once a day", list)
		}
		if changes := o.made("changes"); !slices.Equal(changes, span(60, 86340, 60)) {
			t.Errorf("%d looks at what changed, want one each minute", len(changes))
		}
		if reads := o.made("read"); len(reads) != 0 {
			t.Errorf("read at %v", reads)
		}
		// What was asked a minute ago is no day old.
		r.until(47*time.Hour + 30*time.Second)
		if age := time.Since(r.state().ReadAt()); age > time.Minute+publishQuiet {
			t.Errorf("what is shown counts as %s old", age)
		}
		if events := k.told(); len(events) != 0 {
			t.Errorf("told %+v", events)
		}
	})
}

// A start with a stored snapshot looks at what changed since.
func TestAccountGoesOnWithWhatWasStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, k := newOffice(map[string]string{"1": "Requested"}), &keeper{}
		first := o.begin(t, k, steady())
		first.until(time.Second)
		if err := first.stop(); err != nil {
			t.Fatal(err)
		}
		o.put("1", "Declined")
		o.take()
		r := o.begin(t, k, steady())
		r.until(2 * time.Second)
		if list := o.made("list"); len(list) != 0 || len(o.made("changes")) != 1 || o.given.Len() != 1 {
			t.Errorf("listed at %v", list)
		}
		if it := r.state().Snapshot.Get("1"); it.Order.Phase != model.OrderDeclined {
			t.Errorf("%+v", it.Order)
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		o.take()
		time.Sleep(24 * time.Hour)
		late := o.begin(t, k, steady())
		time.Sleep(time.Second)
		synctest.Wait()
		if len(o.made("list")) != 1 || len(o.made("changes")) != 0 {
			t.Errorf("a day later: %+v", o.take())
		}
		_ = late
	})
}

// While an open order is on a screen the account is asked every 20 s, and only
// then.
func TestAccountIsWatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Issued", "2": "Requested"})
		r := o.begin(t, &keeper{}, steady())
		r.until(65 * time.Second)
		r.Watch([]model.Ref{certificate("1"), certificate("2")})
		r.until(125 * time.Second) // 60 + 20, 100, 120
		r.Watch([]model.Ref{certificate("1")})
		r.until(241 * time.Second)
		if got, want := o.made("changes"), []float64{60, 80, 100, 120, 140, 200}; !slices.Equal(got, want) {
			t.Errorf("looks at %v, want %v", got, want)
		}
		r.Watch([]model.Ref{certificate("2")}) // the last look was 41 s ago
		r.until(242 * time.Second)
		o.put("2", "Declined")
		r.until(400 * time.Second)
		if got, want := o.made("changes")[6:], []float64{241, 261, 281, 341}; !slices.Equal(got, want) {
			t.Errorf("looks at %v, want %v", got, want)
		}
		r.Rest(true)
		r.until(time.Hour)
		if got := o.made("changes"); len(got) != 10 {
			t.Errorf("looks at %v although nobody looks", got[10:])
		}
	})
}

// Refresh looks at what changed; asked twice it lists everything, at most once
// a minute.
func TestAccountIsRefreshed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Requested"})
		r := o.begin(t, &keeper{}, steady())
		for _, at := range []time.Duration{10, 11, 90, 100, 105, 190} {
			r.until(at * time.Second)
			r.Refresh()
		}
		r.until(195 * time.Second)
		if got, want := o.made("list"), []float64{0, 100}; !slices.Equal(got, want) {
			t.Errorf("listed at %v, want %v", got, want)
		}
		if got, want := o.made("changes"), []float64{10, 11, 71, 90, 105, 165, 190}; !slices.Equal(got, want) {
			t.Errorf("looks at %v, want %v", got, want)
		}
	})
}

// What a person opens is read once, as an order, and what they did is followed.
func TestAccountReadsOnWish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Issued", "2": "Requested"})
		r := o.begin(t, &keeper{}, steady())
		r.until(10 * time.Second)
		r.Look(certificate("1"))
		r.until(11 * time.Second)
		if calls := o.take(); !slices.EqualFunc(calls[2:], []call{{what: "read", key: "1", at: 10 * time.Second}}, func(a, b call) bool { return a == b }) {
			t.Errorf("calls %+v, want one read", calls)
		}

		r.until(20 * time.Second)
		o.put("2", "Approved")
		r.Acted(certificate("2"), model.Page{})
		r.until(40 * time.Second)
		if got, want := o.made("read"), []float64{20, 21.1, 23.2, 27.3}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("read at %v, want %v", got, want)
		}
		if it := r.state().Snapshot.Get("2"); it.Order.Phase != model.OrderApproved {
			t.Errorf("%+v", it.Order)
		}

		// A new order is followed under the id that the service gave it.
		o.take()
		o.put("3", "Applied")
		reference := certificate("certty:00:1")
		r.Note(model.Page{Fields: model.FieldRecord, AsOf: time.Now(), Items: []model.Item{{Ref: reference, Record: &model.Record{Step: model.StepSending}}}})
		r.Look(reference)
		r.Acted(reference, model.Page{Fields: model.FieldListing, AsOf: time.Now(), Items: []model.Item{{Ref: certificate("3"), Order: &model.Order{ID: "3"}}}})
		r.until(50 * time.Second)
		for _, c := range o.take() {
			if c.key != "3" {
				t.Errorf("call %+v, want reads of the new order only", c)
			}
		}
		if it := r.state().Snapshot.Get("3"); it == nil || it.Order.Phase != model.OrderApplied {
			t.Errorf("the new order is %+v", it)
		}
	})
}

// What was read meanwhile is newer than what a look under way tells.
func TestAccountIsNotSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Requested"})
		o.took = 10 * time.Second
		r := o.begin(t, &keeper{}, steady())
		r.until(61 * time.Second) // the look left a second ago
		o.put("1", "Approved")
		at := time.Now()
		r.Acted(certificate("1"), model.Page{Fields: model.FieldOrder, AsOf: at, Items: []model.Item{{
			Ref: certificate("1"), Order: &model.Order{ID: "1", Status: "Approved", Phase: model.OrderApproved}}}})
		for second := 62; second < 90; second++ {
			r.until(time.Duration(second) * time.Second)
			if it := r.state().Snapshot.Get("1"); it.Order.Phase != model.OrderApproved {
				t.Fatalf("at %d s it is %q again", second, it.Order.Status)
			}
		}
	})
}

// Orders that no list tells of are read one by one: at once where nothing is
// known of them, and when the answer went stale.
func TestAccountReadsWhatNoListTells(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Issued", "2": "Requested", "3": "Secret", "4": "SA Approved of a kind"})
		r := o.begin(t, &keeper{}, steady())
		r.until(65 * time.Minute)
		reads := map[string]int{}
		for _, c := range o.take() {
			if c.what == "read" {
				reads[c.key]++
			}
		}
		if reads["3"] < 2 || reads["4"] < 1 || reads["3"] > 4 || reads["4"] > 3 || len(reads) != 2 {
			t.Errorf("reads %v, want only those that no list tells of, once an hour", reads)
		}
		r.Watch([]model.Ref{certificate("4")})
		r.until(125 * time.Minute)
		reads = map[string]int{}
		for _, c := range o.take() {
			if c.what == "read" {
				reads[c.key]++
			}
		}
		if reads["4"] < 4 || reads["4"] > 12 {
			t.Errorf("watched: read %d times in an hour, want every 10 minutes or so", reads["4"])
		}
	})
}

// A listing that was not complete comes again after ten minutes, not at once,
// and nothing is missing because of it.
func TestAccountThatShifts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Issued"})
		o.incomplete = true
		r := o.begin(t, &keeper{}, steady())
		r.until(21 * time.Minute)
		if got, want := o.made("list"), []float64{0, 600, 1200}; !slices.Equal(got, want) {
			t.Errorf("listed at %v, want %v", got, want)
		}
		if got := o.made("changes"); len(got) != 19 {
			t.Errorf("looks at %v", got)
		}
	})
}

// An order that the account does not show any more is marked after two complete
// listings, a day apart, and never goes.
func TestAccountHidesAnOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Issued", "2": "Issued"})
		r := o.begin(t, &keeper{}, steady())
		r.until(time.Hour)
		o.mu.Lock()
		o.hidden["1"] = true
		o.mu.Unlock()
		for day, vanished := range []bool{false, false, true, true} {
			r.until(time.Duration(day)*24*time.Hour + 2*time.Hour)
			if it := r.state().Snapshot.Get("1"); it == nil || it.Vanished() != vanished || it.Order.Phase != model.OrderIssued {
				t.Errorf("day %d: %+v, want vanished %v", day, it, vanished)
			}
		}
	})
}

// Refusals and throttling hold an account as they hold a vault.
func TestAccountIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, k := newOffice(map[string]string{"1": "Requested"}), &keeper{}
		r := o.begin(t, k, steady())
		o.failWith(func(c call) error {
			switch at := c.at; {
			case at >= 50*time.Second && at < 2*time.Minute:
				return refuse(backend.KindThrottled, 90*time.Second)
			case at >= 5*time.Minute:
				return refuse(backend.KindAuth, 0)
			}
			return nil
		})
		r.until(70 * time.Second)
		if s := r.state(); !s.PausedUntil.Equal(epoch.Add(60*time.Second+100*time.Millisecond+90*time.Second)) || backend.KindOf(s.Err) != backend.KindThrottled {
			t.Errorf("paused until %v: %v", s.PausedUntil, s.Err)
		}
		r.Refresh()
		r.Look(certificate("1"))
		r.until(149 * time.Second)
		if calls := o.take(); len(calls) != 3 { // list, reports, one look
			t.Errorf("calls %+v during the pause", calls[3:])
		}
		r.until(4 * time.Minute)
		if s := r.state(); s.Err != nil || !s.PausedUntil.IsZero() {
			t.Errorf("after the pause: %v until %v", s.Err, s.PausedUntil)
		}
		o.take()
		r.until(5 * time.Minute)
		r.Look(certificate("1"))
		r.until(6 * time.Minute)
		r.Look(certificate("1"))
		r.Refresh()
		r.until(time.Hour)
		refused := 0
		for _, c := range o.take() {
			if c.at >= 5*time.Minute {
				refused++
			}
		}
		if refused != 1 || !r.state().Latched || k.latchKept() == nil {
			t.Errorf("%d calls were refused, want one; latched %v", refused, r.state().Latched)
		}
		o.failWith(nil)
		r.Retry()
		r.until(time.Hour + time.Minute)
		if s := r.state(); s.Latched || s.Err != nil || len(o.made("changes")) == 0 {
			t.Errorf("after retry: latched %v, %v", s.Latched, s.Err)
		}
	})
}

// A look that finds nothing to tell ends the trouble, too.
func TestAccountWithoutNewsIsWell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(map[string]string{"1": "Issued"})
		r := o.begin(t, &keeper{}, steady())
		o.failWith(failBetween(time.Minute, 2*time.Minute, refuse(backend.KindNetwork, 0)))
		r.until(90 * time.Second)
		if s := r.state(); backend.KindOf(s.Err) != backend.KindNetwork {
			t.Errorf("error %v", s.Err)
		} else if age := time.Since(s.ReadAt()); age < 80*time.Second {
			t.Errorf("what could not be read counts as %s old", age)
		}
		r.until(10 * time.Minute)
		if s := r.state(); s.Err != nil || time.Since(s.ReadAt()) > time.Minute+publishQuiet {
			t.Errorf("error %v, read at %s", s.Err, s.ReadAt())
		}
		if got := o.made("changes"); len(got) > 15 {
			t.Errorf("%d looks", len(got))
		}
	})
}

// Records stand before anything was listed, without being read, and stay.
func TestRecordsOfAnAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, k := newOffice(map[string]string{"1": "Issued"}), &keeper{}
		r := o.begin(t, k, steady())
		record := func(key string, r *model.Record) model.Page {
			return model.Page{Fields: model.FieldRecord, AsOf: time.Now(), Items: []model.Item{{Ref: certificate(key), Record: r}}}
		}
		r.Note(record("certty:00:1", &model.Record{Step: model.StepPrepared}))
		r.Note(record("1", &model.Record{Step: model.StepPlaced}))
		r.until(50 * time.Millisecond) // the first answer is under way
		if s := r.state(); s.Snapshot.Len() != 2 {
			t.Errorf("before the first answer: %d rows", s.Snapshot.Len())
		}
		r.until(3 * 24 * time.Hour)
		s := r.state().Snapshot
		if it := s.Get("certty:00:1"); it == nil || it.Record == nil || it.Missed != 0 {
			t.Errorf("the order that was not placed is %+v", it)
		}
		if it := s.Get("1"); it.Record == nil || it.Order.Phase != model.OrderIssued {
			t.Errorf("the placed one is %+v", it)
		}
		r.Note(model.Page{Fields: model.FieldRecord | model.FieldCollected, AsOf: time.Now(), Items: []model.Item{
			{Ref: certificate("1"), Record: &model.Record{Step: model.StepCollected, ChainSerial: "s1"}, Certificate: model.Certificate{Issued: true, Serial: "s1", DER: []byte{1}}}}})
		r.Note(record("certty:00:1", nil))
		r.until(3*24*time.Hour + 10*time.Second)
		if s := r.state().Snapshot; s.Get("certty:00:1") != nil || s.Get("1").Certificate.DER == nil || k.stored().Get("certty:00:1") != nil {
			t.Errorf("after that there are %d rows", s.Len())
		}
		r.until(4 * 24 * time.Hour)
		if it := r.state().Snapshot.Get("1"); it.Certificate.DER == nil || it.Record.Step != model.StepCollected {
			t.Errorf("a sweep left %+v", it)
		}
		if reads := o.made("read"); len(reads) != 0 {
			t.Errorf("read at %v", reads)
		}
		if events := k.told(); len(events) != 1 || events[0].Kind != model.EventCollected {
			t.Errorf("told %+v", events)
		}
	})
}
