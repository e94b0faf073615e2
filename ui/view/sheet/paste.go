package sheet

import (
	"errors"

	"certty/model/x5c"
	"certty/ui/input"
)

// Untaken says why a paste does not belong into a field; "" when it may be
// taken. A private key must not stand on the screen, not even in a field that
// hides it: where it would go from there nobody expects.
func Untaken(msg input.PasteMsg) string {
	if msg.TooLong {
		return "That paste is too long for a field. Nothing of it was taken."
	}
	if _, err := x5c.Read([]byte(msg.Text)); errors.Is(err, x5c.ErrPrivateKey) {
		return "That paste holds a private key. Nothing of it was taken or kept; whoever else saw the clipboard may have it."
	}
	return ""
}
