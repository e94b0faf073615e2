package vault

import (
	"maps"
	"slices"
	"strings"

	"certty/model"
)

// maxRepeats bounds how many different values are remembered. Where tags are
// different for every row there is nothing to share.
const maxRepeats = 512

// repeats lets the rows of one list share what is the same in many of them. A
// map of two tags takes 400 bytes, a whole row without it 900, and a vault of
// ten thousand certificates has a few dozen different sets of tags.
type repeats struct {
	texts map[string]string
	tags  map[string]map[string]string
}

// share replaces parts of c by equal ones of rows before it. Nobody changes
// what stands in an item.
func (r *repeats) share(c *model.Certificate) {
	if r.tags == nil {
		r.texts, r.tags = make(map[string]string), make(map[string]map[string]string)
	}
	c.RecoveryLevel = known(r.texts, c.RecoveryLevel, c.RecoveryLevel)
	if len(c.Tags) > 0 {
		c.Tags = known(r.tags, tagsKey(c.Tags), c.Tags)
	}
}

// known is what was remembered under key, or value from now on.
func known[V any](seen map[string]V, key string, value V) V {
	if was, ok := seen[key]; ok {
		return was
	}
	if len(seen) < maxRepeats {
		seen[key] = value
	}
	return value
}

// tagsKey is different for different tags: cleaned text holds no NUL.
func tagsKey(tags map[string]string) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		b.WriteString(name)
		b.WriteByte(0)
		b.WriteString(tags[name])
		b.WriteByte(0)
	}
	return b.String()
}
