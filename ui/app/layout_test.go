package app

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/ui/paint"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/toast"
)

const longReason = "the vault has purge protection, nobody may purge; it destroys the certificate by itself on 2026-11-22 14:05 UTC"

// refusing has every action of a certificate's life refused for a long reason.
func (s *screen) refusing() {
	for i := range s.parts.Targets {
		s.parts.Targets[i].Capabilities.LifecycleWhy = longReason
	}
}

// TestLongReason: the reason can be read to its end on every width, the rows
// stand where they stood, and the hints come back.
func TestLongReason(t *testing.T) {
	for _, w := range []int{minWidth, 80, 120, 200} {
		bubble(t, func(t *testing.T) {
			s := open(t, w, 24, plain)
			s.refusing()
			before := strings.Split(s.View(), "\n")
			_, cmd := s.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("P")})
			said := make(chan tea.Msg, 1)
			go func() { said <- cmd() }()
			frame := s.View()
			exactly(t, frame, w, 24)
			if flat := strings.Join(strings.Fields(frame), " "); !strings.Contains(flat, "not now: "+longReason) {
				t.Errorf("%d columns: the reason is cut:\n%s", w, frame)
			}
			for i, line := range strings.Split(frame, "\n")[:18] {
				if line != before[i] {
					t.Errorf("%d columns: line %d was %q and is %q", w, i, before[i], line)
				}
			}
			s.Update(<-said)
			if after := s.View(); after != strings.Join(before, "\n") {
				t.Errorf("%d columns: it does not look as before:\n%s", w, after)
			}
		})
	}
}

// TestTroubleAndReason: trouble that stays hides no answer to a key.
func TestTroubleAndReason(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.Update(Trouble("the journal can't be written: disk full"))
		s.on("vpn-gw")
		s.press("m")
		s.sees("disk full", "not now: there is no request here")
	})
}

// TestWhyNothingIsKept: the reason stands at the end of a long error, and is read
// on a narrow screen, too.
func TestWhyNothingIsKept(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		err := errors.New("store events of prod: write to the timeline: /home/ada/.local/state/certty/certty.db: the disk is full: database or disk is full (13)")
		s.s.Data.SetState("prod", poll.State{Snapshot: model.NewSnapshot("prod", nil, time.Time{}), KeeperErr: err})
		s.sees("not kept on disk: store events of prod", "disk is full (13)")
		exactly(t, s.View(), 80, 24)
	})
}

// TestReasonGoesWithTheNextView: why a key did nothing is not about what is
// opened after it; other news stay.
func TestReasonGoesWithTheNextView(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.on("vpn-gw")
		s.press("m")
		s.sees("not now")
		s.press("enter")
		if strings.Contains(s.View(), "not now") {
			t.Errorf("it still stands:\n%s", s.View())
		}
		s.Toast(toast.Done, "merged")
		s.press("?")
		s.sees("merged")
	})
}

// TestNewsBesideTheFilter: who types a filter sees what stands there, whatever
// news come meanwhile.
func TestNewsBesideTheFilter(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.press("/", "v", "p")
		s.Toast(toast.Done, "merged")
		s.press("n")
		s.sees("filter: vpn", "merged")
	})
}

// TestCounts: what needs a decision is counted by what it is, as far as there is
// room; what failed and what waits always is.
func TestCounts(t *testing.T) {
	expired := item("test", "old-blog", func(it *model.Item) { life(it, 200*day, -day) })
	for _, tt := range []struct {
		w      int
		prod   poll.State
		header string
	}{
		{80, poll.State{Snapshot: prod()}, " 1 failed  1 expired  2 waiting "},
		{80, poll.State{Snapshot: prod(), Latched: true, Err: &backend.Error{Kind: backend.KindAuth}}, " 1 failed  2 waiting "},
		{120, poll.State{Snapshot: prod(), Latched: true, Err: &backend.Error{Kind: backend.KindAuth}}, " 1 failed  1 expired  2 waiting "},
	} {
		bubble(t, func(t *testing.T) {
			s := open(t, tt.w, 24, plain)
			s.s.Data.SetState("prod", tt.prod)
			s.s.Data.SetState("test", poll.State{Snapshot: model.NewSnapshot("test", []*model.Item{expired}, noon)})
			s.run(s.all(view.DataChanged{}))
			if header := strings.Join(strings.Split(s.View(), "\n")[:2], "\n"); !strings.Contains(header, tt.header) || strings.Contains(tt.header, "expired") != strings.Contains(header, "expired") {
				t.Errorf("%d columns: the header says\n%s\nwant %q", tt.w, header, tt.header)
			}
		})
	}
}

// TestRedraw: ctrl+l has every line sent again, also where keys are text and
// where the screen is too small for anything else.
func TestRedraw(t *testing.T) {
	for name, tt := range map[string]struct {
		w, h int
		keys []string
		want string
	}{
		"board":     {80, 24, nil, "vpn-gw"},
		"form":      {80, 24, []string{"n"}, "New request"},
		"too small": {30, 8, nil, "screen too small"},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t, tt.w, tt.h, plain)
				s.press(tt.keys...)
				var out bytes.Buffer
				s.painter = paint.New(&out, 60, func() {})
				defer s.painter.Close()
				s.View()
				synctest.Wait()
				time.Sleep(time.Second)
				out.Reset()
				s.View()
				synctest.Wait()
				if out.Len() > 0 {
					t.Fatalf("what did not change was sent: %q", out.String())
				}
				s.Update(tea.KeyMsg{Type: tea.KeyCtrlL})
				s.View()
				synctest.Wait()
				if got := out.String(); !strings.Contains(got, "\x1b[2J") || !strings.Contains(got, tt.want) {
					t.Errorf("sent: %q", got)
				}
			})
		})
	}
}

// framed is an overlay of so many lines and cells.
type framed struct {
	probe
	s    *screen
	w, h int
}

func (f *framed) View() []string {
	return box.Frame(f.s.s.Theme, fmt.Sprintf("%d by %d", f.w, f.h), make([]string, f.h-2), f.w, f.h)
}

// TestLayers: a frame covers one behind it whole, or stands on it inside; of one
// that is no wider no edge sticks out.
func TestLayers(t *testing.T) {
	for _, tt := range []struct {
		below, above [2]int
		corners      int
	}{
		{[2]int{80, 12}, [2]int{80, 11}, 1},
		{[2]int{60, 12}, [2]int{70, 4}, 1},
		{[2]int{80, 12}, [2]int{34, 6}, 2},
	} {
		bubble(t, func(t *testing.T) {
			s := open(t, 80, 24, plain)
			s.Open(&framed{s: s, w: tt.below[0], h: tt.below[1]})
			s.Open(&framed{s: s, w: tt.above[0], h: tt.above[1]})
			if got := strings.Count(s.View(), s.s.Theme.Glyphs.BottomLeft); got != tt.corners {
				t.Errorf("%v over %v: %d frames are seen, want %d:\n%s", tt.above, tt.below, got, tt.corners, s.View())
			}
		})
	}
}
