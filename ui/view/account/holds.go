package account

import (
	"strings"
	"time"

	"certty/model"
)

// held is an open order that waits for a domain.
type held struct {
	order *model.Order
	// name is the ordered name that waits.
	name string
	// own is true when the CA asks for a proof for this order alone, whatever is
	// known of the domain.
	own bool
}

// String says which order waits, and for what.
func (h held) String() string {
	text := h.order.CommonName
	if h.order.ID != "" {
		text += " (order " + h.order.ID + ")"
	}
	if h.name != h.order.CommonName {
		text += ", for " + h.name
	}
	if h.own {
		text += ": the CA wants a proof for this order"
	}
	return text
}

// holds lists by domain, by its id, the open orders of the account that wait for
// it. Where the CA told what an order waits for, that counts; else a name waits
// that nothing could be ordered for now.
func holds(account *model.Account, items []*model.Item, now time.Time) map[int][]held {
	by := make(map[int][]held)
	for _, it := range items {
		o := it.Order
		if o == nil || !o.Phase.Open() || it.Hidden() {
			continue
		}
		for _, h := range waiting(account, o, now) {
			if d := nearest(account, h.name); d != nil {
				by[d.ID] = append(by[d.ID], h)
			}
		}
	}
	return by
}

// waiting lists the names of an order that wait.
func waiting(account *model.Account, o *model.Order, now time.Time) []held {
	var out []held
	if o.Validation != nil {
		for _, d := range o.Validation.Waiting() {
			out = append(out, held{order: o, name: d.Domain, own: true})
		}
		return out
	}
	seen := make(map[string]bool)
	for _, name := range append([]string{o.CommonName}, o.SANs...) {
		fold := strings.ToLower(name)
		if name == "" || seen[fold] {
			continue
		}
		seen[fold] = true
		if account.WhyNotName(name, o.OrganizationID, now) != "" {
			out = append(out, held{order: o, name: name})
		}
	}
	return out
}

// nearest is the domain with the longest name that covers name; nil when none
// does.
func nearest(account *model.Account, name string) *model.Domain {
	var best *model.Domain
	for i := range account.Domains {
		d := &account.Domains[i]
		if d.Covers(name) && (best == nil || len(d.Name) > len(best.Name)) {
			best = d
		}
	}
	return best
}
