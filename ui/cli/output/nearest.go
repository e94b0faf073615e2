package output

import (
	"slices"
	"strings"
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
		far := distance(name, other)
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

// distance is how many bytes have to be put in, taken out or changed to make b
// of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost = 1 + min(corner, row[j], row[j+1])
			}
			corner, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
