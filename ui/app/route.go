package app

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/clip"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/problem"
	"certty/ui/view/vaults"
	"certty/ui/widget/confirm"
	"certty/ui/widget/toast"
)

// route gives a message to whom it belongs; see the package comment.
func (m *Model) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.resized(msg.Width, msg.Height)
		return nil
	case resumedMsg:
		return m.resumed(msg)
	case minuteMsg:
		m.s.Data.SetNow(time.Time(msg))
		// Another program on the same state may have lost an answer, or its end.
		return tea.Batch(everyMinute(), m.all(view.DataChanged{}), m.readDoubts())
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
	case doubtsDue:
		m.doubting = false
		return m.readDoubts()
	case doubtsRead:
		return m.doubt(msg)
	case stateMsg:
		return m.state(msg)
	case view.PasswordRead:
		m.s.Data.SetPassword(msg.Target, msg.Life)
		return nil
	case view.AccountRead:
		if !msg.Account.Password.ToldAt.IsZero() {
			m.s.Data.SetPassword(msg.Target, msg.Account.Password)
		}
	case view.AccountSynced:
		return tea.Batch(m.all(msg), m.s.Desk.ReadPassword(msg.Target))
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
		cmds = append(cmds, m.wait(i), m.s.Desk.ReadPassword(msg.parts.Targets[i].Info.Name))
	}
	if len(msg.parts.Notes) > 0 {
		cmds = append(cmds, m.Open(problem.NewNotes(m.s, msg.parts.Notes)))
	}
	return tea.Batch(append(cmds, m.all(view.DataChanged{}), m.readDoubts())...)
}

func (m *Model) state(msg stateMsg) tea.Cmd {
	name := m.parts.Targets[msg.index].Info.Name
	m.s.Data.SetState(name, msg.state)
	cmds := []tea.Cmd{m.wait(msg.index), m.all(view.DataChanged{Target: name})}
	if m.s.Data.Doubts() > 0 {
		cmds = append(cmds, m.laterDoubts())
	}
	return tea.Batch(cmds...)
}

func (m *Model) opDone(msg view.OpDone) tea.Cmd {
	said := m.all(msg)
	if msg.Err != nil || m.s.Data.Doubts() > 0 {
		said = tea.Batch(said, m.laterDoubts())
	}
	explained := m.s.Desk.Finish(msg)
	switch {
	case m.leaving && msg.Err == nil && len(m.s.Desk.Running()) == 0:
		// The question whether to leave meanwhile has lost its reason, and the
		// form that it stood above may have taken it away.
		return tea.Quit
	case explained:
		return said
	case msg.Err == nil:
		return tea.Batch(said, m.Toast(toast.Done, m.s.Data.Name(msg.Ref)+": "+msg.Past))
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
	if keys.Suspend.Matches(msg) {
		return m.do(m.goToShell())
	}
	if keys.Redraw.Matches(msg) {
		return m.redraw()
	}
	if m.w < minWidth || m.h < minHeight {
		return nil
	}
	top := m.top()
	if top.Capturing() {
		return top.Update(msg)
	}
	if a, ok := keys.Find(m.actions(), msg); ok {
		return m.do(a)
	}
	return nil
}

// do runs an action, or says why it can't be done now.
func (m *Model) do(a keys.Action) tea.Cmd {
	if a.Disabled == "" {
		return a.Run()
	}
	cmd := m.Toast(toast.Warn, "not now: "+a.Disabled)
	m.refused = true
	return cmd
}

// resized draws for another size. Nobody knows what the terminal kept.
func (m *Model) resized(w, h int) {
	m.resize(w, h)
	m.redraw()
}

// redraw has the whole screen sent again with the next frame, which follows at
// once. It returns nil, so that it can be a key's action.
func (m *Model) redraw() tea.Cmd {
	if m.painter != nil {
		m.painter.Invalidate()
	}
	return nil
}

// resumed goes on after a suspension, on a terminal that may have been resized
// meanwhile.
func (m *Model) resumed(msg resumedMsg) tea.Cmd {
	if msg.w > 0 && msg.h > 0 {
		m.resized(msg.w, msg.h)
	}
	if msg.err != nil {
		return m.Toast(toast.Error, view.Clean(msg.err.Error()))
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
