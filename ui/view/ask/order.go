package ask

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/effect"
	"certty/model/timetext"
	"certty/ui/view"
	"certty/ui/widget/confirm"
)

// Place asks before an order that was prepared is sent.
func Place(s *view.Session, row view.Row) *View {
	ref, r := row.Item.Ref, row.Item.Record
	lines := []string{"prepared  " + timetext.Moment(r.StepAt), "reference " + r.Reference, "",
		"It costs one certificate of the contract. It is looked for at the account first, and sent once, whatever happens.",
		"", sends(s, ref, "POST", "/ssl/v1/enroll")}
	if r.Trouble != "" {
		lines = append([]string{"last try  " + r.Trouble}, lines...)
	}
	beside := r.NamesakeIDs()
	return New(s, confirm.Question{Title: "Order " + view.Called(row.Item), Lines: append(Beside(s, ref.Target, r), lines...), Yes: "Order", No: "Back"}, func() tea.Cmd {
		_, cmd := s.Desk.Place(ref, beside...)
		return cmd
	})
}

// Beside warns of the orders for the same name beside which one that is written down
// would be sent: those that were placed elsewhere, and those that were begun here.
func Beside(s *view.Session, target string, r *model.Record) []string {
	var all []*model.Record
	for _, row := range s.Data.Rows() {
		if row.Item.Ref.Target == target {
			all = append(all, row.Item.Record)
		}
	}
	return append(effect.Beside(r), effect.BesideOwn(r, all)...)
}

// DeleteAtAccount asks before the account's own record of a certificate is
// deleted that was imported there or found by a scan. Effect is what the
// account's backend says of it.
func DeleteAtAccount(s *view.Session, row view.Row, effect string) *View {
	ref := row.Item.Ref
	ref.Revision = row.Item.Certificate.Serial
	typed, label := view.TypedName(row.Item)
	lines := append(order(row.Item), effect, "This cannot be undone from here: only another import brings the record back to the account.",
		"", sends(s, ref, "DELETE", "/ssl/v1/"+ref.Key))
	return New(s, confirm.Question{
		Title: "Delete at the account: " + view.Called(row.Item), Lines: lines,
		Yes: "Delete at the account", No: "Back", Typed: typed, TypedLabel: label,
	}, func() tea.Cmd {
		_, cmd := s.Desk.Cancel(ref)
		return cmd
	})
}

// RemoveHere asks before an order is hidden here. A private key that was made
// for it stays, unless key is true: then it is destroyed, and the name has to be
// typed.
func RemoveHere(s *view.Session, row view.Row, key bool) *View {
	ref, name := row.Item.Ref, row.Item.Name()
	q := confirm.Question{Title: "Delete here: " + view.Called(row.Item), Yes: "Delete here", No: "Back"}
	q.Lines = append(order(row.Item), remainsThere(row.Item)...)
	switch r := row.Item.Record; {
	case key:
		q.Title, q.Yes = "Delete here, and destroy the key: "+view.Called(row.Item), "Delete and destroy the key"
		q.Lines = append(q.Lines, "The private key that was made here is destroyed for good. Nobody can bring it back, and no keystore can be made of the certificate any more.")
		q.Typed, q.TypedLabel = view.TypedName(row.Item)
	case r != nil && r.KeyHeld:
		q.Lines = append(q.Lines, "The private key that was made here stays, encrypted as it is, and comes back with the order.")
	}
	return New(s, q, func() tea.Cmd {
		_, cmd := s.Desk.Remove(ref, name, key)
		return cmd
	})
}

// remainsThere says what stays at the account.
func remainsThere(it *model.Item) []string {
	if it.Order == nil {
		return []string{"It was never placed: the account has no order of it, and nothing remains of it here either."}
	}
	lines := []string{"Only here: the account keeps the order, and what it costs. A certificate that was issued stays valid.",
		"The filter is:deleted-here lists it from then on, where it can be restored; an import of orders deleted here brings it back, too. Reading the account again does not."}
	if it.Order.Phase.Open() {
		lines = append(lines, "The order is still open: should it be issued, nobody here is told.")
	}
	return lines
}

// RestoreHere asks before an order is shown again that was deleted here.
func RestoreHere(s *view.Session, row view.Row) *View {
	ref := row.Item.Ref
	lines := append(order(row.Item), "deleted   "+timetext.Moment(row.Item.Record.DeletedAt), "",
		"The row is shown again, and what is due for it goes on by itself. Nothing is sent to change the account.")
	return New(s, confirm.Question{Title: "Show again: " + view.Called(row.Item), Lines: lines, Yes: "Restore", No: "Back"}, func() tea.Cmd {
		_, cmd := s.Desk.Restore(ref)
		return cmd
	})
}

// Deliver asks before a certificate that is for none of the keys of its order is
// delivered all the same.
func Deliver(s *view.Session, row view.Row) *View {
	ref := row.Item.Ref
	ref.Revision = row.Item.Record.ChainSerial
	lines := append(order(row.Item), effect.Vouched()...)
	typed, label := view.TypedName(row.Item)
	return New(s, confirm.Question{
		Title: "Deliver all the same: " + view.Called(row.Item), Lines: lines,
		Yes: "Deliver", No: "Back", Typed: typed, TypedLabel: label,
	}, func() tea.Cmd {
		_, cmd := s.Desk.Deliver(ref)
		return cmd
	})
}

// order says which order is meant.
func order(it *model.Item) []string {
	if it.Order == nil {
		return []string{"reference " + it.Record.Reference, ""}
	}
	var lines []string
	if it.Order.Status != "" {
		lines = append(lines, "status    "+it.Order.Status)
	}
	if it.Certificate.Serial != "" {
		lines = append(lines, "serial    "+it.Certificate.Serial)
	}
	return append(lines, "")
}
