package model

import (
	"slices"
	"strings"
	"unique"
)

// shareWords makes the texts that thousands of orders have in common one in
// memory, as far as one is at hand: each garbage collection forgets them, and
// the next reading finds them again.
func (it *Item) shareWords() {
	o, c := it.Order, &it.Certificate
	for _, word := range [...]*string{
		&o.Status, &o.Organization, &o.Profile, &o.Requester, &o.ExternalRequester, &o.RequestedVia, &o.RevokedFor,
		&c.Issuer, &c.KeyType,
	} {
		*word = unique.Make(*word).Value()
	}
}

// packTexts puts the texts that are this order's alone into one piece of memory,
// each once: of the ten pieces that they come in every one takes more than it
// holds, and leaves a hole when it goes. A list that order and certificate have
// alike is one.
func (it *Item) packTexts() {
	o, c := it.Order, &it.Certificate
	if o.ID == it.Ref.Key {
		o.ID = it.Ref.Key
	}
	names := slices.Clone(o.SANs)
	if slices.Equal(c.SANs.DNS, names) {
		c.SANs.DNS = names
	}
	o.SANs = names
	texts := []*string{&o.CommonName, &o.Comments, &o.BackendID, &c.Serial, &c.Thumbprint, &c.Subject}
	for i := range names {
		texts = append(texts, &names[i])
	}
	var all strings.Builder
	for _, text := range texts {
		if !strings.Contains(all.String(), *text) {
			all.WriteString(*text)
		}
	}
	whole := strings.Clone(all.String()) // without the room that it grew into
	for _, text := range texts {
		at := strings.Index(whole, *text)
		*text = whole[at:][:len(*text)]
	}
}
