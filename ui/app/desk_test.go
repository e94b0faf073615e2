package app

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
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

// TestFormsOfTheRowsVault: a new request is for the vault of the row under the
// cursor, not for the first one of the configuration.
func TestFormsOfTheRowsVault(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.on("legacy-mail")
		s.press("n")
		s.sees("New request", "( ) prod  (*) test")
		s.press("esc")
		s.on("shop-example-com")
		s.press("n")
		s.sees("New request", "(*) prod  ( ) test")
	})
}
