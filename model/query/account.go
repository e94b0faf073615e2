package query

import (
	"slices"
	"strconv"

	"certty/model"
)

// fieldIs is the field of what is apart from all other rows, and deletedHere
// its value for an order that was deleted here.
const (
	fieldIs     = "is"
	deletedHere = "deleted-here"
)

// Deleted reports whether the filter is for orders that were deleted here: only
// then they are listed at all.
func (f *Filter) Deleted() bool {
	return slices.ContainsFunc(f.terms, func(t term) bool {
		return !t.not && t.field.name == fieldIs && t.inField(deletedHere)
	})
}

// ofOrder gives the values of a field that only orders have.
func ofOrder(values func(*model.Item) []string) func(*Row) []string {
	return func(r *Row) []string {
		if r.Item.Order == nil && r.Item.Record == nil {
			return nil
		}
		return values(r.Item)
	}
}

// orderText is what stands in the text of a row because it is an order.
func orderText(it *model.Item) []string {
	if it.Order == nil && it.Record == nil {
		return nil
	}
	parts := []string{it.Name(), status(it)}
	parts = append(parts, organization(it)...)
	parts = append(parts, profile(it)...)
	parts = append(parts, requesters(it)...)
	parts = append(parts, references(it)...)
	if o := it.Order; o != nil {
		parts = append(parts, o.Comments, o.BackendID)
		if it.Certificate.SANs.Len() == 0 {
			parts = append(parts, o.SANs...)
		}
		for _, c := range o.CustomFields {
			parts = append(parts, c.Name+"="+c.Value)
		}
	}
	if r := it.Record; r != nil {
		parts = append(parts, r.Trouble)
	}
	return parts
}

// status is the order's as the service spells it, else how far its record is.
func status(it *model.Item) string {
	switch {
	case it.Order != nil && it.Order.Status != "":
		return it.Order.Status
	case it.Order == nil && it.Record != nil:
		return string(it.Record.Step)
	}
	return ""
}

func organization(it *model.Item) []string {
	if it.Order == nil {
		return nil
	}
	return named(it.Order.Organization, it.Order.OrganizationID)
}

func profile(it *model.Item) []string {
	if it.Order == nil {
		return nil
	}
	return named(it.Order.Profile, it.Order.ProfileID)
}

// named is a name and the id that it goes by at the account.
func named(name string, id int) []string {
	if id == 0 {
		return []string{name}
	}
	return []string{name, strconv.Itoa(id)}
}

func requesters(it *model.Item) []string {
	if it.Order == nil {
		return nil
	}
	return []string{it.Order.Requester, it.Order.ExternalRequester}
}

func references(it *model.Item) []string {
	if it.Record == nil {
		return nil
	}
	return []string{it.Record.Reference}
}

// managed says whether an order is held in the local repository.
func managed(it *model.Item) string {
	if it.Record == nil {
		return "no"
	}
	return "here"
}
