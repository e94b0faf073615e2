package x5c

import "certty/model"

// Kinship says how a certificate belongs to a row.
type Kinship uint8

// The kinds of kinship.
const (
	// Stranger: no row is known that it belongs to.
	Stranger Kinship = iota
	// Live: it is the certificate that the row has already.
	Live
	// Asked: the row's request has its key.
	Asked
	// SameKey: the row's certificate has its key; a reissue, as a rule.
	SameKey
)

// Owner is what a certificate belongs to, besides the request that it is to be
// merged into.
type Owner struct {
	Kinship Kinship
	// Item is the row; nil for a stranger.
	Item *model.Item
}

// FindOwner says what a leaf belongs to. own is the row with the request that it
// is to be merged into, nil where that is not known any more, and others are all
// the rest. That it is live already is worth saying in any case; whose request or
// key it has only where none of b's certificates matches the request. A
// thumbprint is known of every row, since lists tell it; keys only of rows whose
// request or certificate was read.
func FindOwner(b *Bundle, leaf Link, matches bool, own *model.Item, others []*model.Item) Owner {
	var known []*model.Item
	if own != nil {
		known = append(known, own)
	}
	known = append(known, others...)
	for _, it := range known {
		if it.Certificate.Issued && it.Certificate.Thumbprint == leaf.Thumbprint {
			return Owner{Live, it}
		}
	}
	if matches {
		return Owner{}
	}
	id, err := PublicKeyID(leaf.DER)
	for _, it := range others {
		if r := it.Request; r != nil && (len(r.CSR) > 0 && b.KeyMatches(r.CSR) || r.KeyID != "" && r.KeyID == id) {
			return Owner{Asked, it}
		}
	}
	if err != nil {
		return Owner{}
	}
	for _, it := range known {
		der := it.Certificate.DER
		if len(der) == 0 {
			continue
		}
		if other, err := PublicKeyID(der); err == nil && other == id {
			return Owner{SameKey, it}
		}
	}
	return Owner{}
}
