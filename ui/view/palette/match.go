package palette

import (
	"cmp"
	"slices"
	"strings"

	"certty/ui/keys"
)

// How well a word fits an action, the best first.
const (
	fitsStart = iota // the label begins with it
	fitsWord         // a word of the label does
	fitsLabel        // it stands in the label
	fitsLong         // it stands in what the action does
	fitsLoose        // its letters stand in the label in this order
	fitsNot
)

// rank lists the actions that every typed word fits, the best first; of equal ones
// those that can be done now, in their order. Without words it lists all.
func rank(actions []keys.Action, typed string) []keys.Action {
	type ranked struct {
		action keys.Action
		fit    int
	}
	words := strings.Fields(strings.ToLower(typed))
	var found []ranked
next:
	for _, a := range actions {
		sum := 0
		for _, w := range words {
			fit := fits(a, w)
			if fit == fitsNot {
				continue next
			}
			sum += fit
		}
		found = append(found, ranked{a, sum})
	}
	slices.SortStableFunc(found, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.fit, b.fit), cmp.Compare(off(a.action), off(b.action)))
	})
	out := make([]keys.Action, len(found))
	for i, r := range found {
		out[i] = r.action
	}
	return out
}

// off is 1 for what can't be done now.
func off(a keys.Action) int {
	if a.Disabled != "" {
		return 1
	}
	return 0
}

func fits(a keys.Action, word string) int {
	label := strings.ToLower(a.Help + " " + a.ID)
	switch {
	case strings.HasPrefix(label, word), strings.HasPrefix(a.ID, word):
		return fitsStart
	case strings.Contains(label, " "+word), strings.Contains(label, "-"+word):
		return fitsWord
	case strings.Contains(label, word):
		return fitsLabel
	case strings.Contains(strings.ToLower(a.Long), word), strings.Contains(strings.ToLower(a.Tag), word):
		return fitsLong
	case inOrder(label, word):
		return fitsLoose
	}
	return fitsNot
}

// inOrder reports whether the letters of word stand in s one after another,
// with others between them.
func inOrder(s, word string) bool {
	for _, r := range word {
		i := strings.IndexRune(s, r)
		if i < 0 {
			return false
		}
		s = s[i+len(string(r)):]
	}
	return true
}
