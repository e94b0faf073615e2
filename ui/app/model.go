package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/poll"
	"certty/ui/clip"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/paint"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/logs"
	"certty/ui/view/problem"
	"certty/ui/view/vaults"
	"certty/ui/widget/confirm"
	"certty/ui/widget/toast"
)

// Smallest screen on which keys do something. Below it a person can't see what
// a key would do.
const (
	minWidth  = 40
	minHeight = 10
)

// Parts are what the screen works with, once it is open.
type Parts struct {
	Targets  []view.Target
	Boxes    []*poll.Mailbox // one a target, in the same order
	Timeline view.Timeline
	// Journal reads the newest entries of the journal, at most limit, newest
	// last.
	Journal func(ctx context.Context, limit int) ([]backend.Entry, error)
	// Every is how often each target is read; 0 where that is not known.
	Every time.Duration
	// Notes are said once, at the start: a cache that was set aside, a change
	// whose end is not known.
	Notes []string
}

// Base is the view that everything else lies on.
type Base interface {
	view.View
	// Status is one line about what is listed.
	Status() string
}

// Model is the root of the screen.
type Model struct {
	s       *view.Session
	ctx     context.Context
	open    func(context.Context) (*Parts, error)
	parts   *Parts
	book    vaults.Book
	base    Base
	stack   []view.View
	toast   toast.Toast
	trouble string
	// unread is why the last timeline could not be read; nil when it could.
	unread   error
	signIns  signIns
	sandbox  bool
	readOnly bool
	w, h     int
	// painter shows the frames; nil in tests, which look at them.
	painter *paint.Painter
	mouse   bool
	log     *logs.Ring
	leaving bool
	err     error
}

// messages of the root.
type (
	openedMsg struct {
		parts *Parts
		err   error
	}
	stateMsg struct {
		index int
		state poll.State
	}
	minuteMsg  time.Time
	troubleMsg string
)

// Message is what the screen can be told: [Trouble] and [Crashed].
type Message = tea.Msg

// Trouble makes the message that the screen keeps showing until it ends: ""
// ends it. It is for what may not scroll away, such as a journal that can't be
// written.
func Trouble(text string) Message { return troubleMsg(text) }

// Crashed ends the screen because something beside it panicked.
type Crashed struct {
	// What panicked; Log is the file that says more, "" where it is not known.
	What, Log string
}

// Error says what happened and where more is found.
func (c Crashed) Error() string {
	if c.Log == "" {
		return c.What + " crashed; certty.log in the state folder holds the details"
	}
	return c.What + " crashed; " + c.Log + " holds the details"
}

// Init opens the parts and starts the first view.
func (m *Model) Init() tea.Cmd {
	open, ctx := m.open, m.ctx
	return m.safe(tea.Batch(m.base.Init(), everyMinute(), m.startMouse(), func() tea.Msg {
		parts, err := open(ctx)
		return openedMsg{parts: parts, err: err}
	}))
}

func everyMinute() tea.Cmd {
	return tea.Every(time.Minute, func(t time.Time) tea.Msg { return minuteMsg(t) })
}

// wait gives a target's next state. It ends with the screen's context.
func (m *Model) wait(index int) tea.Cmd {
	box, ctx := m.parts.Boxes[index], m.ctx
	return func() tea.Msg {
		state, err := box.Wait(ctx)
		if err != nil {
			return nil
		}
		return stateMsg{index: index, state: state}
	}
}

// Update routes one message; see the package comment.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	defer m.giveBack()
	cmd := m.route(msg)
	return m, m.safe(tea.Batch(cmd, m.showSignIns()))
}

// View hands the frame to the painter. Bubble Tea's own renderer is off, so what
// it gets is of no matter.
func (m *Model) View() string {
	defer m.giveBack()
	frame := m.frame()
	if m.painter != nil {
		m.painter.Show(frame)
	}
	return frame
}

// giveBack is deferred: a panic must find the terminal as it was, or its trace
// is lost with the screen.
func (m *Model) giveBack() {
	if r := recover(); r != nil {
		if m.painter != nil {
			m.painter.Close()
		}
		panic(r)
	}
}

// safe makes a panic in a command end the screen in order. Bubble Tea would
// print it into the screen and lose it.
func (m *Model) safe(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				slog.Error("panic", "in", "a command", "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
				msg = Crashed{What: "a command"}
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = m.safe(batch[i])
			}
		}
		return msg
	}
}

func (m *Model) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resize(msg.Width, msg.Height)
		if m.painter != nil {
			m.painter.Invalidate()
		}
		return nil
	case minuteMsg:
		m.s.Data.SetNow(time.Time(msg))
		return tea.Batch(everyMinute(), m.all(view.DataChanged{}))
	case troubleMsg:
		m.trouble = string(msg)
		return nil
	case Crashed:
		m.err = msg
		return tea.Quit
	case toast.Expired:
		m.toast.Expire(msg)
		return nil
	case clip.Copied:
		return m.Toast(toast.Info, msg.String())
	case clip.Failed:
		return m.Toast(toast.Error, view.Clean(msg.Err.Error()))
	case view.TimelineRead:
		m.unread = msg.Err
		return m.all(msg)
	case openedMsg:
		return m.opened(msg)
	case joinedMsg:
		return m.joined(msg)
	case vaults.SignIn:
		return m.signIn(msg)
	case vaults.SignInEnded:
		m.signIns.end(msg.ID)
		return m.all(msg)
	case stateMsg:
		return m.state(msg)
	case view.OpDone:
		return m.opDone(msg)
	case tea.KeyMsg:
		return m.keys(msg)
	case tea.MouseMsg:
		return m.point(tea.MouseEvent(msg))
	case input.PasteMsg:
		return m.paste(msg)
	}
	return m.all(msg)
}

