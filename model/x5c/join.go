package x5c

import (
	"crypto/sha256"
	"slices"
)

// Join puts several bundles together, as when a person pastes leaf and
// intermediates one after another. A certificate that is in more than one of
// them is there once; a note that several have is told once.
func Join(bundles ...*Bundle) *Bundle {
	all := &Bundle{}
	seen := map[[sha256.Size]byte]bool{}
	for _, b := range bundles {
		all.Bytes += b.Bytes
		for _, c := range b.Certificates {
			if id := sha256.Sum256(c.Raw); !seen[id] {
				seen[id] = true
				all.Certificates = append(all.Certificates, c)
			}
		}
		all.Refused = append(all.Refused, b.Refused...)
		for _, note := range b.Notes {
			if !slices.Contains(all.Notes, note) {
				all.Notes = append(all.Notes, note)
			}
		}
	}
	return all
}
