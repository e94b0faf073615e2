package ask

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/effect"
	"certty/model/timetext"
	"certty/ui/view"
	"certty/ui/widget/confirm"
)

// Cancel asks before cancellation of a row's request is asked for. What was on
// the screen is what is sent: the ref carries the request id of this moment.
func Cancel(s *view.Session, row view.Row) *View {
	ref := row.Item.RequestRef()
	plan := s.Desk.Target(ref.Target).Capabilities.Cancel.PlanCancel(row.Item)
	lines := append(identity(row), effect.Cancel(plan.Effect)...)
	return New(s, confirm.Question{
		Title: "Ask for cancellation of " + ref.Key + " (" + ref.Target + ")",
		Lines: append(lines, "", sends(s, ref, "PATCH", pending(ref))),
		Yes:   "Ask for cancellation", No: "Back",
	}, func() tea.Cmd {
		_, cmd := s.Desk.Cancel(ref)
		return cmd
	})
}

// DeleteRequest asks before a row's request is deleted.
func DeleteRequest(s *view.Session, row view.Row) *View {
	ref := row.Item.RequestRef()
	lines := append(identity(row), effect.DeleteRequest(row.Item)...)
	return New(s, confirm.Question{
		Title: "Delete the request of " + ref.Key + " (" + ref.Target + ")",
		Lines: append(lines, "", sends(s, ref, "DELETE", pending(ref))),
		Yes:   "Delete the request", No: "Back",
		Typed: ref.Key, TypedLabel: "Type the name to confirm",
	}, func() tea.Cmd {
		_, cmd := s.Desk.DeleteRequest(ref)
		return cmd
	})
}

// identity says which request is meant.
func identity(row view.Row) []string {
	r := row.Item.Request
	id, state := r.ID, string(row.Status.State)
	if id == "" {
		id = "(the vault tells no id)"
	}
	if r.Phase == model.PhaseCompleted {
		// The row speaks of its certificate by then.
		state = "completed"
	}
	line := "request " + id + ", " + state
	if r.Manual() {
		line += ", manual"
	} else {
		line += ", issuer " + r.Issuer.Name
	}
	lines := []string{line, "read " + timetext.Moment(row.Item.RequestReadAt), ""}
	if r.Replaced != "" {
		lines = append(lines, "It is not the request that was here before: another client put it in the place of "+r.Replaced+".", "")
	}
	return lines
}

// pending is the path of a certificate's request.
func pending(ref model.Ref) string { return "/certificates/" + ref.Key + "/pending" }
