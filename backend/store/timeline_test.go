package store

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

func event(key, revision string, kind model.EventKind, at time.Time, text string) model.Event {
	ref := model.Ref{Target: "prod", Kind: model.KindRequest, Key: key, Revision: revision}
	if revision == "" {
		ref.Kind = model.KindCertificate
	}
	return model.Event{Ref: ref, Kind: kind, At: at, Text: text}
}

func mustAppend(t *testing.T, s *Store, events ...model.Event) {
	t.Helper()
	if err := s.AppendEvents(t.Context(), events); err != nil {
		t.Fatal(err)
	}
}

func mustTimeline(t *testing.T, s *Store, key string, limit int) []model.Event {
	t.Helper()
	events, err := s.Timeline(t.Context(), model.Ref{Target: "prod", Kind: model.KindRequest, Key: key, Revision: "any"}, limit)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func TestTimelineHoldsTheRowsEventsNewestLast(t *testing.T) {
	dir := t.TempDir()
	s := openForTest(t, dir)
	want := []model.Event{
		event("shop", "", model.EventAppeared, noon, "seen"),
		event("shop", "r1", model.EventRequest, noon.Add(time.Second), "request inProgress"),
		event("shop", "r2", model.EventSuperseded, noon.Add(time.Minute), "replaces r1"),
	}
	mustAppend(t, s, want[0], want[1], event("other", "", model.EventAppeared, noon, "seen"))
	mustAppend(t, s, want[2])
	s.Close()
	s = openForTest(t, dir)
	if got := mustTimeline(t, s, "shop", 0); !reflect.DeepEqual(got, want) {
		t.Errorf("Timeline:\n got %+v\nwant %+v", got, want)
	}
	if got := mustTimeline(t, s, "shop", 2); !reflect.DeepEqual(got, want[1:]) {
		t.Errorf("the last two:\n got %+v\nwant %+v", got, want[1:])
	}
	if got := mustTimeline(t, s, "absent", 0); len(got) != 0 {
		t.Errorf("a row without events has %+v", got)
	}
}

func TestTheSameNewsOfTwoConsolesCountsOnce(t *testing.T) {
	s := openForTest(t, t.TempDir())
	phase := func(after time.Duration, text string) model.Event {
		return event("shop", "r1", model.EventPhase, noon.Add(after), text)
	}
	mustAppend(t, s,
		phase(0, "inProgress"),
		phase(time.Second, "inProgress"), // the other console
		phase(time.Minute, "cancelled"),
		phase(time.Minute+time.Second, "cancelled"),
		phase(time.Minute-time.Second, "cancelled"), // its clock is behind
		phase(2*time.Minute, "inProgress"),          // not the newest of its kind: news
		phase(3*time.Hour, "inProgress"),            // too long ago to be the same
	)
	var got []string
	for _, ev := range mustTimeline(t, s, "shop", 0) {
		got = append(got, ev.Text)
	}
	want := []string{"inProgress", "cancelled", "inProgress", "inProgress"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Timeline holds %q, want %q", got, want)
	}
}

func TestTimelineForgetsOldEvents(t *testing.T) {
	now := noon
	o := options(t.TempDir())
	o.Now = func() time.Time { return now }
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var events []model.Event
	for i := range eventsPerRow + 5 {
		events = append(events, event("busy", "", model.EventVersion, now, fmt.Sprint("version ", i)))
	}
	mustAppend(t, s, events[:eventsPerRow]...)
	mustAppend(t, s, events[eventsPerRow:]...)
	got := mustTimeline(t, s, "busy", 0)
	if len(got) != eventsPerRow || got[0].Text != "version 5" {
		t.Errorf("kept %d events from %q on, want %d from version 5 on", len(got), got[0].Text, eventsPerRow)
	}

	now = now.Add(eventsMaxAge + time.Hour)
	mustAppend(t, s, event("other", "", model.EventAppeared, now, "seen"))
	if got := mustTimeline(t, s, "busy", 0); len(got) != 0 {
		t.Errorf("%d events are kept for longer than %s", len(got), eventsMaxAge)
	}
	if got := mustTimeline(t, s, "other", 0); len(got) != 1 {
		t.Errorf("the new event is gone: %v", got)
	}
}

func TestLatches(t *testing.T) {
	dir := t.TempDir()
	s, other := openForTest(t, dir), openForTest(t, dir)
	if _, ok, err := s.GetLatch(t.Context(), "prod"); ok || err != nil {
		t.Fatalf("latched from the start: %v, %v", ok, err)
	}
	for i, reason := range []string{"AADSTS7000222", "AADSTS7000215"} {
		want := backend.Latch{Target: "prod", Reason: reason, At: noon.Add(time.Duration(i) * time.Hour)}
		if err := s.SetLatch(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		if got, ok, err := other.GetLatch(t.Context(), "prod"); got != want || !ok || err != nil {
			t.Errorf("the other console sees %+v, %v, %v; want %+v", got, ok, err, want)
		}
	}
	if _, ok, err := other.GetLatch(t.Context(), "test"); ok || err != nil {
		t.Errorf("another target is latched: %v, %v", ok, err)
	}
	if err := other.ClearLatch(t.Context(), "prod"); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.GetLatch(t.Context(), "prod"); ok || err != nil {
		t.Errorf("still latched: %v, %v", ok, err)
	}
}
