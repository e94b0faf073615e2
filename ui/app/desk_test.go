package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/ui/view/logs"
)

// journal holds a change of each ending, newest last.
func journal(context.Context, int) ([]backend.Entry, error) {
	at := func(ago time.Duration, op, key string) backend.Intent {
		return backend.Intent{At: noon.Add(-ago), Actor: "ops@ada", Op: op, Ref: model.Ref{Target: "prod", Kind: model.KindRequest, Key: key, Revision: "2c1f"}}
	}
	ended := func(r backend.Result, text string) *backend.Outcome {
		return &backend.Outcome{At: noon.Add(-time.Hour), Result: r, Error: text, ServiceRequestID: "7d0a4c1e-3f52-4b9e-8d10-aa0b1c2d3e4f"}
	}
	return []backend.Entry{
		{ID: 1, Intent: at(26*time.Hour, "merge", "www"), Outcome: ended(backend.ResultUncertain, "no answer within 2m")},
		{ID: 2, Intent: at(5*time.Hour, "create", "shop-example-com"), Outcome: ended(backend.ResultDone, "")},
		{ID: 3, Intent: at(2*time.Hour, "cancel", "intranet"), Outcome: ended(backend.ResultRefused, "403 Forbidden: Pending status must be in progress")},
	}, nil
}

func ring() *logs.Ring {
	r := &logs.Ring{}
	for i, level := range []slog.Level{slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		record := slog.NewRecord(noon.Add(time.Duration(i)*time.Second), level, "call answered", 0)
		record.Add("target", "prod", "status", 200+i, "path", "/certificates?maxresults=25")
		if err := r.Handler(slog.LevelInfo).Handle(context.Background(), record); err != nil {
			panic(err)
		}
	}
	return r
}

// names are the rows on the board, from the top.
func (s *screen) names() string {
	var out []string
	for _, line := range strings.Split(s.View(), "\n")[3:] {
		words := strings.Fields(line)
		for _, target := range []string{"prod", "test"} {
			if i := slices.Index(words, target); i > 1 {
				out = append(out, words[i-1])
			}
		}
	}
	return strings.Join(out, " ")
}

func TestFilterKeepsTheLastGoodOne(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "name:api", ` "-u`)
		s.sees("at 10: this quote is not closed")
		if got := s.names(); got != "api-eu api-us" {
			t.Errorf("listed: %s", got)
		}
		s.press("enter") // not while it is wrong
		s.sees(`filter: name:api "-u`)
		s.press(`s"`, "enter")
		s.sees("1 of 11", `filter: name:api "-us"`)
		s.press("esc")
		s.sees("11 of 11", "filter: none")
	})
}

func TestFilterHistory(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "api", "enter", "esc", "/", "state:waits", "enter", "esc", "/", "draft", "up")
		s.sees("filter: state:waits")
		s.press("up", "up")
		s.sees("filter: api", "2/11")
		s.press("down", "down")
		s.sees("filter: draft")
		s.press("up", "enter")
		s.sees("1 of 11")
	})
}

// TestFilterFindsARow: the row that a filter led to stays under the cursor when
// the filter goes.
func TestFilterFindsARow(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "vpn", "enter", "esc")
		if line := cursorLine(s.View()); !strings.Contains(line, " vpn-gw ") {
			t.Errorf("the cursor is on %q", line)
		}
		s.sees("filter: none")
	})
}

func TestFilterByBackspace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "api", "-us")
		s.sees("1/11")
		s.press("backspace", "backspace")
		s.sees("2/11")
		// News while it is typed are filtered as well.
		more := model.Page{Fields: model.FieldListing, AsOf: noon.Add(1), Items: []model.Item{*item("prod", "api-new", func(*model.Item) {})}}
		s.run(s.state(stateMsg{index: 0, state: poll.State{Snapshot: prod().Merge(more)}}))
		s.sees("3/12")
		s.press("backspace", "backspace", "backspace", "backspace")
		s.sees("12/12")
	})
}

