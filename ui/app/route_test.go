package app

import (
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/vaults"
	"certty/ui/widget/toast"
)

// probe is a view that notes what reaches it.
type probe struct {
	got       []string
	capturing bool
	actions   []keys.Action
}

func (p *probe) Init() tea.Cmd          { return nil }
func (p *probe) View() []string         { return []string{"probe"} }
func (p *probe) SetSize(w, h int)       { p.got = append(p.got, "size") }
func (p *probe) Actions() []keys.Action { return p.actions }
func (p *probe) Capturing() bool        { return p.capturing }
func (p *probe) Status() string         { return "" }
func (p *probe) Typing() string         { return "" }
func (p *probe) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		p.got = append(p.got, "key "+msg.String())
	case input.PasteMsg:
		p.got = append(p.got, "paste "+msg.Text)
	case view.DataChanged:
		p.got = append(p.got, "data "+msg.Target)
	case view.OpDone:
		p.got = append(p.got, "done "+msg.Op)
	default:
		p.got = append(p.got, "other")
	}
	return nil
}

func (p *probe) act(name, key, disabled string) {
	p.actions = append(p.actions, keys.Action{
		Def:      keys.Def{ID: name, Keys: []string{key}},
		Disabled: disabled,
		Run:      func() tea.Cmd { p.got = append(p.got, "action "+name); return nil },
	})
}

// TestRouting is the table of where every message goes.
func TestRouting(t *testing.T) {
	runes := func(s string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)} }
	for _, tt := range []struct {
		name      string
		overlay   bool // a view lies on top
		capturing bool // and takes every key
		msg       tea.Msg
		base, top string // what arrives, joined by commas
		said      string // in the toast
		card      bool   // a sign-in's card lies on top then
	}{
		{name: "a size is the root's and every view's", overlay: true, msg: tea.WindowSizeMsg{Width: 90, Height: 30}, base: "size", top: "size"},
		{name: "an action of the base", msg: runes("a"), base: "action base"},
		{name: "a burst of one key repeats it", msg: runes("aaa"), base: "action base,action base,action base"},
		{name: "a burst of different keys is no key", msg: runes("ab"), said: "paste ignored"},
		{name: "a disabled action says why", msg: runes("z"), said: "not now: too early"},
		{name: "an unknown key does nothing", msg: runes("ü")},
		{name: "an overlay hides the base's actions", overlay: true, msg: runes("a")},
		{name: "an overlay's own action", overlay: true, msg: runes("o"), top: "action over"},
		{name: "a capturing view gets every key", overlay: true, capturing: true, msg: runes("o"), top: "key o"},
		{name: "even the global ones", overlay: true, capturing: true, msg: runes("?"), top: "key ?"},
		{name: "a paste without a field is ignored", msg: input.PasteMsg{Text: "q"}, said: "paste ignored"},
		{name: "a paste goes to the top", overlay: true, msg: input.PasteMsg{Text: "x"}, top: "paste x"},
		{name: "data goes to every view", overlay: true, msg: stateMsg{index: 0, state: poll.State{Snapshot: model.NewSnapshot("prod", nil, noon)}}, base: "data prod", top: "data prod"},
		{name: "an answer goes to every view", overlay: true, msg: view.OpDone{Op: "merge"}, base: "done merge", top: "done merge", said: "merged"},
		{name: "a sign-in's card opens", overlay: true, msg: vaults.SignIn{ID: 1, Target: "prod"}, card: true},
		{name: "but takes no keys from who is typing", overlay: true, capturing: true, msg: vaults.SignIn{ID: 1, Target: "prod"}},
		{name: "unless that person asked for it", overlay: true, capturing: true, msg: vaults.SignIn{ID: 1, Target: "prod", Asked: true}, card: true},
		{name: "a sign-in's end goes to every view", overlay: true, msg: vaults.SignInEnded{ID: 1}, base: "other", top: "other"},
		{name: "what is not known goes to every view", overlay: true, msg: struct{ x int }{}, base: "other", top: "other"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t, 100, 30, plain)
				base, top := &probe{}, &probe{capturing: tt.capturing}
				base.act("base", "a", "")
				base.act("later", "z", "too early")
				top.act("over", "o", "")
				s.base = base
				if tt.overlay {
					s.Open(top)
				}
				base.got, top.got = nil, nil
				if done, ok := tt.msg.(view.OpDone); ok {
					done.Past = "merged"
					tt.msg = done
				}
				s.Update(tt.msg)
				if got := strings.Join(base.got, ","); got != tt.base {
					t.Errorf("the base got %q, want %q", got, tt.base)
				}
				if got := strings.Join(top.got, ","); got != tt.top {
					t.Errorf("the overlay got %q, want %q", got, tt.top)
				}
				if _, card := s.top().(*vaults.Prompt); card != tt.card {
					t.Errorf("a card lies on top: %v, want %v", card, tt.card)
				}
				if said := strings.Join(s.toast.View(s.s.Theme, 200), "\n"); !strings.Contains(said, tt.said) || tt.said == "" && said != "" {
					t.Errorf("the toast says %q, want %q", said, tt.said)
				}
			})
		})
	}
}

