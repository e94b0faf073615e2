package app

import (
	"context"
	"io"
	"iter"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/ui/clip"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/board"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// noon is the time of every frame.
var noon = time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)

// idle is a poller that notes what it was asked.
type idle struct{ asked []string }

func (p *idle) Refresh()                    { p.asked = append(p.asked, "refresh") }
func (p *idle) Look(ref model.Ref)          { p.asked = append(p.asked, "look "+ref.Key) }
func (p *idle) Watch([]model.Ref)           {}
func (p *idle) Acted(model.Ref, model.Page) {}
func (p *idle) Retry()                      { p.asked = append(p.asked, "retry") }

// desk answers changing calls with what the test says. The protocol itself is
// tested over the sandbox's server; here only the screen is.
type desk struct {
	calls []string
	err   error
	// fails are errors of single calls.
	fails map[string]error
}

func (d *desk) note(what string) (backend.Change, error) {
	d.calls = append(d.calls, what)
	if err := d.fails[what]; err != nil {
		return backend.Change{}, err
	}
	return backend.Change{}, d.err
}

func (d *desk) Sweep(context.Context) iter.Seq2[model.Page, error] {
	return func(func(model.Page, error) bool) {}
}

func (d *desk) Read(context.Context, model.Ref) (model.Page, error) { return model.Page{}, nil }

func (d *desk) Create(_ context.Context, s model.CreateSpec) (backend.Change, error) {
	return d.note("create " + s.Name + " " + s.Policy.Subject + " " + strings.Join(s.Policy.SANs.All(), " ") + " " + s.Policy.Issuer.Name)
}

func (d *desk) PlanCancel(it *model.Item) backend.CancelPlan {
	if it.Request.Open() && !it.Request.CancelAsked {
		return backend.CancelPlan{Way: backend.CancelAsk, Effect: "The vault is asked to cancel the request."}
	}
	return backend.CancelPlan{Way: backend.CancelImpossible, Effect: "Nothing is in progress."}
}

func (d *desk) Cancel(_ context.Context, ref model.Ref) (backend.Change, error) {
	return d.note("cancel " + ref.String())
}

func (d *desk) Merge(_ context.Context, ref model.Ref, chain [][]byte) (backend.Change, error) {
	return d.note("merge " + ref.String())
}

func (d *desk) DeleteRequest(_ context.Context, ref model.Ref) (backend.Change, error) {
	return d.note("delete " + ref.String())
}

func (d *desk) capabilities() backend.Capabilities {
	return backend.Capabilities{Sweep: d, Read: d, Create: d, Cancel: d, Merge: d, DeleteRequest: d}
}

// screen is a root with a filled board.
type screen struct {
	*Model
	t      *testing.T
	desk   *desk
	poller *idle
	out    *strings.Builder
}

func open(t *testing.T, w, h int, o theme.Options) *screen {
	t.Helper()
	s := &screen{t: t, desk: &desk{}, poller: &idle{}, out: &strings.Builder{}}
	s.Model = build(t.Context(), w, h, o, s.out)
	s.parts = &Parts{Targets: []view.Target{
		{Info: backend.Info{Name: "prod", Kind: "vault", Address: "https://prod.vault.azure.net"}, Capabilities: s.desk.capabilities(), Poller: s.poller},
		{Info: backend.Info{Name: "test", Kind: "vault", Address: "https://test.vault.azure.net"}, Capabilities: s.desk.capabilities(), Poller: s.poller},
	}}
	for range s.parts.Targets {
		s.parts.Boxes = append(s.parts.Boxes, poll.New(stub{}, nil, poll.Options{}).Subscribe())
	}
	s.s.Desk.Equip(s.parts.Targets, func(context.Context, model.Ref, int) ([]model.Event, error) {
		return []model.Event{{At: noon.Add(-3 * day), Kind: model.EventRequest, Text: "request inProgress"}}, nil
	})
	s.s.Journal, s.log = journal, ring()
	s.s.Data.SetState("prod", poll.State{Snapshot: prod(), Generation: 1})
	s.s.Data.SetState("test", poll.State{Snapshot: test(), Generation: 1})
	s.run(s.all(view.DataChanged{Target: "prod"}))
	return s
}

func build(ctx context.Context, w, h int, o theme.Options, out io.Writer) *Model {
	m := &Model{ctx: ctx, sandbox: true}
	m.s = &view.Session{
		Theme: theme.New(o), Data: view.NewData([]string{"prod", "test"}, noon), Desk: view.NewDesk(ctx),
		Host: m, Clip: clip.New(out, overSSH), Clock: func() time.Time { return noon },
	}
	m.base = board.New(m.s)
	m.resize(w, h)
	return m
}

// overSSH is the environment of a person who came by SSH.
func overSSH(name string) (string, bool) { return "here", name == "SSH_CONNECTION" }

// bubble runs a test in a bubble of synctest and lets its timers end.
func bubble(t *testing.T, f func(*testing.T)) {
	synctest.Test(t, func(t *testing.T) {
		defer time.Sleep(time.Minute) // also when the test fails
		f(t)
	})
}

// run carries commands out as Bubble Tea does, but in order and without those
// that wait for a time to come. Tests run it in a bubble of synctest, where a
// moment passes only when every command has nothing to do but wait.
func (s *screen) run(cmd tea.Cmd) {
	s.t.Helper()
	for _, msg := range flatten(cmd) {
		_, next := s.Update(msg)
		s.run(next)
	}
}

func flatten(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	done := make(chan tea.Msg, 1)
	go func() { done <- cmd() }()
	var msg tea.Msg
	select {
	case msg = <-done:
	case <-time.After(time.Millisecond):
		return nil
	}
	if batch, ok := msg.(tea.BatchMsg); ok {
		var all []tea.Msg
		for _, c := range batch {
			all = append(all, flatten(c)...)
		}
		return all
	}
	if msg == nil {
		return nil
	}
	return []tea.Msg{msg}
}

var special = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"ctrl+c": tea.KeyCtrlC, "backspace": tea.KeyBackspace, "ctrl+s": tea.KeyCtrlS, "left": tea.KeyLeft, "right": tea.KeyRight, "pgdown": tea.KeyPgDown,
}

// press types keys: names of keys, or text.
func (s *screen) press(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		if typ, ok := special[k]; ok {
			_, cmd := s.Update(tea.KeyMsg{Type: typ})
			s.run(cmd)
			continue
		}
		for _, r := range k {
			msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}
			if r == ' ' {
				msg = tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
			}
			_, cmd := s.Update(msg)
			s.run(cmd)
		}
	}
}

// answer arms the open question, as its timer does, and presses keys.
func (s *screen) answer(keys ...string) {
	s.t.Helper()
	if a, ok := s.top().(interface{ Arm() }); ok {
		a.Arm()
	}
	s.press(keys...)
}

// on puts the cursor on a row.
func (s *screen) on(key string) {
	s.t.Helper()
	s.press("g")
	for range 40 {
		if strings.Contains(cursorLine(s.View()), " "+key+" ") {
			return
		}
		s.press("j")
	}
	s.t.Fatalf("%s is not on the board:\n%s", key, s.View())
}

func cursorLine(frame string) string {
	for line := range strings.SplitSeq(frame, "\n") {
		if strings.Contains(line, "> ") {
			return line
		}
	}
	return ""
}

const day = 24 * time.Hour