func (m *Model) opened(msg openedMsg) tea.Cmd {
	if msg.err != nil {
		m.err = msg.err
		return tea.Quit
	}
	m.parts = msg.parts
	m.s.Desk.Equip(msg.parts.Targets, msg.parts.Timeline)
	m.s.Journal, m.s.Every = msg.parts.Journal, msg.parts.Every
	var cmds []tea.Cmd
	for i := range msg.parts.Boxes {
		cmds = append(cmds, m.wait(i))
	}
	if len(msg.parts.Notes) > 0 {
		cmds = append(cmds, m.Open(problem.NewNotes(m.s, msg.parts.Notes)))
	}
	return tea.Batch(append(cmds, m.all(view.DataChanged{}))...)
}

func (m *Model) state(msg stateMsg) tea.Cmd {
	name := m.parts.Targets[msg.index].Info.Name
	m.s.Data.SetState(name, msg.state)
	return tea.Batch(m.wait(msg.index), m.all(view.DataChanged{Target: name}))
}

func (m *Model) opDone(msg view.OpDone) tea.Cmd {
	said := m.all(msg)
	explained := m.s.Desk.Finish(msg)
	switch {
	case explained:
		return said
	case msg.Err == nil:
		return tea.Batch(said, m.Toast(toast.Done, msg.Ref.Key+": "+msg.Past))
	}
	return tea.Batch(said, m.Open(problem.New(m.s, msg.Err, "")))
}

// all hands a message to every view, those that are covered, too.
func (m *Model) all(msg tea.Msg) tea.Cmd {
	cmds := []tea.Cmd{m.base.Update(msg)}
	for _, v := range slices.Clone(m.stack) {
		cmds = append(cmds, v.Update(msg))
	}
	return tea.Batch(cmds...)
}

func (m *Model) top() view.View {
	if n := len(m.stack); n > 0 {
		return m.stack[n-1]
	}
	return m.base
}

// keys takes a message of several keys apart; hosts without our reader join
// keys that arrive together.
func (m *Model) keys(msg tea.KeyMsg) tea.Cmd {
	var cmds []tea.Cmd
	for _, key := range input.Normalise(msg) {
		if key.Paste {
			cmds = append(cmds, m.paste(input.PasteMsg{Text: string(key.Runes)}))
			continue
		}
		cmds = append(cmds, m.key(key))
	}
	return tea.Batch(cmds...)
}

func (m *Model) key(msg tea.KeyMsg) tea.Cmd {
	if msg.String() == "ctrl+c" {
		return m.quit(m.leaving)
	}
	m.leaving = false
	if m.w < minWidth || m.h < minHeight {
		return nil
	}
	top := m.top()
	if top.Capturing() {
		return top.Update(msg)
	}
	if a, ok := keys.Find(m.actions(), msg); ok {
		if a.Disabled != "" {
			return m.Toast(toast.Warn, "not now: "+a.Disabled)
		}
		return a.Run()
	}
	return nil
}

// paste goes to the view on top and nowhere else: text that nobody asked for
// must not become keys.
func (m *Model) paste(msg input.PasteMsg) tea.Cmd {
	if len(m.stack) == 0 && !m.base.Capturing() {
		return m.Toast(toast.Warn, "paste ignored; open a merge with m first")
	}
	return m.top().Update(msg)
}

// quit leaves, but asks first while something was sent and has no answer.
func (m *Model) quit(sure bool) tea.Cmd {
	running := m.s.Desk.Running()
	if len(running) == 0 || sure {
		return tea.Quit
	}
	m.leaving = true
	return m.Open(ask.New(m.s, confirm.Question{
		Title: "Leave while something was sent?",
		Lines: []string{
			"Sent, without an answer yet: " + strings.Join(running, ", ") + ".",
			"It may still happen. The journal holds the intent; the next start shows how it ended. ctrl+c leaves at once.",
		},
		Yes: "Leave", No: "Stay",
	}, func() tea.Cmd { return tea.Quit }))
}

// Open lays v over what is there.
func (m *Model) Open(v view.View) tea.Cmd {
	m.stack = append(m.stack, v)
	w, h := m.body()
	v.SetSize(w, h)
	return v.Init()
}

// Close takes v and everything above it away.
func (m *Model) Close(v view.View) {
	if i := slices.Index(m.stack, v); i >= 0 {
		clear(m.stack[i:])
		m.stack = m.stack[:i]
	}
}

// Toast says one line.
func (m *Model) Toast(level toast.Level, text string) tea.Cmd { return m.toast.Show(level, text) }

// Err is why the screen ended by itself; nil when a person left it.
func (m *Model) Err() error { return m.err }