// stub is a backend without capabilities, for a mailbox that nothing fills.
type stub struct{}

func (stub) Info() backend.Info                 { return backend.Info{Name: "prod"} }
func (stub) Capabilities() backend.Capabilities { return backend.Capabilities{} }

func quits(cmd tea.Cmd) bool {
	for _, msg := range flatten(cmd) {
		if _, ok := msg.(tea.QuitMsg); ok {
			return true
		}
	}
	return false
}

func TestQuit(t *testing.T) {
	q := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q")}
	c := tea.KeyMsg{Type: tea.KeyCtrlC}
	for _, tt := range []struct {
		name    string
		running bool
		open    bool
		keys    []tea.KeyMsg
		want    bool
	}{
		{"q leaves", false, false, []tea.KeyMsg{q}, true},
		{"ctrl+c leaves", false, false, []tea.KeyMsg{c}, true},
		{"q in an overlay does not", false, true, []tea.KeyMsg{q}, false},
		{"ctrl+c in an overlay does", false, true, []tea.KeyMsg{c}, true},
		{"q asks while something runs", true, false, []tea.KeyMsg{q}, false},
		{"ctrl+c asks, too", true, false, []tea.KeyMsg{c}, false},
		{"ctrl+c twice leaves in any case", true, false, []tea.KeyMsg{c, c}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t, 100, 30, plain)
				if tt.open {
					s.Open(&probe{})
				}
				if tt.running {
					s.s.Desk.Cancel(model.Ref{Target: "prod", Key: "x"})
				}
				left := false
				for _, k := range tt.keys {
					_, cmd := s.Update(k)
					left = quits(cmd)
				}
				if left != tt.want {
					t.Errorf("left: %v, want %v", left, tt.want)
				}
			})
		})
	}
}

// TestAnswerWhileAskedToLeave: who wanted to leave and was asked to wait leaves
// with the answer, unless it is one to be read.
func TestAnswerWhileAskedToLeave(t *testing.T) {
	c := tea.KeyMsg{Type: tea.KeyCtrlC}
	for _, tt := range []struct {
		name  string
		keys  []tea.KeyMsg
		still bool
		err   error
		want  bool
	}{
		{"done", []tea.KeyMsg{c}, false, nil, true},
		{"another one runs still", []tea.KeyMsg{c}, true, nil, false},
		{"it failed", []tea.KeyMsg{c}, false, errors.New("refused"), false},
		{"the person stayed", []tea.KeyMsg{c, {Type: tea.KeyEsc}}, false, nil, false},
		{"nobody wanted to leave", nil, false, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t, 100, 30, plain)
				ref := model.Ref{Target: "prod", Key: "x"}
				id, _ := s.s.Desk.Cancel(ref)
				if tt.still {
					s.s.Desk.Cancel(ref)
				}
				for _, k := range tt.keys {
					s.Update(k)
				}
				_, cmd := s.Update(view.OpDone{ID: id, Op: "cancel", Ref: ref, Err: tt.err})
				if left := quits(cmd); left != tt.want {
					t.Errorf("left: %v, want %v", left, tt.want)
				}
			})
		})
	}
}

// TestTooSmallIgnoresKeys: nobody may do with a key what can't be seen.
func TestTooSmallIgnoresKeys(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 120, 40, plain)
		s.on("shop-example-com")
		s.resize(30, 8)
		s.press("x", "n", "q")
		if len(s.stack) != 0 {
			t.Error("a key opened something on a screen that is too small")
		}
	})
}

// TestLateToastStays: an old toast's end must not take a newer one away.
func TestLateToastStays(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 100, 30, plain)
		first := s.Toast(toast.Info, "one")
		s.Toast(toast.Info, "two")
		s.Update(first())
		if said := strings.Join(s.toast.View(s.s.Theme, 80), "\n"); said != "two" {
			t.Errorf("shown: %q", said)
		}
	})
}
