package view

import (
	"certty/model"
	"certty/ui/theme"
)

// Sign is the glyph before a state word and the role it is painted in. The
// word alone says the same.
func Sign(t *theme.Theme, s model.Status) (glyph string, role theme.Role) {
	g := t.Glyphs
	switch s.State {
	case model.StateFailed, model.StateExpired, model.StateGone:
		return g.Failed, theme.Bad
	case model.StateWaitsMerge, model.StateWaitsApproval, model.StateWaitsValidation:
		return g.Waits, theme.Waits
	case model.StateInProgress, model.StateCancelAsked, model.StateUnknown:
		return g.Waits, theme.Text
	case model.StateExpires:
		return g.Warn, theme.Warn
	case model.StateDisabled, model.StateCancelled, model.StateRevoked, model.StateReplaced:
		return g.Off, theme.Faint
	case model.StateDeleted:
		return g.Deleted, theme.Faint
	default:
		return g.Good, theme.Good
	}
}

// NextWords says the next action, and who has to act where that is not the
// person at the screen: "merge", but "CA: wait".
func NextWords(s model.Status) string {
	switch {
	case s.Who == model.ActorApprover:
		return "RAO approves"
	case s.Who == model.ActorDNS:
		return "DNS: publish"
	case s.Who == model.ActorAccount && s.Next == "collect", s.Next == "wait" && s.Who != model.ActorNobody:
		return string(s.Who) + ": " + s.Next
	}
	return s.Next
}
