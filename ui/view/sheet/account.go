package sheet

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/view"
	"certty/ui/widget/form"
)

// Accounts are the CA accounts that something can be done at; no says why it
// can't be at one, "" where it can. row is the target of the row that is looked
// at: an account that it names is the only one. Where there is none, why says
// why, "" where no target is a CA account.
func Accounts(targets []view.Target, row string, no func(view.Target) string) (names []string, why string) {
	for _, t := range targets {
		if t.Repository == nil {
			continue
		}
		no := no(t)
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

const fieldAccount = "account"

// choice asks at which account something is done.
type choice struct {
	*Sheet
	s    *view.Session
	open func(account string) view.View
}

// AtAccount gives the view that open makes for one of accounts, and asks for
// which where there are several. title heads the question.
func AtAccount(s *view.Session, title string, accounts []string, open func(account string) view.View) view.View {
	if len(accounts) == 1 {
		return open(accounts[0])
	}
	v := &choice{s: s, open: open}
	v.Sheet = New(s, Def{View: v, Submit: "go on", Filled: v.filled, Title: func() string { return title }})
	v.Form = form.New(s.Theme, "Go on", "Back", form.Field{
		ID: fieldAccount, Label: "Account", Options: accounts, Hint: "left and right choose", Note: v.note,
	})
	return v
}

// note says which account is meant: names are short.
func (v *choice) note(value func(string) string) string {
	return v.s.Desk.Target(value(fieldAccount)).Info.Address
}

// filled goes on; esc there leads to where this was asked.
func (v *choice) filled() tea.Cmd {
	v.s.Host.Close(v)
	return v.s.Host.Open(v.open(v.Form.Value(fieldAccount)))
}
