package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/poll"
	"certty/ui/paint"
	"certty/ui/view"
	"certty/ui/view/logs"
	"certty/ui/view/vaults"
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
	// Doubts finds out which changes of rows of vaults have no known end; nil
	// where nobody can tell.
	Doubts func(ctx context.Context) []view.Doubt
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
	// Typing is what can be typed, and how that ends, while the view captures.
	Typing() string
}

// Model is the root of the screen.
type Model struct {
	s     *view.Session
	ctx   context.Context
	open  func(context.Context) (*Parts, error)
	parts *Parts
	book  vaults.Book
	base  Base
	stack []view.View
	toast toast.Toast
	// refused is true while the toast is why an action could not be done.
	refused bool
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
	// doubting is true while a look at what is uncertain is due.
	doubting bool
	err      error

	// suspend stops the program until it is continued; a [resumedMsg] follows.
	suspend tea.Cmd
	// noSuspend is why that can't be done; "" when it can.
	noSuspend string
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
	// resumedMsg says that the terminal is ours again, with the size that it has
	// now; 0 where that is not known.
	resumedMsg struct {
		w, h int
		err  error
	}
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

// Open lays v over what is there.
func (m *Model) Open(v view.View) tea.Cmd {
	if m.refused {
		// Why a key did nothing is not about v.
		m.refused = false
		m.toast.Clear()
	}
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
func (m *Model) Toast(level toast.Level, text string) tea.Cmd {
	m.refused = false
	return m.toast.Show(level, text)
}

// Err is why the screen ended by itself; nil when a person left it.
func (m *Model) Err() error { return m.err }
