// Package act is what can be done with one row: the same actions, with the same
// reasons when they are disabled, wherever the row is shown.
package act

import (
	"cmp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/catalog"
	"certty/ui/view/copymenu"
	"certty/ui/view/forms"
	"certty/ui/view/merge"
	"certty/ui/view/tags"
	"certty/ui/view/versions"
)

const noRow = "no row is chosen"

// possible is one action on a row: which rows have it at all, why it can't be
// done, and what it opens or, where it opens nothing, runs.
type possible struct {
	def keys.Def
	// only is the kind of rows that have it; noun says what it is in the reason
	// of the others.
	only kind
	noun string
	why  func(view.Target, view.Row) string
	open func(*view.Session, view.Row) view.View
	run  func(*view.Session, view.Row) tea.Cmd
}

// ofVault is an action that only certificates in a vault have.
func ofVault(def keys.Def, noun string, why func(backend.Capabilities, view.Row) string, open func(*view.Session, view.Row) view.View) possible {
	return possible{def: def, only: vaultRow, noun: noun, open: open,
		why: func(t view.Target, row view.Row) string { return why(t.Capabilities, row) }}
}

// vaults lists the actions that only certificates in a vault have, in the order
// of the help. ways are the actions on the row of a request that stands in the
// way.
func vaults(ways forms.Ways) []possible {
	return []possible{
		ofVault(keys.Merge, "merging", merge.WhyNot, func(s *view.Session, row view.Row) view.View { return merge.New(s, row) }),
		ofVault(keys.SaveCSR, "saving a request's CSR", whyNoCSR, func(s *view.Session, row view.Row) view.View { return forms.NewSaveCSR(s, row) }),
		ofVault(keys.Cancel, "cancelling a request", whyNoCancel, func(s *view.Session, row view.Row) view.View { return ask.Cancel(s, row) }),
		ofVault(keys.DeleteRequest, "deleting a request", whyNoDeleteRequest, func(s *view.Session, row view.Row) view.View { return ask.DeleteRequest(s, row) }),
		ofVault(keys.NewVersion, "a new version", forms.WhyNoVersion, func(s *view.Session, row view.Row) view.View { return forms.NewVersion(s, row, ways) }),
		ofVault(keys.EditPolicy, "a stored policy", forms.WhyNoPolicy, func(s *view.Session, row view.Row) view.View { return forms.NewPolicy(s, row) }),
		ofVault(keys.Versions, "a list of versions", whyNoVersions, func(s *view.Session, row view.Row) view.View { return versions.New(s, row.ID()) }),
		ofVault(keys.Enable, "disabling", whyNoEnable, func(s *view.Session, row view.Row) view.View {
			c := row.Item.Certificate
			return ask.Enable(s, row, c, !c.Enabled)
		}),
		ofVault(keys.Tags, "tagging", whyNoUpdate, func(s *view.Session, row view.Row) view.View { return tags.New(s, row) }),
		ofVault(keys.Delete, "deleting a certificate", whyNoDelete, func(s *view.Session, row view.Row) view.View { return ask.Delete(s, row) }),
		ofVault(keys.Recover, "recovering", whyNoRecover, func(s *view.Session, row view.Row) view.View { return ask.Recover(s, row) }),
		ofVault(keys.Purge, "purging", whyNoPurge, func(s *view.Session, row view.Row) view.View { return ask.Purge(s, row) }),
		ofVault(keys.Catalog, "a list of issuers", whyNoCatalog, func(s *view.Session, row view.Row) view.View { return catalog.New(s, row.ID().Target) }),
	}
}

// shared lists the actions that every row has.
func shared() []possible {
	return []possible{
		{def: keys.Copy, why: func(view.Target, view.Row) string { return "" }, open: func(s *view.Session, row view.Row) view.View { return copymenu.New(s, row.ID()) }},
		{def: keys.Download, why: whyNoFile, open: downloading},
	}
}

// all lists the actions for rows of a kind: what they have first, so that its
// keys are theirs, then what rows of another kind have.
func all(row kind, ways forms.Ways) []possible {
	own, other := vaults(ways), append(orders(), successors()...)
	if row == orderRow {
		own, other = other, own
	}
	return slices.Concat(own, shared(), other)
}

// Row lists the actions on a row. The zero row gives them all disabled.
func Row(s *view.Session, row view.Row) []keys.Action {
	is := vaultRow
	var target view.Target
	if row.Item != nil {
		is, target = kindOf(s, row), s.Desk.Target(row.Item.Ref.Target)
	}
	list := all(is, func(row view.Row) []keys.Action { return Row(s, row) })
	actions := make([]keys.Action, 0, len(list))
	for _, p := range list {
		a := keys.Action{Def: named(p.def, row), Disabled: noRow}
		if row.Item != nil {
			a.Disabled = p.foreign(is)
			a.Elsewhere = a.Disabled != ""
			a.Disabled = cmp.Or(a.Disabled, p.why(target, row))
			a.Run = func() tea.Cmd { return p.start(s, row) }
		}
		actions = append(actions, a)
	}
	return actions
}

func (p *possible) start(s *view.Session, row view.Row) tea.Cmd {
	if p.run != nil {
		return p.run(s, row)
	}
	return s.Host.Open(p.open(s, row))
}

// WhyNot is the reason why the action of that id can't be done with a row now;
// "" when it can.
func WhyNot(s *view.Session, id string, row view.Row) string {
	is := kindOf(s, row)
	for _, p := range all(is, nil) {
		if p.def.ID == id {
			if why := p.foreign(is); why != "" {
				return why
			}
			return p.why(s.Desk.Target(row.Item.Ref.Target), row)
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
