package order

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/form"
)

const fieldAccount = "account"

// Accounts are the names of the targets that a new order can be made at. row is
// the target of the row that is looked at: an account that it names is the only
// one. Where there is none, why says why, "" where no target is a CA account.
func Accounts(targets []view.Target, row string) (names []string, why string) {
	for _, t := range targets {
		if t.Repository == nil {
			continue
		}
		no := WhyNoOrder(t.Capabilities)
		switch {
		case t.Info.Name == row && no != "":
			return nil, no
		case t.Info.Name == row:
			return []string{row}, ""
		case no == "":
			names = append(names, t.Info.Name)
		case why == "":
			why = no
		}
	}
	return names, why
}

// choice asks at which account a new order is made.
type choice struct {
	*sheet.Sheet
	s *view.Session
}

// NewAt opens an empty order at one of accounts, and asks at which where there
// are several. Each must be able to order.
func NewAt(s *view.Session, accounts []string) view.View {
	if len(accounts) == 1 {
		return New(s, accounts[0])
	}
	v := &choice{s: s}
	v.Sheet = sheet.New(s, sheet.Def{View: v, Submit: "go on", Filled: v.filled, Title: func() string { return "New order" }})
	v.Form = form.New(s.Theme, "Go on", "Back", form.Field{
		ID: fieldAccount, Label: "Account", Options: accounts, Hint: "left and right choose", Note: v.note,
	})
	return v
}

// note says which account is meant: names are short.
func (v *choice) note(value func(string) string) string {
	return v.s.Desk.Target(value(fieldAccount)).Info.Address
}

// filled goes on with the order; esc there leads to where this was asked.
func (v *choice) filled() tea.Cmd {
	v.s.Host.Close(v)
	return v.s.Host.Open(New(v.s, v.Form.Value(fieldAccount)))
}
