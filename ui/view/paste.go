package view

import (
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model/x5c"
	"certty/ui/input"
	"certty/ui/widget/toast"
)

// Untaken says why a paste does not belong into a field; "" when it may be
// taken. A private key must not stand on the screen, and not in a field that
// hides it either: where it would go from there nobody expects.
func Untaken(msg input.PasteMsg) string {
	if msg.TooLong {
		return "That paste is too long for a field. Nothing of it was taken."
	}
	if _, err := x5c.Read([]byte(msg.Text)); errors.Is(err, x5c.ErrPrivateKey) {
		return "That paste holds a private key. Nothing of it was taken or kept; whoever else saw the clipboard may have it."
	}
	return ""
}

// Typed hands a paste to a field by insert, or says why it is not taken. Every
// view that lets people paste into a field does it by this.
func Typed(s *Session, msg input.PasteMsg, insert func(text string)) tea.Cmd {
	if why := Untaken(msg); why != "" {
		return s.Host.Toast(toast.Error, why)
	}
	insert(msg.Text)
	return nil
}