func TestSortKeepsTheCursorAndTheOrder(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.on("vpn-gw")
		s.press("S", "n")
		s.sees("sorted by name ↑", "NAME↑")
		if got := s.names(); !strings.HasPrefix(got, "api-eu api-us intranet kept-name") {
			t.Errorf("listed: %s", got)
		}
		if got := cursorLine(s.View()); !strings.Contains(got, "vpn-gw") {
			t.Errorf("the cursor moved to %q", got)
		}
		s.press("S", "n")
		s.sees("sorted by name ↓", "NAME↓")
		s.press("S", "l")
		s.sees("sorted by life left ↑", "LIFE LEFT↑")
		// News come where they belong, and a filter leaves the order.
		s.press("/", "api", "enter")
		if got := s.names(); got != "api-us api-eu" {
			t.Errorf("listed: %s", got)
		}
	})
}

func TestMarks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "api", "enter", "a")
		s.sees("2 marked")
		s.press("/", "-us", "enter")
		s.sees("2 marked, 1 hidden by the filter")
		s.press("esc")
		s.sees("2 marked ", "11 of 11")
		s.press("esc")
		if strings.Contains(s.View(), "marked ") {
			t.Error("esc left the marks")
		}
		s.press("g", " ", "j", "j", "V")
		s.sees("4 marked")
	})
}

// waiting marks the two rows that can be cancelled and one that can't, and
// hides one of the first.
func (s *screen) waiting() {
	s.t.Helper()
	s.press("/", "~^(shop-example-com|intranet|vpn-gw)$", "enter", "a", "esc", "/", "!intranet", "enter")
}

func TestBulkListsHiddenRowsFirstAndWantsTheNumber(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.waiting()
		s.press("x")
		s.sees("Ask for cancellation of 2 requests", "1 of 2 not visible on the board now", "1 marked, but left out", "vpn-gw (prod): there is no request here", "Type this to confirm: 2")
		frame := s.View()
		if strings.Index(frame, "intranet (prod)") > strings.Index(frame, "shop-example-com (prod)") {
			t.Errorf("the hidden row is not the first:\n%s", frame)
		}
		s.answer("3", "tab", "enter")
		s.sent()
		s.press("backspace", "2", "enter")
		s.sent("cancel prod/intranet@3", "cancel prod/shop-example-com@2c1f9e0d7b6a4c3e8f1a2b3c4d5e6f70")
		s.sees("2 done, 1 left out")
		s.press("esc")
		s.sees("1 marked") // what was done is not marked any more
	})
}

func TestBulkAsksAgainForWhatWasRefusedOnly(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.desk.fails = map[string]error{"delete prod/intranet@3": errNotDone}
		s.waiting()
		s.press("d")
		s.answer("delete 2", "enter")
		s.sees("1 done, 1 refused, 1 left out")
		s.desk.calls, s.desk.fails = nil, nil
		s.press("f")
		s.sees("Delete 1 request", "Type this to confirm: delete 1")
		s.sent()
		s.answer("delete 1", "enter")
		s.sent("delete prod/intranet@3")
		s.sees("1 done")
	})
}

func TestBulkNeverRepeatsWhatIsUncertain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.desk.err = &backend.Error{Kind: backend.KindUncertain, Op: "cancel"}
		s.waiting()
		s.press("x")
		s.answer("2", "enter")
		s.sees("2 uncertain, 1 left out")
		s.desk.calls = nil
		s.press("f")
		s.sees("not now: nothing was refused; what is uncertain is never sent again")
		s.sent()
	})
}

// withCSR gives a row's request a CSR.
func (s *screen) withCSR(key string) {
	s.t.Helper()
	it := *prod().Get(key)
	r := *it.Request
	r.CSR = []byte{0x30, 0x03, 0x02, 0x01, 0x00}
	it.Request = &r
	s.run(s.state(stateMsg{index: 0, state: poll.State{Snapshot: prod().Merge(model.Page{Fields: model.FieldRequest, AsOf: noon.Add(1), Items: []model.Item{it}})}}))
}

