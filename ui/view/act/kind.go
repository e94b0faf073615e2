package act

import (
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
	if view.IsOrder(row.Item) || s.Desk.Target(row.Item.Ref.Target).Info.Kind == "scm" {
		return orderRow
	}
	return vaultRow
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
