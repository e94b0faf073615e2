package board

import (
	"cmp"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/act"
	"certty/ui/view/adopt"
	"certty/ui/view/detail"
	"certty/ui/view/forms"
	"certty/ui/view/order"
)

// Actions are the row's, the list's and moving.
func (v *View) Actions() []keys.Action {
	var row view.Row
	none := "no row is listed"
	if r, ok := v.table.Cursor(); ok {
		row, none = *r, ""
	}
	actions := []keys.Action{
		{Def: keys.OpenRow, Disabled: none, Run: func() tea.Cmd { return v.s.Host.Open(detail.New(v.s, row.ID())) }},
	}
	actions = append(actions, v.onMarked(act.Row(v.s, row))...)
	if v.table.MarkCount() == 0 {
		act.StepFirst(v.s, row, actions)
	}
	actions = append(actions,
		keys.Action{Def: keys.New, Disabled: v.whyNoCreate(), Run: v.create},
		v.order(row),
	)
	actions = append(actions, v.imports(row)...)
	actions = append(actions,
		keys.Action{Def: keys.Filter, Run: func() tea.Cmd { v.filter.open(); return nil }},
		keys.Action{Def: keys.Sort, Disabled: none, Run: func() tea.Cmd { return v.s.Host.Open(newOrderMenu(v.s, v.setOrder)) }},
	)
	actions = append(actions, v.marks(none)...)
	actions = append(actions, v.refreshAction(),
		keys.Action{Def: keys.Retry, Disabled: v.whyNoRetry(), Run: v.retry},
	)
	actions = append(actions, v.moves()...)
	return append(actions, v.backAction())
}

func (v *View) refreshAction() keys.Action {
	a := keys.Action{Def: keys.Refresh, Run: func() tea.Cmd { v.s.Desk.Refresh(); return nil }}
	if n := v.table.MarkCount(); n > 0 {
		a.Help = fmt.Sprintf("refresh %d", n)
		a.Long = "read every marked row again now"
		a.Run = v.refreshMarked
	}
	return a
}

func (v *View) moves() []keys.Action {
	return view.Moves(v.table, func() tea.Cmd {
		v.moved, v.wanted = true, model.Ref{}
		v.watch()
		return v.show()
	})
}

// here is the target of the row under the cursor; "" without a row.
func (v *View) here() string {
	if row, ok := v.table.Cursor(); ok {
		return row.ID().Target
	}
	return ""
}

func (v *View) create() tea.Cmd {
	return v.s.Host.Open(forms.NewCreate(v.s, v.ways).At(v.here()))
}

func (v *View) importing() tea.Cmd {
	return v.s.Host.Open(forms.NewImport(v.s, v.ways).At(v.here()))
}

// imports are bringing a certificate into a vault and taking over the orders of an
// account, which have one key: it is first the one's that belongs to the row.
func (v *View) imports(row view.Row) []keys.Action {
	target := ""
	if row.Item != nil {
		target = row.Item.Ref.Target
	}
	certificate := keys.Action{Def: keys.Import, Disabled: forms.WhyNoImport(v.s.Desk.Targets()), Run: v.importing}
	orders := keys.Action{Def: keys.ImportOrders}
	orders.Hint = keys.Import.Hint // seldom wanted here, other than in the account's own screen
	accounts, why := adopt.Accounts(v.s.Desk.Targets(), target)
	if len(accounts) == 0 {
		orders.Disabled, orders.Elsewhere = cmp.Or(why, noAccount), why == ""
	} else {
		orders.Run = func() tea.Cmd { return v.s.Host.Open(adopt.NewAt(v.s, accounts)) }
	}
	if v.isAccount(target) {
		return []keys.Action{orders, certificate}
	}
	return []keys.Action{certificate, orders}
}

// isAccount reports whether a target is a CA account.
func (v *View) isAccount(target string) bool {
	return slices.ContainsFunc(v.s.Desk.Targets(), func(t view.Target) bool { return t.Info.Name == target && t.Repository != nil })
}

func (v *View) hasAccount() bool {
	return slices.ContainsFunc(v.s.Desk.Targets(), func(t view.Target) bool { return t.Repository != nil })
}

const noAccount = "no CA account is set up; T adds one"

// order makes a new order at the account of the row, or at the one that is asked
// for.
func (v *View) order(row view.Row) keys.Action {
	target := ""
	if row.Item != nil {
		target = row.Item.Ref.Target
	}
	a := keys.Action{Def: keys.NewOrder}
	accounts, why := order.Accounts(v.s.Desk.Targets(), target)
	if len(accounts) == 0 {
		a.Disabled = cmp.Or(why, noAccount)
		return a
	}
	a.Run = func() tea.Cmd { return v.s.Host.Open(order.NewAt(v.s, accounts, row)) }
	return a
}

// ways are what can be done with a row that stands in the way of a form.
func (v *View) ways(row view.Row) []keys.Action { return act.Row(v.s, row) }

func (v *View) whyNoCreate() string {
	why := "no target is open yet"
	for _, t := range v.s.Desk.Targets() {
		if t.Capabilities.Create != nil {
			return ""
		}
		why = t.Capabilities.CreateWhy
	}
	return why
}

// stopped lists the targets that go on when a person has mended something:
// those that refused the login, and those that this machine can't call.
func (v *View) stopped() []string {
	var names []string
	for _, name := range v.s.Data.Targets() {
		if s, ok := v.s.Data.State(name); ok && (s.Latched || backend.KindOf(s.Err) == backend.KindLocal) {
			names = append(names, name)
		}
	}
	return names
}

func (v *View) whyNoRetry() string {
	if len(v.stopped()) == 0 {
		return "no target refused the login"
	}
	return ""
}

func (v *View) retry() tea.Cmd {
	for _, name := range v.stopped() {
		v.s.Desk.Retry(name)
	}
	return nil
}

// backAction takes the filter away first: it can be typed again faster than
// marks can be set.
func (v *View) backAction() keys.Action {
	a := keys.Action{Def: keys.Back}
	switch {
	case !v.filter.active().Empty():
		a.Help, a.Long = "clear filter", "show every row again; marks stay"
		a.Run = func() tea.Cmd { v.clearFilter(); return v.show() }
	case v.table.MarkCount() > 0:
		a.Help, a.Long = "clear marks", "take every mark away"
		a.Run = func() tea.Cmd { v.table.ClearMarks(); v.watch(); return nil }
	default:
		a.Disabled = "nothing is open; q quits"
	}
	return a
}
