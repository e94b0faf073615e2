package viewtest

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/ui/clip"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/toast"
)

// Noon is the time on every stage.
var Noon = time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)

// Targets are the names of the targets on every stage.
var Targets = []string{"prod", "test"}

// Stage is a screen with nothing but what is open. It is the Host of its views.
type Stage struct {
	t testing.TB
	// Session is what the views share.
	Session *view.Session
	// Vault stands behind every target.
	Vault *Vault
	// Toasts are what was said, newest last.
	Toasts []string
	// Copied is what went to the terminal's clipboard.
	Copied strings.Builder
	// names are those of the targets.
	names []string
	stack []view.View
	held  []tea.Cmd
	hold  bool
	w, h  int
}

// New makes a stage of 80 columns and 24 lines with the given rows.
func New(t testing.TB, items ...*model.Item) *Stage {
	t.Helper()
	s := &Stage{t: t, Vault: &Vault{}, names: slices.Clone(Targets), w: 80, h: 24}
	overSSH := func(name string) (string, bool) { return "here", name == "SSH_CONNECTION" }
	s.Session = &view.Session{
		Theme: theme.New(theme.Options{UTF8: true}), Data: view.NewData(Targets, Noon), Desk: view.NewDesk(t.Context()),
		Host: s, Clip: clip.New(&s.Copied, overSSH), Clock: func() time.Time { return Noon },
	}
	var targets []view.Target
	for _, name := range Targets {
		targets = append(targets, view.Target{
			Info:         backend.Info{Name: name, Kind: "vault", Address: "https://" + name + ".vault.azure.net"},
			Capabilities: s.Vault.Capabilities(), Poller: s.Vault,
		})
	}
	s.Session.Desk.Equip(targets, nil)
	s.Put(items...)
	return s
}

// Put says what the targets hold now, and tells what is open.
func (s *Stage) Put(items ...*model.Item) {
	s.t.Helper()
	for _, name := range s.names {
		var own []*model.Item
		for _, it := range items {
			if it.Ref.Target == name {
				own = append(own, it)
			}
		}
		s.Session.Data.SetState(name, poll.State{Snapshot: model.NewSnapshot(name, own, Noon)})
		s.Tell(view.DataChanged{Target: name})
	}
}

// Row is the row of that name.
func (s *Stage) Row(target, name string) view.Row {
	s.t.Helper()
	row, ok := s.Session.Data.Row(model.Ref{Target: target, Kind: model.KindCertificate, Key: name})
	if !ok {
		s.t.Fatalf("there is no row %s in %s", name, target)
	}
	return row
}

// Open lays a view over what is there. A question is armed at once.
func (s *Stage) Open(v view.View) tea.Cmd {
	s.stack = append(s.stack, v)
	v.SetSize(s.w, s.h)
	if q, ok := v.(interface{ Arm() }); ok {
		q.Arm()
		return nil
	}
	s.run(v.Init())
	return nil
}

// Close takes a view and what lies over it away.
func (s *Stage) Close(v view.View) {
	if i := slices.Index(s.stack, v); i >= 0 {
		s.stack = s.stack[:i]
	}
}

// Toast notes what was said.
func (s *Stage) Toast(_ toast.Level, text string) tea.Cmd {
	s.Toasts = append(s.Toasts, text)
	return nil
}

// Top is the view on top; nil when nothing is open.
func (s *Stage) Top() view.View {
	if len(s.stack) == 0 {
		return nil
	}
	return s.stack[len(s.stack)-1]
}

// Tell hands every view a message and carries out what they ask for.
func (s *Stage) Tell(msg tea.Msg) {
	for _, v := range slices.Clone(s.stack) {
		s.run(v.Update(msg))
	}
	switch msg := msg.(type) {
	case view.OpDone:
		s.Session.Desk.Finish(msg)
	case clip.Copied:
		s.Toasts = append(s.Toasts, msg.String())
	}
}

// Hold keeps commands from running until [Stage.Release]: their answers are
// awaited meanwhile.
func (s *Stage) Hold() { s.hold = true }

// Release carries out what was held.
func (s *Stage) Release() {
	held := s.held
	s.hold, s.held = false, nil
	for _, cmd := range held {
		s.run(cmd)
	}
}

func (s *Stage) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	if s.hold {
		s.held = append(s.held, cmd)
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			s.run(c)
		}
	default:
		s.Tell(msg)
	}
}

var special = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
	"left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "backspace": tea.KeyBackspace, "ctrl+s": tea.KeyCtrlS, "ctrl+o": tea.KeyCtrlO, "ctrl+r": tea.KeyCtrlR,
}

// Press types keys: names of keys, or text. An action that can't be done now
// says its reason in a toast, as the root does.
func (s *Stage) Press(names ...string) {
	s.t.Helper()
	for _, name := range names {
		if key, ok := special[name]; ok {
			s.key(tea.KeyMsg{Type: key})
			continue
		}
		for _, r := range name {
			msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}
			if r == ' ' {
				msg.Type = tea.KeySpace
			}
			s.key(msg)
		}
	}
}

func (s *Stage) key(msg tea.KeyMsg) {
	s.t.Helper()
	top := s.Top()
	switch {
	case top == nil:
		s.t.Fatalf("%s was pressed with nothing open", msg)
	case top.Capturing():
		s.run(top.Update(msg))
	default:
		s.act(top.Actions(), msg)
	}
}

func (s *Stage) act(actions []keys.Action, msg tea.KeyMsg) {
	switch a, ok := keys.Find(actions, msg); {
	case !ok:
	case a.Disabled != "":
		s.Toasts = append(s.Toasts, "not now: "+a.Disabled)
	default:
		s.run(a.Run())
	}
}

// Resize makes the stage another size.
func (s *Stage) Resize(w, h int) {
	s.w, s.h = w, h
	for _, v := range s.stack {
		v.SetSize(w, h)
	}
}

// Frame is what the view on top draws.
func (s *Stage) Frame() string {
	if s.Top() == nil {
		return ""
	}
	return strings.Join(s.Top().View(), "\n")
}

// Sees fails unless every text stands in the frame, over line ends as well.
func (s *Stage) Sees(texts ...string) {
	s.t.Helper()
	frame := s.Frame()
	flat := strings.Join(strings.Fields(strings.NewReplacer("│", " ", "\n", " ").Replace(frame)), " ")
	for _, text := range texts {
		if !strings.Contains(flat, text) {
			s.t.Fatalf("the screen does not show %q:\n%s", text, frame)
		}
	}
}

// Said fails unless the newest toast holds text.
func (s *Stage) Said(text string) {
	s.t.Helper()
	if len(s.Toasts) == 0 || !strings.Contains(s.Toasts[len(s.Toasts)-1], text) {
		s.t.Fatalf("said %q, want %q in the last", s.Toasts, text)
	}
}
