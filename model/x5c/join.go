package x5c

import (
	"crypto/sha256"
	"fmt"
	"slices"
)

// Join puts several bundles together, as when a person pastes leaf and
// intermediates one after another. A certificate that is in more than one of
// them is there once, which is noted; a note that several have is told once.
func Join(bundles ...*Bundle) *Bundle {
	all := &Bundle{}
	seen := map[[sha256.Size]byte]bool{}
	again := 0
	for _, b := range bundles {
		all.Bytes += b.Bytes
		for _, c := range b.Certificates {
			id := sha256.Sum256(c.Raw)
			if seen[id] {
				again++
				continue
			}
			seen[id] = true
			all.Certificates = append(all.Certificates, c)
		}
		all.Refused = append(all.Refused, b.Refused...)
		for _, note := range b.Notes {
			if !slices.Contains(all.Notes, note) {
				all.Notes = append(all.Notes, note)
			}
		}
	}
	switch {
	case again == 1:
		all.Notes = append(all.Notes, "1 certificate that was there already")
	case again > 1:
		all.Notes = append(all.Notes, fmt.Sprintf("%d certificates that were there already", again))
	}
	return all
}
