package output

import (
	"slices"
	"strings"

	"certty/ui/cli/spelling"
)

// nearest are up to three of all that a person may have meant by name: those
// that contain it or are contained in it, and those that are a slip away.
func nearest(name string, all []string) []string {
	const most, longest = 3, 64
	name = strings.ReplaceAll(strings.ToLower(name), "-", "_")
	if name == "" || len(name) > longest {
		return nil
	}
	type candidate struct {
		name string
		far  int
	}
	var found []candidate
	for _, other := range all {
		far := spelling.Distance(name, other)
		switch {
		case far <= 1+len(name)/4:
		case len(name) > 2 && (strings.Contains(other, name) || strings.Contains(name, other)):
		default:
			continue
		}
		found = append(found, candidate{other, far})
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.far - b.far })
	var out []string
	for _, c := range found[:min(most, len(found))] {
		out = append(out, c.name)
	}
	return out
}
