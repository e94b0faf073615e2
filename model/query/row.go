package query

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"certty/model"
)

// Row is what a filter looks at.
type Row struct {
	Item   *model.Item
	Status *model.Status
	// Text is what [Text] makes of Item.
	Text string
	// Now is the moment of Status.
	Now time.Time
}

// Text is everything that is shown of an item whatever its status is, in lower
// case, one value a line. It is kept with the item: making it costs far more
// than looking through it.
func Text(it *model.Item) string {
	c := &it.Certificate
	parts := make([]string, 0, 16)
	parts = append(parts, it.Ref.Key, it.Ref.Target, c.Subject, c.Issuer, c.Serial, c.Thumbprint, c.KeyType)
	parts = append(parts, orderText(it)...)
	if q := it.Request; q != nil {
		parts = append(parts, q.ID, q.Issuer.Name, q.ErrorCode, q.ErrorMessage)
	}
	if p := it.Policy; p != nil {
		parts = append(parts, p.Issuer.Name)
		if c.Subject == "" {
			parts = append(parts, p.Subject)
		}
		if c.SANs.Len() == 0 {
			parts = append(parts, p.SANs.All()...)
		}
	}
	parts = append(parts, c.SANs.All()...)
	parts = append(parts, tags(it)...)
	// What is not known leaves no line: "^$" would find it.
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.ToLower(strings.Join(parts, "\n"))
}

// SameText reports whether [Text] makes the same of two items of one name, as far
// as that is told by a look at what it is made of: parts that were read anew
// count as others.
func SameText(a, b *model.Item) bool {
	c, d := &a.Certificate, &b.Certificate
	return a.Ref == b.Ref && a.Order == b.Order && a.Record == b.Record && a.Request == b.Request && a.Policy == b.Policy &&
		c.Subject == d.Subject && c.Issuer == d.Issuer && c.Serial == d.Serial && c.Thumbprint == d.Thumbprint && c.KeyType == d.KeyType &&
		maps.Equal(c.Tags, d.Tags) && slices.Equal(c.SANs.DNS, d.SANs.DNS) && slices.Equal(c.SANs.Emails, d.SANs.Emails) &&
		slices.Equal(c.SANs.UPNs, d.SANs.UPNs) && slices.Equal(c.SANs.URIs, d.SANs.URIs) && slices.Equal(c.SANs.IPs, d.SANs.IPs)
}

// tags lists the tags as name=value, by name.
func tags(it *model.Item) []string {
	if len(it.Certificate.Tags) == 0 {
		return nil
	}
	out := make([]string, 0, len(it.Certificate.Tags))
	for _, name := range slices.Sorted(maps.Keys(it.Certificate.Tags)) {
		out = append(out, name+"="+it.Certificate.Tags[name])
	}
	return out
}

// field is a part of a row that has a name in the filter language.
type field struct {
	name string
	// values are the field's, in any case; none where nothing is known.
	values func(*Row) []string
	// loose fields are compared without blanks and punctuation, so that
	// state:in-progress says "in progress".
	loose bool
}

// fields, in the order in which an error lists them.
var fields = []field{
	{name: "state", loose: true, values: func(r *Row) []string { return []string{string(r.Status.State)} }},
	{name: "target", values: func(r *Row) []string { return []string{r.Item.Ref.Target} }},
	{name: "name", values: func(r *Row) []string { return []string{r.Item.Name()} }},
	{name: "subject", values: func(r *Row) []string {
		if p := r.Item.Policy; p != nil && r.Item.Certificate.Subject == "" {
			return []string{p.Subject}
		}
		return []string{r.Item.Certificate.Subject}
	}},
	{name: "san", values: func(r *Row) []string { return Names(r.Item) }},
	{name: "issuer", values: issuers},
	{name: "serial", loose: true, values: func(r *Row) []string { return []string{r.Item.Certificate.Serial} }},
	{name: "tag", values: func(r *Row) []string { return tags(r.Item) }},
	{name: "key", values: func(r *Row) []string { return []string{KeyType(r.Item)} }},
	{name: "who", values: func(r *Row) []string { return []string{cmp.Or(string(r.Status.Who), "nobody")} }},
	// The rest is of orders at a CA account; is: finds what was deleted here.
	{name: "id", values: ofOrder(func(it *model.Item) []string { return []string{it.Ref.Key} })},
	{name: "status", loose: true, values: ofOrder(func(it *model.Item) []string { return []string{status(it)} })},
	{name: "org", values: ofOrder(func(it *model.Item) []string { return organization(it) })},
	{name: "profile", values: ofOrder(func(it *model.Item) []string { return profile(it) })},
	{name: "requester", values: ofOrder(func(it *model.Item) []string { return requesters(it) })},
	{name: "reference", values: ofOrder(func(it *model.Item) []string { return references(it) })},
	{name: "managed", values: ofOrder(func(it *model.Item) []string { return []string{managed(it)} })},
	{name: fieldIs, loose: true, values: func(r *Row) []string {
		if r.Item.Hidden() {
			return []string{deletedHere}
		}
		return nil
	}},
}

// Names are the subject alternative names of the certificate, else those that
// were ordered or that the policy asks for; none where nothing is known.
func Names(it *model.Item) []string {
	switch {
	case it.Certificate.SANs.Len() > 0:
	case it.Order != nil:
		return it.Order.SANs
	case it.Policy != nil:
		return it.Policy.SANs.All()
	}
	return it.Certificate.SANs.All()
}

// issuers are the signer's name, and the issuer that is asked: of the request,
// else of the policy.
func issuers(r *Row) []string {
	out := []string{r.Item.Certificate.Issuer}
	switch {
	case r.Item.Request != nil:
		out = append(out, cmp.Or(r.Item.Request.Issuer.Name, model.IssuerUnknown))
	case r.Item.Policy != nil:
		out = append(out, cmp.Or(r.Item.Policy.Issuer.Name, model.IssuerUnknown))
	}
	return out
}

// KeyType is that of the certificate that was read, else what the policy asks
// for: "RSA 2048", "EC P-256"; "" where nothing is known.
func KeyType(it *model.Item) string {
	if it.Certificate.KeyType != "" || it.Policy == nil {
		return it.Certificate.KeyType
	}
	k := it.Policy.Key
	words := []string{k.Type}
	if k.Size > 0 {
		words = append(words, itoa(k.Size))
	}
	if k.Curve != "" {
		words = append(words, k.Curve)
	}
	return strings.Join(words, " ")
}

// fieldOf finds a field by name.
func fieldOf(name string) (field, bool) {
	for _, f := range fields {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}

// FieldNames lists the fields that field:value knows.
func FieldNames() []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return names
}
