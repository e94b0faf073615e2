package app

import (
	"errors"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/ui/view"
)

// sees fails unless the screen shows every text.
func (s *screen) sees(texts ...string) {
	s.t.Helper()
	frame := s.View()
	for _, text := range texts {
		if !strings.Contains(frame, text) {
			s.t.Fatalf("the screen does not show %q:\n%s", text, frame)
		}
	}
}

// sent fails unless exactly these calls were made.
func (s *screen) sent(calls ...string) {
	s.t.Helper()
	if got, want := strings.Join(s.desk.calls, "; "), strings.Join(calls, "; "); got != want {
		s.t.Fatalf("sent %q, want %q", got, want)
	}
}

func TestCreateAsksBeforeItSends(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.press("n", "left", "tab", "CN=new.example.com", "tab", " www.new.example.com", "ctrl+s")
		s.sees("Create new-example-com (prod)", "POST /certificates/new-example-com/create")
		s.sent()
		s.press("enter")
		s.sent() // typed ahead: the question was not armed
		s.answer("enter")
		s.sent() // it starts on Back
		s.press("ctrl+s")
		s.answer("tab", "enter")
		s.sent("create new-example-com CN=new.example.com new.example.com www.new.example.com Unknown")
		s.sees("request made")
	})
}

func TestRefusedCreateKeepsTheForm(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.desk.err = &backend.Error{Kind: backend.KindInvalid, Op: "create", Code: "BadParameter", Message: "no", Ref: model.Ref{Target: "prod", Key: "new"}}
		s.press("n", "left", "tab", "CN=new.example.com", "ctrl+s")
		s.answer("tab", "enter")
		s.sees("What you typed is kept")
		s.press("esc")
		s.sees("New request, manual", "CN=new.example.com")
	})
}

func TestPendingInTheWayIsCaughtBeforeSending(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.press("n", "left", "tab", "CN=shop.example.com, C=DE", "ctrl+s")
		s.sees("already has a request in progress", "Nothing was sent", "your form is kept")
		s.press("esc")
		s.sees("CN=shop.example.com, C=DE")
		s.sent()
	})
}

// Another client was a second faster: the 409 is explained in the same words.
func TestPendingInTheWayAfterSending(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.desk.err = &backend.Error{Kind: backend.KindState, State: backend.StatePending, Status: 409, Op: "create", Ref: model.Ref{Target: "prod", Key: "vpn-gw"}}
		s.press("n", "left", "tab", "CN=vpn.example.com", "tab", "tab")
		for range "vpn-example-com" {
			s.press("backspace")
		}
		s.press("vpn-gw", "ctrl+s")
		s.sees("makes a new version of it")
		// Meanwhile the news arrives, as the refresh brings it.
		it := *prod().Get("vpn-gw")
		it.Request = &model.Request{ID: "99", Status: "inProgress", Phase: model.PhaseInProgress, Since: noon}
		s.s.Data.SetState("prod", poll.State{Snapshot: prod().Merge(model.Page{Fields: model.FieldRequest, AsOf: noon.Add(1), Items: []model.Item{it}})})
		s.answer("tab", "enter")
		s.sees("already has a request in progress", "your form is kept")
		if strings.Contains(s.View(), "Nothing was sent") {
			t.Error("it was sent, and the service refused it")
		}
	})
}

// TestPendingUnderAnUnknownName: another client took a name that no list had
// yet. The same words stand there, and the ways out once the row is read.
func TestPendingUnderAnUnknownName(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.desk.err = &backend.Error{Kind: backend.KindState, State: backend.StatePending, Status: 409, Op: "create", Ref: model.Ref{Target: "prod", Key: "faster-test"}}
		s.press("n", "left", "tab", "CN=faster.test", "ctrl+s")
		s.answer("tab", "enter")
		s.sees("faster-test already has a request in progress", "Another client asked for it just now", "your form is kept")
		theirs := item("prod", "faster-test", func(it *model.Item) {
			unissued(it, time.Minute)
			pending(it, model.Request{ID: "77", Status: "inProgress", Phase: model.PhaseInProgress, Issuer: model.Issuer{Name: "Unknown"}})
		})
		s.run(s.state(stateMsg{index: 0, state: poll.State{Snapshot: prod().Merge(model.Page{
			Fields: model.FieldListing | model.FieldRequest, AsOf: noon.Add(1), Items: []model.Item{*theirs}})}}))
		s.sees("request 77", "ask for its cancellation", "merge the signed certificate into it", "your form is kept")
		s.press("esc")
		s.sees("CN=faster.test")
	})
}