func TestBulkSavesCSRs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		t.Chdir(t.TempDir())
		s := open(t, 100, 30, plain)
		s.withCSR("shop-example-com")
		s.press("/", "~^(shop-example-com|vpn-gw)$", "enter", "a", "s")
		s.sees("Save 1 CSR", "Folder", "vpn-gw (prod)")
		s.press("enter")
		s.sees("1 done, 1 left out")
		data, err := os.ReadFile(filepath.Join("csr", "shop-example-com.csr"))
		if err != nil || !strings.HasPrefix(string(data), "-----BEGIN CERTIFICATE REQUEST-----") {
			t.Errorf("%v, %q", err, data)
		}
		// A second time nothing is replaced.
		s.press("esc", "a", "s", "enter")
		s.sees("1 refused", "there already, and kept")
	})
}

func TestBulkWithNothingToDo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.press("/", "vpn", "enter", "a", "x")
		s.sees("none of the 1 marked rows: vpn-gw: there is no request here")
		s.sent()
	})
}

func TestRefreshOfMarkedRows(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "vpn", "enter", "a")
		s.poller.asked = nil
		s.press("r")
		if got := strings.Join(s.poller.asked, ","); got != "look vpn-gw" {
			t.Errorf("asked: %s", got)
		}
	})
}

func TestPalette(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.on("shop-example-com")
		s.press(":", "ask canc")
		s.sees("Commands: 1", "> x")
		s.press("enter")
		s.sees("Ask for cancellation of shop-example-com")
		s.press("esc")
		s.on("vpn-gw")
		s.press(":", "merge signed", "enter")
		s.sees("not now: there is no request here", "Commands:")
		s.press("esc", ":", "zzz", "enter")
		s.sees("No action has these words.")
		s.press("esc")
		// It offers what the view below it offers.
		s.press("enter", ":", "quit")
		s.sees("Commands: 0")
	})
}

func TestActivity(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.press("A")
		frame := s.View()
		for _, name := range []string{"www", "intranet", "shop-example-com"} {
			if !strings.Contains(frame, " "+name+" ") {
				t.Errorf("%s is missing", name)
			}
		}
		if !strings.Contains(cursorLine(frame), "uncertain") {
			t.Errorf("what is uncertain is not on top:\n%s", frame)
		}
		s.sees("It may have happened", "ops@ada")
		s.press("j")
		s.sees("403 Forbidden", "7d0a4c1e-3f52-4b9e-8d10-aa0b1c2d3e4f")
		s.press("enter")
		s.sees("intranet")
	})
}

func TestLog(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		s.press("L")
		s.sees("Log: 3, from info on", "call answered target=prod status=202")
		s.press("l", "l")
		s.sees("Log: 1, from error on")
		s.press("l")
		s.sees("Log: 3, from debug on")
	})
}

func TestMouse(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		click := func(b tea.MouseButton, y int) {
			_, cmd := s.Update(tea.MouseMsg{X: 10, Y: y, Button: b, Action: tea.MouseActionPress})
			s.run(cmd)
		}
		click(tea.MouseButtonLeft, 6)
		if got := cursorLine(s.View()); !strings.Contains(got, "kept-name") {
			t.Fatalf("a mouse that nobody asked for moved the cursor to %q", got)
		}
		s.press("M")
		s.sees("the mouse chooses rows")
		third := strings.Split(s.View(), "\n")[5]
		click(tea.MouseButtonLeft, 5)
		if got := cursorLine(s.View()); got[3:] != third[3:] {
			t.Errorf("the cursor is on %q, clicked on %q", got, third)
		}
		click(tea.MouseButtonWheelDown, 5)
		below := strings.Split(s.View(), "\n")[8]
		if !strings.HasPrefix(below, "> ") {
			t.Errorf("the wheel did not move three rows:\n%s", s.View())
		}
		click(tea.MouseButtonLeft, 23) // the hint line
		if !strings.HasPrefix(strings.Split(s.View(), "\n")[8], "> ") {
			t.Error("a click beside the rows moved the cursor")
		}
		s.press("x")
		click(tea.MouseButtonLeft, 4)
		click(tea.MouseButtonWheelUp, 4)
	})
}
