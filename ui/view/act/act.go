// Package act is what can be done with one row: the same actions, with the same
// reasons when they are disabled, wherever the row is shown.
package act

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/x5c"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/forms"
	"certty/ui/view/merge"
	"certty/ui/widget/toast"
)

const noRow = "no row is chosen"

// Row lists the actions on a row. The zero row gives them all disabled.
func Row(s *view.Session, row view.Row) []keys.Action {
	if row.Item == nil {
		return []keys.Action{
			{Def: keys.Merge, Disabled: noRow}, {Def: keys.SaveCSR, Disabled: noRow},
			{Def: keys.CopyCSR, Disabled: noRow}, {Def: keys.Cancel, Disabled: noRow},
			{Def: keys.DeleteRequest, Disabled: noRow},
		}
	}
	caps := s.Desk.Target(row.Item.Ref.Target).Capabilities
	return []keys.Action{
		{Def: keys.Merge, Disabled: whyNoMerge(caps, row), Run: func() tea.Cmd { return s.Host.Open(merge.New(s, row)) }},
		{Def: keys.SaveCSR, Disabled: whyNoCSR(row), Run: func() tea.Cmd { return s.Host.Open(forms.NewSaveCSR(s, row)) }},
		{Def: keys.CopyCSR, Disabled: whyNoCSR(row), Run: func() tea.Cmd { return copyCSR(s, row) }},
		{Def: keys.Cancel, Disabled: whyNoCancel(caps, row), Run: func() tea.Cmd { return s.Host.Open(ask.Cancel(s, row)) }},
		{Def: keys.DeleteRequest, Disabled: whyNoDelete(caps, row), Run: func() tea.Cmd { return s.Host.Open(ask.DeleteRequest(s, row)) }},
	}
}

func copyCSR(s *view.Session, row view.Row) tea.Cmd {
	copied := s.Clip.Copy(string(x5c.EncodeCSR(row.Item.Request.CSR)))
	return tea.Batch(copied, s.Host.Toast(toast.Info, "CSR of "+row.Item.Ref.Key+" sent to the terminal's clipboard"))
}

func whyNoRequest(row view.Row) string {
	switch r := row.Item.Request; {
	case r == nil && row.Item.RequestReadAt.IsZero():
		return "its request was not read yet"
	case r == nil:
		return "there is no request here"
	case r.Gone:
		return "the request is gone"
	}
	return ""
}

func whyNoMerge(caps backend.Capabilities, row view.Row) string {
	if caps.Merge == nil {
		return caps.MergeWhy
	}
	if why := whyNoRequest(row); why != "" {
		return why
	}
	r := row.Item.Request
	switch {
	case r.Phase == model.PhaseCompleted:
		return "the request is completed already"
	case r.Phase == model.PhaseInProgress && !r.Manual():
		return "issuer " + r.Issuer.Name + " works on it: nothing can be merged before it failed or was cancelled"
	}
	return ""
}

func whyNoCSR(row view.Row) string {
	if why := whyNoRequest(row); why != "" && (row.Item.Request == nil || len(row.Item.Request.CSR) == 0) {
		return why
	}
	if len(row.Item.Request.CSR) == 0 {
		return "the vault told no CSR"
	}
	return ""
}

func whyNoCancel(caps backend.Capabilities, row view.Row) string {
	if caps.Cancel == nil {
		return caps.CancelWhy
	}
	if why := whyNoRequest(row); why != "" {
		return why
	}
	if plan := caps.Cancel.PlanCancel(row.Item); plan.Way == backend.CancelImpossible {
		return plan.Effect
	}
	return ""
}

func whyNoDelete(caps backend.Capabilities, row view.Row) string {
	if caps.DeleteRequest == nil {
		return caps.DeleteRequestWhy
	}
	return whyNoRequest(row)
}
