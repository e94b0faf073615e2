package merge

import (
	"cmp"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/x5c"
	"certty/ui/view"
)

// candidate is a row of any target that a certificate may belong to.
type candidate struct {
	row view.Row
	// own is true for the row that the merge was opened for.
	own bool
}

// kinship says how a certificate belongs to a row.
type kinship uint8

const (
	stranger kinship = iota
	// live: it is the certificate that the row has already.
	live
	// asked: the row's request has its key.
	asked
	// sameKey: the row's certificate has its key; a reissue, as a rule.
	sameKey
)

// owner is what a certificate belongs to.
type owner struct {
	kinship kinship
	row     view.Row
}

// known lists every row of every target, this one first.
func (v *View) known() []candidate {
	rows := v.s.Data.Rows()
	all := make([]candidate, 0, len(rows))
	if row, ok := v.s.Data.Row(v.ref); ok {
		all = append(all, candidate{row: row, own: true})
	}
	for _, row := range rows {
		if row.Item.Ref != v.ref.Row() {
			all = append(all, candidate{row: *row})
		}
	}
	return all
}

// findOwner says what a leaf belongs to. That it is live already is worth
// saying in any case; whose request or key it has only when it is not the one
// that it is to be merged into. A thumbprint is known of every row, since lists
// tell it; keys only of rows whose request or certificate was read.
func findOwner(b *x5c.Bundle, leaf x5c.Link, matches bool, known []candidate) owner {
	for _, c := range known {
		if it := c.row.Item; it.Certificate.Issued && it.Certificate.Thumbprint == leaf.Thumbprint {
			return owner{live, c.row}
		}
	}
	if matches {
		return owner{}
	}
	id, err := x5c.PublicKeyID(leaf.DER)
	for _, c := range known {
		r := c.row.Item.Request
		if !c.own && r != nil && (len(r.CSR) > 0 && b.KeyMatches(r.CSR) || r.KeyID != "" && r.KeyID == id) {
			return owner{asked, c.row}
		}
	}
	if err != nil {
		return owner{}
	}
	for _, c := range known {
		der := c.row.Item.Certificate.DER
		if len(der) == 0 {
			continue
		}
		if other, err := x5c.PublicKeyID(der); err == nil && other == id {
			return owner{sameKey, c.row}
		}
	}
	return owner{}
}

// words say what the certificate belongs to.
func (o owner) words(s *view.Session, own model.Ref) string {
	if o.kinship == stranger {
		return ""
	}
	ref := o.row.Item.Ref
	name := ref.Key + " (" + ref.Target + ")"
	switch o.kinship {
	case live:
		return "This is the certificate that is live already as " + name + "."
	case asked:
		state := string(o.row.Status.State)
		if r := o.row.Item.Request; !r.Open() {
			state = "its request is " + r.Status
			if r.Gone {
				state = "its request is gone"
			}
		}
		words := "This certificate belongs to another request: " + name + ", " + state
		if age := view.Age(s.Data.Now, o.row.Status.Since); age != "" {
			words += ", " + age
		}
		return words + "."
	default:
		if ref == own {
			return "It has the key of this row's current version, not that of the request: a reissue of the old certificate, as it seems."
		}
		return "It has the key of the certificate " + name + ": a reissue of that one, as it seems."
	}
}

// whyNotThere is why there is no way to the request that the certificate
// belongs to.
func (v *View) whyNotThere() string {
	o := v.judged.owner
	switch {
	case v.call.Running():
		return v.whyBusy()
	case o.kinship != asked:
		return "no other request is known that the certificate belongs to"
	}
	row, ok := v.s.Data.Row(o.row.Item.Ref)
	if !ok {
		return "that request is not known any more"
	}
	return WhyNot(v.s.Desk.Target(row.Item.Ref.Target).Capabilities, row)
}

// goThere opens the merge of the request that the certificate belongs to, with
// what was pasted, in place of this one.
func (v *View) goThere() tea.Cmd {
	row, ok := v.s.Data.Row(v.judged.owner.row.Item.Ref)
	if !ok {
		return nil
	}
	next := New(v.s, row)
	next.bundles, next.root, next.order = v.bundles, v.root, v.order
	v.s.Host.Close(v)
	return v.s.Host.Open(next)
}

// WhyNot says why nothing can be merged into the request of a row; "" when it
// can.
func WhyNot(caps backend.Capabilities, row view.Row) string {
	if caps.Merge == nil {
		return cmp.Or(caps.MergeWhy, "this target can't do that")
	}
	return row.Item.WhyNotMerged()
}
