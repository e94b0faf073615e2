package forms

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of tags (Azure Key Vault, "About keys, secrets and certificates").
const (
	maxTags    = 15
	maxTagText = 256
)

// parseTags reads "env=prod, owner=web team". A part with a comma in it stands
// in quotes, as in owner="web, mail".
func parseTags(value string) (map[string]string, error) {
	tags := make(map[string]string)
	for _, piece := range split(value) {
		if piece == "" {
			continue
		}
		name, word, ok := strings.Cut(piece, "=")
		name, word = strings.TrimSpace(name), unquote(strings.TrimSpace(word))
		switch {
		case !ok || name == "":
			return nil, fmt.Errorf("%q is no tag; write name=value, with commas between tags", piece)
		case utf8.RuneCountInString(name) > maxTagText || utf8.RuneCountInString(word) > maxTagText:
			return nil, fmt.Errorf("name and value have at most %d characters each", maxTagText)
		}
		if _, twice := tags[name]; twice {
			return nil, fmt.Errorf("the tag %s stands there twice", name)
		}
		tags[name] = word
	}
	if len(tags) > maxTags {
		return nil, errors.New("a certificate has at most 15 tags")
	}
	if len(tags) == 0 {
		return nil, nil
	}
	return tags, nil
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return strings.ReplaceAll(s[1:len(s)-1], `""`, `"`)
	}
	return s
}

// tagWords writes tags by name, for a summary.
func tagWords(tags map[string]string) string {
	words := make([]string, 0, len(tags))
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		word := tags[name]
		if strings.ContainsAny(word, `,;"`) {
			word = `"` + strings.ReplaceAll(word, `"`, `""`) + `"`
		}
		words = append(words, name+"="+word)
	}
	return strings.Join(words, ", ")
}
