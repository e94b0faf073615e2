// Package act is what can be done with one row: the same actions, with the same
// reasons when they are disabled, wherever the row is shown.
package act

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/catalog"
	"certty/ui/view/copymenu"
	"certty/ui/view/download"
	"certty/ui/view/forms"
	"certty/ui/view/merge"
	"certty/ui/view/tags"
	"certty/ui/view/versions"
)

const noRow = "no row is chosen"

// possible is one action on a row: why it can't be done, and what it opens.
type possible struct {
	def  keys.Def
	why  func(backend.Capabilities, view.Row) string
	open func(*view.Session, view.Row) view.View
}

// all lists the actions on a row, in the order of the help. ways are the actions
// on the row of a request that stands in the way.
func all(ways forms.Ways) []possible {
	return []possible{
		{keys.Merge, merge.WhyNot, func(s *view.Session, row view.Row) view.View { return merge.New(s, row) }},
		{keys.SaveCSR, whyNoCSR, func(s *view.Session, row view.Row) view.View { return forms.NewSaveCSR(s, row) }},
		{keys.Copy, nothing, func(s *view.Session, row view.Row) view.View { return copymenu.New(s, row.ID()) }},
		{keys.Cancel, whyNoCancel, func(s *view.Session, row view.Row) view.View { return ask.Cancel(s, row) }},
		{keys.DeleteRequest, whyNoDeleteRequest, func(s *view.Session, row view.Row) view.View { return ask.DeleteRequest(s, row) }},
		{keys.NewVersion, forms.WhyNoVersion, func(s *view.Session, row view.Row) view.View { return forms.NewVersion(s, row, ways) }},
		{keys.EditPolicy, forms.WhyNoPolicy, func(s *view.Session, row view.Row) view.View { return forms.NewPolicy(s, row) }},
		{keys.Versions, whyNoVersions, func(s *view.Session, row view.Row) view.View { return versions.New(s, row.ID()) }},
		{keys.Download, whyNoDownload, func(s *view.Session, row view.Row) view.View {
			return download.New(s, row.ID(), row.Item.Certificate)
		}},
		{keys.Enable, whyNoEnable, func(s *view.Session, row view.Row) view.View {
			c := row.Item.Certificate
			return ask.Enable(s, row, c, !c.Enabled)
		}},
		{keys.Tags, whyNoUpdate, func(s *view.Session, row view.Row) view.View { return tags.New(s, row) }},
		{keys.Delete, whyNoDelete, func(s *view.Session, row view.Row) view.View { return ask.Delete(s, row) }},
		{keys.Recover, whyNoRecover, func(s *view.Session, row view.Row) view.View { return ask.Recover(s, row) }},
		{keys.Purge, whyNoPurge, func(s *view.Session, row view.Row) view.View { return ask.Purge(s, row) }},
		{keys.Catalog, whyNoCatalog, func(s *view.Session, row view.Row) view.View { return catalog.New(s, row.ID().Target) }},
	}
}

// Row lists the actions on a row. The zero row gives them all disabled.
func Row(s *view.Session, row view.Row) []keys.Action {
	var caps backend.Capabilities
	if row.Item != nil {
		caps = s.Desk.Target(row.Item.Ref.Target).Capabilities
	}
	list := all(func(row view.Row) []keys.Action { return Row(s, row) })
	actions := make([]keys.Action, 0, len(list))
	for _, p := range list {
		a := keys.Action{Def: named(p.def, row), Disabled: noRow}
		if row.Item != nil {
			a.Disabled = p.why(caps, row)
			a.Run = func() tea.Cmd { return s.Host.Open(p.open(s, row)) }
		}
		actions = append(actions, a)
	}
	return actions
}

// WhyNot is the reason why the action of that id can't be done with a row now;
// "" when it can.
func WhyNot(s *view.Session, id string, row view.Row) string {
	for _, p := range all(nil) {
		if p.def.ID == id {
			return p.why(s.Desk.Target(row.Item.Ref.Target).Capabilities, row)
		}
	}
	return "it can't be done here"
}

// named says which of two ways an action goes for this row.
func named(def keys.Def, row view.Row) keys.Def {
	if def.ID == keys.Enable.ID && row.Item != nil {
		def.Help = "disable"
		if !row.Item.Certificate.Enabled {
			def.Help = "enable"
		}
	}
	return def
}
