package effect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"certty/model"
	"certty/model/lint"
)

// Succeeded is what becomes of the certificate of an order that is renewed.
func Succeeded(o *model.Order) string {
	switch {
	case o.Phase == model.OrderExpired:
		return "has expired; it stays in the account's list"
	case o.Expires.IsZero():
		return "stays valid until it expires; revoke it when nobody uses it any more"
	}
	return "stays valid until " + o.Expires.Format(time.DateOnly) + "; revoke it when nobody uses it any more"
}

// RenewedTerm is how long the certificate of a renewal lives: the account chooses
// the term itself. The profile is that of the order, nil where none is known.
func RenewedTerm(o *model.Order, p *model.Profile, now time.Time) string {
	longest := o.Term
	if p != nil && len(p.Terms) > 0 {
		longest = slices.Max(p.Terms)
	}
	text := "the account chooses it itself, not always the old one"
	if longest > 0 {
		text += "; " + lint.Expect(longest, now)
	}
	return text
}

// OldKey is where the key of an order is, as far as is known here; nil is an order
// that is not managed here.
func OldKey(r *model.Record) string {
	if r != nil && r.KeyHeld {
		return "lies here, encrypted with the password that it got then; a keystore needs that one"
	}
	return "is not here: it is wherever the old CSR was made"
}

// ProfileGone warns of an order whose profile is not offered any more; "" where it
// is, and where nothing is known of the account's profiles.
func ProfileGone(a *model.Account, id int) string {
	if len(a.Profiles) == 0 {
		return ""
	}
	if p := a.Profile(id); p == nil || !p.GoneSince.IsZero() {
		return "the account does not offer the old profile any more: it may refuse this, or take another profile"
	}
	return ""
}

// Replaced is what becomes of the certificate of an order that is replaced.
func Replaced(serial string) string {
	return "serial " + serial + ", stays valid until the CA revokes it; when that is it does not tell"
}

// Files is where the files of a certificate go; "" for nowhere.
func Files(d *model.Deployment) string {
	if d == nil {
		return ""
	}
	text := d.Dir
	if d.Owner != "" {
		text += ", owner " + d.Owner
	}
	if d.Mode != 0 {
		text += fmt.Sprintf(", files with a key %04o", d.Mode)
	}
	return text
}

// Vouched is what happens when a person vouches for a certificate that is for none
// of the keys of its order.
func Vouched() []string {
	return []string{
		"It is for none of the keys that were made here for this order, nor for that of a CSR that was brought: somebody had it issued or replaced elsewhere.",
		"Its files take the place of those that lie where they are wanted, and on_issued runs. A server does not start with it beside a key file of this order.",
		"Its key counts as one of this order's from then on. What was replaced can't be brought back from here.",
	}
}

// Beside warns of the orders for the same name that were placed elsewhere not long
// ago; nothing where a record names none.
func Beside(r *model.Record) []string {
	if r.Namesakes == "" {
		return nil
	}
	return []string{"The account has orders for this name that were not placed from here: " + r.Namesakes + ". This is another one, and costs another certificate.", ""}
}

// Decided is what happens when a person says which order a record is.
func Decided() []string {
	return []string{
		"The record, with the key that was made for it, belongs to that order from now on. Its certificate is collected once it is issued, where its key fits.",
		"Where its certificate is issued already the keys are compared first, and an order with another key is refused. Before that nobody can tell: until the certificate fits, the same question names another order, and the key goes there.",
	}
}

// TookOtherKey is what happens when the order that a person names has another key by
// now.
func TookOtherKey() []string {
	return []string{
		"The record, with the key that was made for it, belongs to that order from now on, whatever key its certificate is for. One for another key is held back until you vouch for it; until then the same question names another order, and the key goes there.",
	}
}

// BesideOwn warns of the other orders for the same name that were begun from here,
// before one that is written down is sent; nothing where there are none.
func BesideOwn(r *model.Record, all []*model.Record) []string {
	var said []string
	for _, o := range all {
		if o != nil && o.Key != r.Key && o.DeletedAt.IsZero() && o.Begun() && strings.EqualFold(o.CommonName, r.CommonName) {
			said = append(said, "For this name there is another order from here, "+o.Key+". "+o.Stands())
		}
	}
	if len(said) == 0 {
		return nil
	}
	return append(said, "This is another one, and costs another certificate.", "")
}