func TestCancelCarriesTheRequestThatWasShown(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.on("shop-example-com")
		s.press("x")
		s.sees("request 2c1f9e0d7b6a4c3e8f1a2b3c4d5e6f70")
		// Another client replaces the request while the question stands.
		it := *prod().Get("shop-example-com")
		it.Request = &model.Request{ID: "another", Status: "inProgress", Phase: model.PhaseInProgress}
		s.run(s.state(stateMsg{index: 0, state: poll.State{Snapshot: prod().Merge(model.Page{Fields: model.FieldRequest, AsOf: noon.Add(1), Items: []model.Item{it}})}}))
		s.answer("tab", "enter")
		s.sent("cancel prod/shop-example-com@2c1f9e0d7b6a4c3e8f1a2b3c4d5e6f70")
	})
}

func TestDeleteWantsTheName(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.on("shop-example-com")
		s.press("d")
		s.answer("tab", "enter")
		s.sent()
		s.press("shop-example-com", "enter")
		s.sent("delete prod/shop-example-com@2c1f9e0d7b6a4c3e8f1a2b3c4d5e6f70")
	})
}

func TestRefreshKeepsTheCursor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.on("vpn-gw")
		more := make([]model.Item, 4)
		for i := range more {
			more[i] = *item("prod", "new-failure-"+string(rune('a'+i)), func(it *model.Item) {
				unissued(it, 0)
				pending(it, model.Request{ID: "f", Status: "failed", Phase: model.PhaseFailed})
			})
		}
		page := model.Page{Fields: model.FieldListing | model.FieldRequest, AsOf: noon.Add(1), Items: more}
		s.run(s.state(stateMsg{index: 0, state: poll.State{Snapshot: prod().Merge(page)}}))
		if got := cursorLine(s.View()); !strings.Contains(got, "vpn-gw") {
			t.Errorf("the cursor moved to %q", got)
		}
	})
}

func TestFailureToOpenEndsTheScreen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		cause := errors.New("no room on disk")
		_, cmd := s.Update(openedMsg{err: cause})
		if !quits(cmd) || !errors.Is(s.Err(), cause) {
			t.Errorf("quits: %v, error: %v", quits(cmd), s.Err())
		}
	})
}

func TestCopyIsSentToTheTerminal(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		it := *prod().Get("shop-example-com")
		r := *it.Request
		r.CSR = []byte{0x30, 0x03, 0x02, 0x01, 0x00}
		it.Request = &r
		s.s.Data.SetState("prod", poll.State{Snapshot: prod().Merge(model.Page{Fields: model.FieldRequest, AsOf: noon.Add(1), Items: []model.Item{it}})})
		s.run(s.all(view.DataChanged{Target: "prod"}))
		s.on("shop-example-com")
		s.press("y")
		s.sees("Copy from shop-example-com", "CSR (PEM)")
		s.press("r")
		s.sees("CSR (PEM) sent to the terminal")
		if !strings.HasPrefix(s.out.String(), "\x1b]52;c;") {
			t.Errorf("the terminal got %q", s.out.String())
		}
	})
}

// TestNotesStay: what has to be known at the start is read before it goes, all
// of it.
func TestNotesStay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.parts.Notes = []string{"merge of a, asked yesterday, has no known end", "create of b, asked today, has no known end"}
		_, cmd := s.Update(openedMsg{parts: s.parts})
		s.run(cmd)
		s.sees("Before you start", "merge of a", "create of b")
		s.press("enter")
		s.sees("merge of a") // typed ahead
		s.press("esc")
		if strings.Contains(s.View(), "Before you start") {
			t.Error("the card can't be closed")
		}
	})
}

// TestUnreadTimelineIsSaid: an empty timeline must not look like a quiet one,
// and the word goes when it can be read again.
func TestUnreadTimelineIsSaid(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 120, 30, plain)
		s.Update(view.TimelineRead{Err: errors.New("disk I/O error")})
		s.sees("the timeline can't be read: disk I/O error")
		s.Update(view.TimelineRead{})
		if strings.Contains(s.View(), "can't be read") {
			t.Error("it is still said although the timeline was read")
		}
	})
}
