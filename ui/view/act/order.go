package act

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/account"
	"certty/ui/view/approval"
	"certty/ui/view/ask"
	"certty/ui/view/doubt"
	"certty/ui/view/download"
	"certty/ui/view/keystores"
	"certty/ui/view/order"
	"certty/ui/view/revoke"
	"certty/ui/view/sheet"
	"certty/ui/view/validation"
	"certty/ui/widget/toast"
)

// orders lists the actions that only orders of a CA account have, in the order
// of the help.
func orders() []possible {
	of := func(def keys.Def, noun string, why func(view.Target, view.Row) string, open func(*view.Session, view.Row) view.View) possible {
		return possible{def: def, only: orderRow, noun: noun, why: why, open: open}
	}
	return []possible{
		{def: keys.CheckStatus, only: orderRow, noun: "checking a status", why: whyNoCheck, run: check},
		of(keys.Place, "ordering", whyNoPlace, func(s *view.Session, row view.Row) view.View { return ask.Place(s, row) }),
		{def: keys.FindOrder, only: orderRow, noun: "looking for an order", why: whyNoFind, run: func(s *view.Session, row view.Row) tea.Cmd {
			_, cmd := s.Desk.Settle(row.Item.Ref)
			return cmd
		}},
		of(keys.Decide, "deciding", whyNoDecide, func(s *view.Session, row view.Row) view.View { return doubt.New(s, row) }),
		of(keys.Approve, "approving", whyNoApprove, func(s *view.Session, row view.Row) view.View { return approval.NewApproval(s, row) }),
		of(keys.Decline, "declining", whyNoApprove, func(s *view.Session, row view.Row) view.View { return approval.NewRefusal(s, row) }),
		of(keys.Validation, "domain validation", whyNoValidation, func(s *view.Session, row view.Row) view.View { return validation.New(s, row.ID()) }),
		{def: keys.Collect, only: orderRow, noun: "collecting", why: whyNoCollect, run: func(s *view.Session, row view.Row) tea.Cmd {
			_, cmd := s.Desk.Collect(row.Item.Ref, row.Item.Certificate.Serial)
			return cmd
		}},
		of(keys.Keystore, "a keystore", whyNoKeystore, func(s *view.Session, row view.Row) view.View { return keystores.New(s, row) }),
		of(keys.Deliver, "delivering", whyNoDeliver, func(s *view.Session, row view.Row) view.View { return ask.Deliver(s, row) }),
		of(keys.CancelOrder, "cancelling an order", whyNoCancelOrder, cancelOrder),
		of(keys.Revoke, "revoking", whyNoRevoke, func(s *view.Session, row view.Row) view.View { return revoke.New(s, row) }),
		of(keys.DeleteHere, "deleting here", whyNoDeleteHere, deleteHere),
		of(keys.RestoreHere, "restoring", whyNoRestoreHere, func(s *view.Session, row view.Row) view.View { return ask.RestoreHere(s, row) }),
		of(keys.Account, "what an account offers", func(t view.Target, _ view.Row) string { return account.WhyNot(t) },
			func(s *view.Session, row view.Row) view.View { return account.New(s, row.ID().Target) }),
	}
}

// check has the order read at the account now; one of a record that is looked
// for is another action's.
func check(s *view.Session, row view.Row) tea.Cmd {
	s.Desk.Look(row.Item.Ref)
	return s.Host.Toast(toast.Info, row.Item.Name()+": its status is being read")
}

// cancelOrder opens what comes nearest to cancelling, as the account's backend
// says.
func cancelOrder(s *view.Session, row view.Row) view.View {
	plan := s.Desk.Target(row.Item.Ref.Target).Capabilities.Cancel.PlanCancel(row.Item)
	switch plan.Way {
	case backend.CancelDecline:
		return approval.NewCancellation(s, row, plan.Effect)
	case backend.CancelRevoke:
		return revoke.NewBecause(s, row, "SCM has no call that cancels an order. "+plan.Effect)
	case backend.CancelDelete:
		return ask.DeleteAtAccount(s, row, plan.Effect)
	default:
		return watch(s, row.Item.Ref, plan.Effect)
	}
}

// watch is the card of an order that can't be stopped any more: it waits, where
// the person wants it, until there is a certificate to revoke.
func watch(s *view.Session, ref model.Ref, effect string) view.View {
	return sheet.NewCard(s, func() sheet.Situation {
		now := sheet.Situation{Title: "Can't be cancelled: " + s.Data.Name(ref), Text: effect, Leave: "leave the order as it is"}
		row, ok := s.Data.Row(ref)
		if !ok {
			return now
		}
		wait := keys.Wait
		wait.Long = "wait here until it is issued, then open the form that revokes it; nothing is sent by itself"
		now.Title = "Can't be cancelled: " + view.Called(row.Item)
		now.Ways = []keys.Action{{Def: wait}}
		now.Over = !row.Item.Order.Phase.Open()
		now.Then = func() tea.Cmd { return afterWatch(s, row) }
		return now
	})
}

// afterWatch goes on once the order is open no more: not always with a
// certificate.
func afterWatch(s *view.Session, row view.Row) tea.Cmd {
	s.Desk.Look(row.Item.Ref)
	if why := whyNoRevoke(s.Desk.Target(row.Item.Ref.Target), row); why != "" {
		return s.Host.Toast(toast.Info, row.Item.Name()+": it ended as "+row.Item.Order.Status+"; "+why)
	}
	return s.Host.Open(revoke.NewBecause(s, row, "You waited to revoke it: it is issued now."))
}

// deleteHere asks at once where there is no key to lose, and else which of the
// two ways it goes.
func deleteHere(s *view.Session, row view.Row) view.View {
	r := row.Item.Record
	switch {
	case r == nil || !r.KeyHeld:
		return ask.RemoveHere(s, row, false)
	case row.Item.Order == nil:
		// Nothing is left of such an order, so that its key goes with it.
		return ask.RemoveHere(s, row, true)
	}
	return sheet.NewCard(s, func() sheet.Situation {
		open := func(key bool) func() tea.Cmd {
			return func() tea.Cmd { return s.Host.Open(ask.RemoveHere(s, row, key)) }
		}
		return sheet.Situation{
			Title: "Delete here: " + view.Called(row.Item),
			Text:  "The private key of this order was made here and lies nowhere else, unless a keystore was made of it. The account keeps the order in either case.",
			Ways:  []keys.Action{{Def: keys.HideKeepKey, Run: open(false)}, {Def: keys.HideDestroy, Run: open(true)}},
			Leave: "leave everything as it is",
		}
	})
}

// downloading opens the form for the chain that was collected, or for what the
// vault tells.
func downloading(s *view.Session, row view.Row) view.View {
	if kindOf(s, row) == orderRow {
		return download.NewCollected(s, row)
	}
	return download.New(s, row.ID(), row.Item.Certificate)
}

// successors lists the actions that order anew.
func successors() []possible {
	return []possible{
		{def: keys.Renew, only: orderRow, noun: "renewing an order", why: func(t view.Target, row view.Row) string { return order.WhyNoRenew(t.Capabilities, row) }, open: order.NewRenew},
		{def: keys.Replace, only: orderRow, noun: "replacing", why: func(t view.Target, row view.Row) string { return order.WhyNoReplace(t.Capabilities, row) }, open: order.NewReplace},
		{def: keys.OrderAgain, only: orderRow, noun: "ordering again", why: func(t view.Target, row view.Row) string { return order.WhyNoAgain(t.Capabilities, row) }, open: order.Again},
	}
}
