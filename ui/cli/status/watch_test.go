package status

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hinshun/vt10x"

	"certty/backend"
	"certty/backend/pass"
	"certty/model"
	"certty/ui/cli/row"
)

// TestFollow: each row is a line at the beginning, and again only when something
// happened to it.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := prepare(t, "-o", "jsonl", "--watch", "1m")
		began := time.Now()
		b.job.now = func() time.Time { return noon.Add(time.Since(began)) }
		ctx, stop := context.WithCancel(t.Context())
		looks := 0
		b.look = func(context.Context) []pass.Result {
			results := []pass.Result{prod(), account()}
			switch looks++; looks {
			case 3: // completed, and another one appeared
				done := certificate("mail")
				done.RequestReadAt = noon
				items := append([]*model.Item{done, certificate("new")}, results[0].Snapshot.Items()[0], results[0].Snapshot.Items()[2])
				results[0].Snapshot = model.NewSnapshot("prod", items, noon)
			case 4: // back again, and the vault fails
				results[0].Err = &backend.Error{Kind: backend.KindNetwork, Op: "list certificates", Message: "no answer"}
			case 5:
				results[0].Err = &backend.Error{Kind: backend.KindNetwork, Op: "list certificates", Message: "no answer"}
			case 6:
				stop()
			}
			return results
		}
		if err := b.follow(ctx); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 5*time.Minute {
			t.Errorf("six looks took %s", took)
		}
		var got []string
		for text := range strings.Lines(b.out.String()) {
			var l row.Line
			if err := json.Unmarshal([]byte(text), &l); err != nil || l.SchemaVersion != row.SchemaVersion || l.At.IsZero() {
				t.Fatalf("%v: %s", err, text)
			}
			name, _, _ := strings.Cut(l.Name, "|")
			got = append(got, string(l.Event)+" "+name+l.OrderID)
		}
		want := "listed mail, listed shop17, listed shop18, listed pipe, listed api, changed mail, appeared new, changed mail, left new"
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%s\nwant %s", s, want)
		}
		if n := strings.Count(b.said.String(), "no answer"); n != 1 {
			t.Errorf("said %d times: %s", n, b.said.String())
		}
	})
}

// TestFollowUntilNobodyReads: a pipe that is closed ends it.
func TestFollowUntilNobodyReads(t *testing.T) {
	b := prepare(t, "-o", "jsonl", "--watch", "1m")
	b.env.Stdout = closed{}
	if err := b.follow(t.Context()); err == nil {
		t.Error("it goes on for nobody")
	}
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("closed pipe") }

// TestDraw: the table is drawn anew in the same place, fits, says what else is to
// be known, and the terminal is given back.
func TestDraw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := prepare(t, "--watch", "1m")
		b.width, b.height = 60, 7
		screen := vt10x.New(vt10x.WithSize(60, 7))
		var all bytes.Buffer
		b.env.Stdout = both{&all, screen}
		ctx, stop := context.WithCancel(t.Context())
		looks := 0
		b.look = func(context.Context) []pass.Result {
			switch looks++; looks {
			case 2:
				b.say.line("to sign in, enter ABC\x1b[2J")
				if s := screen.String(); !strings.Contains(s, `enter ABC\x1b[2J`) || !strings.Contains(s, "mail") {
					t.Errorf("a line that is said has to stand below the table:\n%s", s)
				}
				b.results[1].Snapshot = model.NewSnapshot("ca", nil, noon)
			case 3:
				stop()
			}
			return b.results
		}
		go func() {
			time.Sleep(30 * time.Second)
			s := screen.String()
			for _, want := range []string{"certty status: ", "every 1m, ", "STATE", "waits: m…  mail ", "(2 more)", "pending requests", "ca       2d        approve    approver"} {
				if !strings.Contains(s, want) {
					t.Errorf("%q is not in\n%s", want, s)
				}
			}
			if screen.CursorVisible() || screen.Mode()&vt10x.ModeAltScreen == 0 {
				t.Error("the cursor is shown, or the terminal's own screen is drawn on")
			}
			time.Sleep(time.Minute)
			if s := screen.String(); strings.Contains(s, "shop") || strings.Contains(s, "ABC") || !strings.Contains(s, "valid") {
				t.Errorf("something is left of the table before:\n%s", s)
			}
		}()
		if err := b.draw(ctx); err != nil {
			t.Fatal(err)
		}
		if !screen.CursorVisible() || screen.Mode()&vt10x.ModeAltScreen != 0 {
			t.Error("the terminal is not given back")
		}
		b.say.line("afterwards")
		if !strings.Contains(b.said.String(), "afterwards") {
			t.Error("what is said afterwards is lost")
		}
	})
}

type both struct {
	all    *bytes.Buffer
	screen vt10x.Terminal
}

func (b both) Write(p []byte) (int, error) {
	b.all.Write(p)
	return b.screen.Write(p)
}
