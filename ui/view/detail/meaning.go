package detail

import (
	"strings"

	"certty/backend"
	"certty/model"
	"certty/ui/view"
)

// Meaning explains a row's state in sentences: what it means, what to do, who.
func Meaning(row view.Row) []string {
	if view.IsOrder(row.Item) {
		return orderMeaning(row)
	}
	r := row.Item.Request
	switch row.Status.State {
	case model.StateWaitsMerge:
		return []string{"You: have the CSR signed, and merge."}
	case model.StateInProgress:
		return []string{"The issuer works on it. It is read again as often as the vault allows; nothing has to be done here."}
	case model.StateCancelAsked:
		return []string{"Cancellation was asked and is not confirmed. It may still complete instead."}
	case model.StateFailed:
		return failed(r)
	case model.StateCancelled:
		return []string{"The request was cancelled. A signed certificate can still be merged, or the request deleted."}
	case model.StateGone:
		return gone(row.Item)
	case model.StateExpired:
		return []string{"Clients refuse it. You: make a new version."}
	case model.StateExpires:
		return []string{"Little life is left. You: make a new version."}
	case model.StateDisabled:
		return []string{"The vault gives out neither its key nor its secret. It can be enabled again."}
	case model.StateDeleted:
		return []string{"Nobody can use it, and its name stays reserved. It can be recovered with its key and its secret until the vault destroys it."}
	case model.StateCompleted:
		return []string{"The request was completed; the new version is live."}
	case model.StateUnknown:
		if r != nil {
			return []string{"The vault says «" + r.Status + "», which this program does not know. It is not taken for finished."}
		}
		return []string{"Its request was not read yet."}
	default:
		return nil
	}
}

// failed says why a request failed, and what to do.
func failed(r *model.Request) []string {
	advice := backend.RequestCode(r.ErrorCode).Advice
	cause := advice.Cause
	if advice.Who == model.ActorYou {
		cause = "You: " + strings.ToLower(cause[:1]) + cause[1:]
	}
	return []string{cause, advice.Next}
}

func gone(it *model.Item) []string {
	switch {
	case it.Deletion != nil:
		return []string{"It was purged: certificate, key and secret are destroyed for good. The name can be used again."}
	case it.Request == nil:
		return []string{"You: no certificate was ever issued here, and there is no request. The object keeps the name; a new request can be made under it."}
	}
	left := "You: if it is still wanted, create again; the object keeps the name."
	if it.Certificate.Issued {
		left = "You: if the renewal is still wanted, make a new version; the current one stays live."
	}
	return []string{"The vault no longer knows this request: it was deleted, or replaced and deleted. What stands below is its last known state.", left}
}

// superseded warns that the request is not the one that was seen before.
func superseded(row view.Row) string {
	r := row.Item.Request
	if r == nil || r.Replaced == "" || ended(row) {
		return ""
	}
	return "Superseded: another client put this request in the place of " + r.Replaced + ", which was in progress. A certificate signed for that one's CSR does not fit this one."
}

// lastRequest tells the fate of a request that is not the row's state any more.
func lastRequest(row view.Row) string {
	r := row.Item.Request
	if !ended(row) {
		return ""
	}
	switch {
	case r.Phase == model.PhaseFailed && r.ErrorMessage != "":
		return "Its last request failed: " + r.ErrorMessage
	case r.Phase == model.PhaseFailed:
		return "Its last request failed."
	case r.Phase == model.PhaseCancelled:
		return "Its last request was cancelled."
	case r.Gone && !r.Phase.Final():
		return "Its last request is gone: it was deleted before it ended."
	}
	return ""
}
