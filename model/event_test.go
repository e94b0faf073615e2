package model_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/model"
)

// tell writes events as text.
func tell(events []model.Event) []string {
	var lines []string
	for _, e := range events {
		line := fmt.Sprintf("%s %s: %s", e.Ref.Key, e.Kind, e.Text)
		if e.Ref.Kind == model.KindRequest {
			line = fmt.Sprintf("%s@%s %s: %s", e.Ref.Key, e.Ref.Revision, e.Kind, e.Text)
		}
		lines = append(lines, line)
	}
	return lines
}

// news is what happens when a page comes after what is known.
func news(known *model.Snapshot, p model.Page) []model.Event {
	_, events := known.Draft().Merge(p)
	return events
}

func TestEvents(t *testing.T) {
	cancelAsked := request("r", "inProgress")
	cancelAsked.CancelAsked = true
	respelled := request("r", "InProgress")
	swept := []model.Page{sweep(at(-10), true, entry("a", "1"), entry("b", ""))}
	with := func(pages ...model.Page) []model.Page { return slices.Concat(swept, pages) }

	tests := []struct {
		name   string
		before []model.Page
		news   model.Page
		want   []string
	}{
		{"a first list is no news", nil, list(at(0), entry("a", "1")), nil},
		{"nor is its next page", []model.Page{list(at(0), entry("a", "1"))}, list(at(1), entry("b", "1")), nil},
		{"nor its last", []model.Page{list(at(0), entry("a", "1"))}, sweep(at(-1), true, entry("b", "1")), nil},
		{"a request of a first list", nil, asked(at(0), "a", request("r", "inProgress")), []string{"a@r request: request inProgress"}},
		{"a failed one", with(), asked(at(0), "a", request("r", "failed")), []string{"a@r request: request failed"}},
		{"ended before anybody looked", with(), asked(at(0), "a", request("r", "completed")), nil},
		{"ended between two looks", with(asked(at(0), "a", nil)), asked(at(1), "a", request("r", "completed")), []string{"a@r request: request completed"}},
		{"nothing new", with(), list(at(0), entry("a", "1")), nil},
		{"a new row", with(), list(at(0), entry("c", "1")), []string{"c appeared: seen for the first time"}},
		{"a new row with its request", with(), asked(at(0), "c", request("r", "inProgress")), []string{"c appeared: seen for the first time", "c@r request: request inProgress"}},
		{"a new version in a list", with(), list(at(0), entry("a", "2")), []string{"a new version: new version, thumbprint 2"}},
		{"a new version in a read", with(), reading(at(0), read("a", "v2", "2")), []string{"a new version: new version, thumbprint 2"}},
		{"a first version", with(), list(at(0), entry("b", "1")), []string{"b new version: new version, thumbprint 1"}},
		{"a version of a row never listed", with(asked(at(0), "c", nil)), list(at(1), entry("c", "1")), nil},
		{"a read that was overtaken", with(list(at(5), entry("a", "2"))), reading(at(4), read("a", "v1", "1")), nil},
		{"status", with(asked(at(0), "a", request("r", "inProgress"))), asked(at(1), "a", request("r", "completed")), []string{"a@r status: completed"}},
		{"status spelled otherwise", with(asked(at(0), "a", request("r", "inProgress"))), asked(at(1), "a", respelled), nil},
		{"an unknown status changes", with(asked(at(0), "a", request("r", "odd"))), asked(at(1), "a", request("r", "odder")), []string{"a@r status: odder"}},
		{"cancellation", with(asked(at(0), "a", request("r", "inProgress"))), asked(at(1), "a", cancelAsked), []string{"a@r status: cancellation asked"}},
		{"superseded", with(asked(at(0), "a", request("r", "inProgress"))), asked(at(1), "a", request("s", "inProgress")), []string{"a@s superseded: replaces request r", "a@s request: request inProgress"}},
		{"the next one", with(asked(at(0), "a", request("r", "completed"))), asked(at(1), "a", request("s", "inProgress")), []string{"a@s request: request inProgress"}},
		{"gone", with(asked(at(0), "a", request("r", "inProgress"))), asked(at(1), "a", nil), []string{"a@r gone: the vault no longer knows this request; last seen inProgress"}},
		{"gone and known again", with(asked(at(0), "a", request("r", "inProgress")), asked(at(1), "a", nil)), asked(at(2), "a", request("r", "inProgress")), []string{"a@r status: known again: inProgress"}},
		{"still gone", with(asked(at(0), "a", request("r", "inProgress")), asked(at(1), "a", nil)), asked(at(2), "a", nil), nil},
		{"the id told later", with(asked(at(0), "a", request("", "inProgress"))), asked(at(1), "a", request("r", "inProgress")), nil},
		{"missed once", with(), sweep(at(0), true, entry("a", "1")), nil},
		{"missed twice", with(sweep(at(0), true, entry("a", "1"))), sweep(at(10), true, entry("a", "1")), []string{"b not seen: not listed any more"}},
		{"missed three times", with(sweep(at(0), true, entry("a", "1")), sweep(at(10), true, entry("a", "1"))), sweep(at(20), true, entry("a", "1")), nil},
		{"listed again", with(sweep(at(0), true, entry("a", "1")), sweep(at(10), true, entry("a", "1"))), sweep(at(20), true, entry("a", "1"), entry("b", "")), []string{"b appeared: listed again"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			old := merge(tt.before...)
			if got := tell(news(old, tt.news)); !slices.Equal(got, tt.want) {
				t.Errorf("events\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(tt.want, "\n "))
			}
		})
	}
}

// TestEventTimes: an event's time is when it was seen.
func TestEventTimes(t *testing.T) {
	old := merge(sweep(at(0), true, entry("a", "1"), entry("b", "1")), sweep(at(10), true, entry("a", "1")))
	for _, tt := range []struct {
		news model.Page
		want time.Time
	}{
		{sweep(at(20), true, entry("a", "1")), at(20)},
		{list(at(20), entry("a", "2")), at(20)},
		{reading(at(20), read("a", "v2", "2")), at(20)},
		{asked(at(20), "a", request("r", "inProgress")), at(20)},
		{list(at(20), entry("c", "1")), at(20)},
	} {
		events := news(old, tt.news)
		if len(events) != 1 || !events[0].At.Equal(tt.want) {
			t.Errorf("events %+v, want one at %v", events, tt.want)
		}
	}
}

// TestEventOrder: events come in the order of the rows, whatever the page's.
func TestEventOrder(t *testing.T) {
	old := merge(sweep(at(0), true, entry("b", "1"), entry("d", "1")))
	page := list(at(5), entry("e", "1"), entry("d", "2"), entry("c", "1"), entry("a", "1"), entry("b", "2"))
	var got []string
	for _, e := range news(old, page) {
		got = append(got, e.Ref.Key)
	}
	if want := []string{"a", "b", "c", "d", "e"}; !slices.Equal(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
}
