package activity_test

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
	"certty/ui/view/activity"
	"certty/ui/view/viewtest"
)

func entry(id int64, op, name string, o *backend.Outcome) backend.Entry {
	return backend.Entry{ID: id, Outcome: o, Intent: backend.Intent{
		At: viewtest.Noon.Add(time.Duration(id) * time.Minute), Actor: "ops@ada", Op: op, Detail: "detail of " + name,
		Ref: model.Ref{Target: "prod", Kind: model.KindRequest, Key: name, Revision: "r1"},
	}}
}

func outcome(r backend.Result, err string) *backend.Outcome {
	return &backend.Outcome{At: viewtest.Noon, Result: r, Error: err, ServiceRequestID: "7d0a4c1e-3f52", Revision: "v7"}
}

// open shows a journal, newest last as the store gives it.
func open(t *testing.T, journal func() ([]backend.Entry, error)) *viewtest.Stage {
	t.Helper()
	s := viewtest.New(t, viewtest.Item("prod", "shop", nil))
	s.Session.Journal = func(context.Context, int) ([]backend.Entry, error) { return journal() }
	s.Open(activity.New(t.Context(), s.Session))
	return s
}

var long = strings.Repeat("the service said so ", 40) + "the end"

// proved was found out: its answer was lost.
var proved = &backend.Outcome{At: viewtest.Noon, Result: backend.ResultDone, Revision: "v7", Evidence: "the tag certty-op of it stands in the vault"}

func journal() ([]backend.Entry, error) {
	return []backend.Entry{
		entry(1, "merge", "unsure", outcome(backend.ResultUncertain, "no answer came")),
		entry(2, "create", "shop", proved),
		entry(3, "import", "lost", nil),
		entry(4, "cancel", "evil\x1b[31m", outcome(backend.ResultRefused, long)),
	}, nil
}

// What nobody knows the end of stands first, then the newest.
func TestOrder(t *testing.T) {
	s := open(t, journal)
	frame := s.Frame()
	last := -1
	for _, name := range []string{" lost ", " unsure ", " evil", " shop "} {
		at := strings.Index(frame, name)
		if at <= last {
			t.Errorf("%s is out of its place:\n%s", name, frame)
		}
		last = at
	}
	s.Sees("Activity: the last 4 changes", "no answer yet", "! uncertain", "look at the row before doing it again")
	if strings.Contains(frame, "\x1b[31m") {
		t.Error("what the file holds reached the terminal")
	}
}

// Each entry can be read to its end, and copied as it is read.
func TestAnEntryInFull(t *testing.T) {
	for _, tt := range []struct {
		down int
		says []string
	}{
		{0, []string{"import of prod/lost@r1 by ops@ada, 2026-11-21 14:08 UTC", "detail of lost", "It runs, or the program ended before the answer"}},
		{1, []string{"merge of prod/unsure@r1", "It may have happened: look at the row before doing it again.", "uncertain 2026-11-21 14:05 UTC", "request id of the service: 7d0a4c1e-3f52", "no answer came"}},
		{2, []string{"refused 2026-11-21 14:05 UTC", "request id of the service: 7d0a4c1e-3f52", "the service said so the end"}},
		{3, []string{"create of prod/shop@r1", "done 2026-11-21 14:05 UTC", "came out of it: v7", "No answer came; what was read since proves it: the tag certty-op"}},
	} {
		s := open(t, journal)
		s.Press(strings.Repeat("j", tt.down), "tab")
		s.Sees(tt.says...)
		s.Press("y")
		s.Said("the entry")
		_, payload, _ := strings.Cut(s.Copied.String(), "c;")
		text, err := base64.StdEncoding.DecodeString(strings.TrimRight(payload, "\x07\x1b\\"))
		if err != nil {
			t.Fatalf("%q: %v", s.Copied.String(), err)
		}
		for _, want := range tt.says {
			if !strings.Contains(string(text), want) {
				t.Errorf("copied %q, want %q in it", text, want)
			}
		}
		s.Press("esc")
		s.Sees("Activity: the last 4 changes")
		s.Press("esc")
		if s.Top() != nil {
			t.Error("it does not close")
		}
	}
}

func TestAnEntryThatIsCutSaysSo(t *testing.T) {
	s := open(t, journal)
	s.Press("jj")
	s.Sees("tab shows the rest")
}

func TestOpensTheRow(t *testing.T) {
	s := open(t, journal)
	s.Press("enter")
	s.Said("lost is not known any more")
	s.Press("jjj", "enter")
	s.Sees("CN=shop.example.com")
}

// A journal that can't be read says so, and what was read before stays.
func TestJournalTrouble(t *testing.T) {
	entries, err := []backend.Entry(nil), errors.New("the disk is gone")
	s := open(t, func() ([]backend.Entry, error) { return entries, err })
	s.Sees("The journal can't be read: the disk is gone")
	s.Press("y", "tab")
	s.Said("no entry is chosen")
	err = nil
	s.Press("r")
	s.Sees("Nothing was changed from here yet.")
	entries, _ = journal()
	s.Press("r")
	s.Sees("the last 4 changes")
	err = errors.New("the disk is gone")
	s.Press("r")
	s.Sees("Activity, as it was: the journal can't be read now", "unsure")
}

func TestEverySize(t *testing.T) {
	s := open(t, journal)
	for range 2 {
		for _, w := range []int{1, 8, 40, 80, 300} {
			for _, h := range []int{1, 3, 10, 19, 60} {
				s.Resize(w, h)
				if got := strings.Count(s.Frame(), "\n") + 1; got > h {
					t.Fatalf("%d lines on %dx%d", got, w, h)
				}
			}
		}
		s.Press("tab")
	}
}

// An order is listed by its name where that is known, with its reference after it,
// also once the row has taken the order's id.
func TestOrdersByName(t *testing.T) {
	s := viewtest.New(t)
	s.Resize(120, 40)
	a := s.Account()
	placed := viewtest.OrderItem("17", "pay.example.com", nil)
	a.Held(placed, backend.Holding{Record: model.Record{CommonName: "pay.example.com", Reference: "certty:00:1"}})
	s.Put(placed, a.Unplaced("certty:11:1", "shop.example.com", model.StepUndecided))
	s.Session.Journal = func(context.Context, int) ([]backend.Entry, error) {
		var all []backend.Entry
		for i, key := range []string{"17", "certty:00:1", "certty:11:1", "certty:22:1"} {
			e := entry(int64(i+1), "order", key, outcome(backend.ResultDone, ""))
			e.Intent.Ref = model.Ref{Target: viewtest.AccountName, Kind: model.KindCertificate, Key: key}
			all = append(all, e)
		}
		return all, nil
	}
	s.Open(activity.New(t.Context(), s.Session))
	s.Sees("pay.example.com (17)", "pay.example.com (c", "shop.example.com (c", " certty:22:1 ")
}
