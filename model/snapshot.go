package model

import (
	"bytes"
	"slices"
	"strings"
	"time"
)

// Snapshot is everything known of one target at one moment. It is immutable: a
// page of news makes a new one, so any number of readers may hold one without
// a lock. The zero value is not usable, start with [NewSnapshot].
type Snapshot struct {
	target string
	items  []*Item // sorted by key
	swept  time.Time
}

// NewSnapshot makes a snapshot of target with the given items, last swept
// completely at swept (zero: never). It takes the items over.
func NewSnapshot(target string, items []*Item, swept time.Time) *Snapshot {
	slices.SortFunc(items, func(a, b *Item) int { return strings.Compare(a.Ref.Key, b.Ref.Key) })
	return &Snapshot{target: target, items: items, swept: swept}
}

// Target is the configured name of the target.
func (s *Snapshot) Target() string { return s.target }

// SweptAt is when the last complete sweep began; zero when there was none.
func (s *Snapshot) SweptAt() time.Time { return s.swept }

// Len is the number of items.
func (s *Snapshot) Len() int { return len(s.items) }

// Items lists the items by key. The slice and what it points to are shared and
// must not be changed.
func (s *Snapshot) Items() []*Item { return s.items }

// Get finds the item under a key; nil when there is none.
func (s *Snapshot) Get(key string) *Item {
	if i, ok := findKey(s.items, key); ok {
		return s.items[i]
	}
	return nil
}

// findKey is where key is in items, which are sorted by key, or would be.
func findKey(items []*Item, key string) (int, bool) {
	return slices.BinarySearchFunc(items, key, func(it *Item, k string) int {
		return strings.Compare(it.Ref.Key, k)
	})
}

// Merge adds a page of news and returns the new snapshot. Only the parts that
// the page carries change; nothing is ever removed: an item that a complete
// sweep did not list counts as missed, see [Item.Vanished]. Pages may come late
// and in any order: a part that is older than what is known of it changes
// nothing, and the end of a sweep that comes twice counts once.
func (s *Snapshot) Merge(p Page) *Snapshot {
	next := &Snapshot{target: s.target, items: s.merged(p), swept: s.swept}
	if sum := p.Summary; sum != nil && sum.Complete && !sum.Started.Equal(s.swept) {
		next.swept = sum.Started
		for i, it := range next.items {
			if it.lastSeen().Before(sum.Started) {
				missed := *it
				missed.Missed++
				next.items[i] = &missed
			}
		}
	}
	return next
}

func (s *Snapshot) merged(p Page) []*Item {
	if len(p.Items) == 0 {
		return slices.Clone(s.items)
	}
	news := make([]*Item, len(p.Items))
	for i := range p.Items {
		news[i] = &p.Items[i]
	}
	// Stable, so that of two items with one key in a page the later wins.
	slices.SortStableFunc(news, func(a, b *Item) int { return strings.Compare(a.Ref.Key, b.Ref.Key) })
	out := make([]*Item, 0, len(s.items)+len(news))
	i := 0
	for _, n := range news {
		// The rows between two pieces of news are copied as a block, unseen: a
		// page of 25 must not cost a look at each of 10 000 rows.
		between, known := findKey(s.items[i:], n.Ref.Key)
		out = append(out, s.items[i:i+between]...)
		i += between
		var old *Item
		switch {
		case known:
			old = s.items[i]
			i++
		case len(out) > 0 && out[len(out)-1].Ref.Key == n.Ref.Key:
			old = out[len(out)-1]
			out = out[:len(out)-1]
		default:
			old = &Item{Ref: Ref{Target: s.target, Kind: KindCertificate, Key: n.Ref.Key}}
		}
		out = append(out, old.merge(n, p))
	}
	return append(out, s.items[i:]...)
}

// lastSeen is when the item was last known to exist: a list showed it, or it
// was read. A list that began before it was created can't have shown it.
func (it *Item) lastSeen() time.Time {
	seen := it.ListedAt
	if it.CertificateReadAt.After(seen) {
		seen = it.CertificateReadAt
	}
	if it.Request != nil && !it.Request.Gone && it.RequestReadAt.After(seen) {
		seen = it.RequestReadAt
	}
	return seen
}

// merge returns a copy of it with the parts of n that p carries. News that is
// older than what is known of a part is dropped: answers overtake each other.
func (it *Item) merge(n *Item, p Page) *Item {
	out := *it
	if p.Fields&FieldListing != 0 && !p.AsOf.Before(it.ListedAt) {
		if !p.AsOf.Before(it.CertificateReadAt) {
			out.Certificate = mergeListing(it.Certificate, n.Certificate)
		}
		out.ListedAt = p.AsOf
		out.Missed = 0
	}
	if p.Fields&FieldPolicy != 0 && !p.AsOf.Before(it.CertificateReadAt) {
		out.Policy = n.Policy
	}
	if p.Fields&FieldCertificate != 0 && !p.AsOf.Before(it.CertificateReadAt) {
		out.mergeRead(n.Certificate, p.AsOf)
	}
	if p.Fields&FieldRequest != 0 && !p.AsOf.Before(it.RequestReadAt) {
		out.Request = mergeRequest(it.Request, n.Request, p.AsOf)
		out.RequestReadAt = p.AsOf
	}
	return &out
}

// mergeRead takes a read of the certificate. Where a list came in after it was
// answered, the list's attributes stay, and a read of another version is
// dropped.
func (it *Item) mergeRead(read Certificate, asOf time.Time) {
	if asOf.Before(it.ListedAt) {
		if read.Thumbprint != it.Certificate.Thumbprint {
			return
		}
		read = mergeListing(read, it.Certificate)
	}
	it.Certificate = read
	it.CertificateReadAt = asOf
}

// mergeListing takes a list's news and keeps what only a read of the
// certificate tells, as long as the version is the one that was read. Of two
// that have no version with a certificate in it, that is so as well.
func mergeListing(old, listed Certificate) Certificate {
	if old.Thumbprint == listed.Thumbprint && old.Issued == listed.Issued {
		listed.Version, listed.DER = old.Version, old.DER
		listed.Issuer, listed.Serial = old.Issuer, old.Serial
		listed.SANs, listed.KeyType = old.SANs, old.KeyType
		if listed.Subject == "" {
			listed.Subject = old.Subject
		}
	}
	return listed
}

// mergeRequest joins what was known of the pending request with what was read.
func mergeRequest(old, read *Request, asOf time.Time) *Request {
	switch {
	case read == nil && old == nil:
		return nil
	case read == nil:
		if old.Gone {
			return old
		}
		gone := *old
		gone.Gone, gone.Since = true, asOf
		return &gone
	}
	out := *read
	switch {
	case old == nil:
		out.Since = asOf
	case !old.same(&out):
		out.Since = asOf
		if old.Open() {
			out.Replaced = old.ID
		}
	case old.Phase != out.Phase || old.CancelAsked != out.CancelAsked || old.Gone:
		out.Since, out.Replaced = asOf, old.Replaced
	default:
		out.Since, out.Replaced = old.Since, old.Replaced
	}
	if out.ID == "" && old != nil && old.same(&out) {
		out.ID = old.ID
	}
	return &out
}

// same reports whether two readings are of one request. Where one of them does
// not tell the id, the CSR decides: each request has a key of its own, unless
// the policy reuses keys.
func (r *Request) same(other *Request) bool {
	if r.ID != "" && other.ID != "" || len(r.CSR) == 0 || len(other.CSR) == 0 {
		return r.ID == other.ID || r.ID == "" || other.ID == ""
	}
	return bytes.Equal(r.CSR, other.CSR)
}
