package merge

import (
	"cmp"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/timetext"
	"certty/model/x5c"
	"certty/ui/view"
)

// owner is what a certificate belongs to.
type owner struct {
	x5c.Owner
	// row is that of Item.
	row view.Row
}

// known lists this row and those of all targets beside it.
func (v *View) known() (own *model.Item, rows map[*model.Item]view.Row, others []*model.Item) {
	rows = map[*model.Item]view.Row{}
	if row, ok := v.s.Data.Row(v.ref); ok {
		own = row.Item
		rows[own] = row
	}
	for _, row := range v.s.Data.Rows() {
		if row.Item.Ref != v.ref.Row() {
			rows[row.Item] = *row
			others = append(others, row.Item)
		}
	}
	return own, rows, others
}

// ownerWords say what the certificate belongs to, unless a check says it better.
func (v *View) ownerWords() string {
	if v.judged.verdict.LiveAlready() {
		return ""
	}
	return v.judged.owner.words(v.s, v.ref.Row())
}

// words say what the certificate belongs to.
func (o owner) words(s *view.Session, own model.Ref) string {
	if o.Kinship == x5c.Stranger {
		return ""
	}
	ref := o.row.Item.Ref
	name := ref.Key + " (" + ref.Target + ")"
	switch o.Kinship {
	case x5c.Live:
		return "This is the certificate that is live already as " + name + "."
	case x5c.Asked:
		state := string(o.row.Status.State)
		if r := o.row.Item.Request; !r.Open() {
			state = "its request is " + r.Status
			if r.Gone {
				state = "its request is gone"
			}
		}
		words := "This certificate belongs to another request: " + name + ", " + state
		if age := timetext.Age(s.Data.Now, o.row.Status.Since); age != "" {
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
	case o.Kinship != x5c.Asked:
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
