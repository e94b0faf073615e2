package ask

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/view"
	"certty/ui/widget/confirm"
)

// Cancel asks before cancellation of a row's request is asked for. What was on
// the screen is what is sent: the ref carries the request id of this moment.
func Cancel(s *view.Session, row view.Row) *View {
	ref := row.Item.RequestRef()
	plan := s.Desk.Target(ref.Target).Capabilities.Cancel.PlanCancel(row.Item)
	lines := append(identity(row), plan.Effect, "Once it is cancelled it can't be taken up again; a new request can be made.")
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
	lines := append(identity(row), "This cannot be undone. "+lost(row.Item.Request), remains(row.Item))
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

// lost is what is gone with a request.
func lost(r *model.Request) string {
	const merge = "a certificate that is signed for this CSR can't be merged any more."
	switch {
	case r.Phase == model.PhaseCompleted:
		return "Only the record of the request goes: it is completed, and its certificate stays."
	case r.Manual():
		return "The CSR goes with the request: " + merge
	case r.Open():
		return "Nobody tells issuer " + r.Issuer.Name + ": its order may go on, and may cost, but " + merge
	default:
		return "Should issuer " + r.Issuer.Name + " issue after all, it is too late: " + merge
	}
}

// remains is what stays behind a request that is deleted.
func remains(it *model.Item) string {
	if it.Certificate.Issued {
		return "The certificate object with its versions, and its name, remain. A new request can be made."
	}
	return "The certificate object and its name remain, with no certificate in it. A new request can be made."
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
	lines := []string{line, "read " + view.Moment(row.Item.RequestReadAt), ""}
	if r.Replaced != "" {
		lines = append(lines, "It is not the request that was here before: another client put it in the place of "+r.Replaced+".", "")
	}
	return lines
}

// pending is the path of a certificate's request.
func pending(ref model.Ref) string { return "/certificates/" + ref.Key + "/pending" }
