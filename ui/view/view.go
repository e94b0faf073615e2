package view

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/clip"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/widget/toast"
)

// View is a screen, or an overlay on one.
type View interface {
	// Init returns the command that starts the view.
	Init() tea.Cmd
	// Update takes every message but keys that an action answers.
	Update(msg tea.Msg) tea.Cmd
	// View draws lines; the root clamps them to the room they have.
	View() []string
	// SetSize tells the room in cells.
	SetSize(w, h int)
	// Actions are what can be done here now, and what can't, with the reason.
	Actions() []keys.Action
	// Capturing is true while keys are text or answers: they all go to Update
	// then, and only ctrl+c stays the root's.
	Capturing() bool
}

// Host is what a view asks the root for.
type Host interface {
	// Open lays a view over what is there.
	Open(v View) tea.Cmd
	// Close takes v and everything above it away.
	Close(v View)
	// Toast says one line.
	Toast(level toast.Level, text string) tea.Cmd
}

// Session is what every view of one screen shares.
type Session struct {
	Theme *theme.Theme
	Data  *Data
	Desk  *Desk
	Host  Host
	// Detail makes the screen of one row, for views that its screen is made of
	// and that can't make it themselves; nil where there is none.
	Detail func(ref model.Ref) View
	// Clip takes what is copied to the terminal's clipboard.
	Clip *clip.Clipboard
	// Journal reads the newest entries of the journal, at most limit, newest
	// last; nil until it is open.
	Journal func(ctx context.Context, limit int) ([]backend.Entry, error)
	// Every is how often a target is read; 0 until that is known.
	Every time.Duration
	// Clock is for commands only; Update and View go by Data.Now.
	Clock func() time.Time
}

// DataChanged tells every view that a target has news; Data holds it already.
type DataChanged struct{ Target string }
