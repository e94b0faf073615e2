package act

import (
	"sync"

	"certty/ui/view"
)

// kind says which rows have an action.
type kind uint8

const (
	everywhere kind = iota
	vaultRow
	orderRow
)

// kindOf is the kind of a row.
func kindOf(s *view.Session, row view.Row) kind {
	if view.IsOrder(row.Item) {
		return orderRow
	}
	return kindIn(s.Desk.Target(row.Item.Ref.Target))
}

// kindIn is the kind of a target's rows.
func kindIn(t view.Target) kind {
	if t.Info.Kind == "scm" {
		return orderRow
	}
	return vaultRow
}

// kinds are those of the actions, by their ids.
var kinds = sync.OnceValue(func() map[string]kind {
	of := make(map[string]kind)
	for _, p := range all(vaultRow, nil) {
		of[p.def.ID] = p.only
	}
	return of
})

// Has reports whether rows of a target have the action of that id at all.
func Has(t view.Target, id string) bool {
	only := kinds()[id]
	return only == everywhere || only == kindIn(t)
}

// foreign is why rows of a kind never have an action; "" where they have it.
func (p *possible) foreign(row kind) string {
	switch {
	case p.only == everywhere || p.only == row:
		return ""
	case p.only == vaultRow:
		return p.noun + " is Key Vault's; this is an order of a CA account"
	default:
		return p.noun + " is for orders of a CA account; this is a certificate in Key Vault"
	}
}
