package vaults

import (
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/toast"
)

// SignIn is a code that a person enters elsewhere (OAuth 2.0 Device
// Authorization Grant, RFC 8628 §3.3).
type SignIn struct {
	// ID tells sign-ins apart.
	ID uint64
	// Target is who the sign-in is for.
	Target string
	// URL is where the code is entered.
	URL  string
	Code string
	// Asked is true when a person at the screen waits for it: the card may take
	// the keys at once.
	Asked bool
	// Cancel ends the waiting; the target then reports that nobody signed in.
	Cancel func()
}

// SignInEnded says that a sign-in needs nobody any more: it was done, refused,
// cancelled, or took too long.
type SignInEnded struct{ ID uint64 }

// Prompt shows sign-ins, one at a time, until the last has ended or the person
// puts them aside: a target that waits for somebody must not keep the others
// from being worked on.
type Prompt struct {
	s     *view.Session
	ins   []SignIn
	armed bool
	w, h  int
}

// settle is how long a new card can't be cancelled or put aside, so that a key
// that was meant for what it covers does neither.
const settle = 300 * time.Millisecond

type armPrompt struct{ v *Prompt }

// NewPrompt opens the card of a sign-in.
func NewPrompt(s *view.Session, in SignIn) *Prompt { return &Prompt{s: s, ins: []SignIn{in}} }

// Add queues another sign-in behind those that are shown.
func (v *Prompt) Add(in SignIn) { v.ins = append(v.ins, in) }

// Init lets the card be cancelled after a moment.
func (v *Prompt) Init() tea.Cmd {
	return tea.Tick(settle, func(time.Time) tea.Msg { return armPrompt{v: v} })
}

// Update takes away what has ended, and closes the card when nothing is left.
func (v *Prompt) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case SignInEnded:
		v.remove(msg.ID)
	case armPrompt:
		v.armed = v.armed || msg.v == v
	}
	return nil
}

func (v *Prompt) remove(id uint64) {
	v.ins = slices.DeleteFunc(v.ins, func(in SignIn) bool { return in.ID == id })
	if len(v.ins) == 0 {
		v.s.Host.Close(v)
	}
}

// SetSize tells the room.
func (v *Prompt) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false.
func (v *Prompt) Capturing() bool { return false }

// Actions copy, put aside and cancel.
func (v *Prompt) Actions() []keys.Action {
	if len(v.ins) == 0 {
		return nil
	}
	in := v.ins[0]
	leave := keys.Back
	leave.Help, leave.Long = "cancel", "cancel the sign-in"
	early := ""
	if !v.armed {
		early = "the card has only just opened"
	}
	return []keys.Action{
		{Def: keys.CopySignInCode, Run: func() tea.Cmd { return v.s.Clip.Copy("the code", in.Code) }},
		{Def: keys.CopySignInURL, Run: func() tea.Cmd { return v.s.Clip.Copy("the address", in.URL) }},
		{Def: keys.SignInLater, Disabled: early, Run: func() tea.Cmd {
			v.s.Host.Close(v)
			return v.s.Host.Toast(toast.Info, fmt.Sprintf("the sign-in to %s waits; %s, then %s shows its code again", in.Target, keys.Targets.Keys[0], keys.ShowSignIn.Keys[0]))
		}},
		{Def: leave, Disabled: early, Run: func() tea.Cmd {
			in.Cancel()
			v.remove(in.ID)
			return nil
		}},
	}
}

// View draws the card.
func (v *Prompt) View() []string {
	if len(v.ins) == 0 {
		return nil
	}
	in := v.ins[0]
	w := min(72, v.w)
	t := v.s.Theme
	lines := box.Wrap("With a browser, here or on another device, open", w-4)
	lines = append(lines, "", "  "+t.Paint(theme.Strong, in.URL), "", "and enter the code", "",
		"  "+t.Paint(theme.Strong, in.Code), "")
	for _, l := range box.Wrap("Do it only if you asked for it: whoever enters the code signs this console in. The card closes by itself.", w-4) {
		lines = append(lines, t.Paint(theme.Faint, l))
	}
	if more := len(v.ins) - 1; more > 0 {
		lines = append(lines, "", fmt.Sprintf("%d more after this one", more))
	}
	return box.Frame(t, "Sign in to "+in.Target, lines, w, v.h)
}
