package explain

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"certty/backend"
	"certty/ui/cli/spelling"
)

// services are the words before a code that keep to one service.
var services = map[string]backend.Service{
	"vault": backend.ServiceVault, "keyvault": backend.ServiceVault, "entra": backend.ServiceEntra,
	"scm": backend.ServiceSCM, "sectigo": backend.ServiceSCM, "http": backend.ServiceHTTP, "certty": backend.ServiceCertty,
}

// word is what a code may be within a message.
var word = regexp.MustCompile(`-?\d+|[A-Za-z][A-Za-z0-9]*`)

// find gives what a query names: a code, or the codes that stand in a message.
func find(all []backend.Code, query string) []backend.Code {
	if found := named(all, query); len(found) > 0 {
		return found
	}
	return within(all, query)
}

// named gives the entries of the one code that a query is.
func named(all []backend.Code, query string) []backend.Code {
	query = strings.TrimSpace(query)
	if first, rest, ok := strings.Cut(query, " "); ok {
		if of, ok := services[strings.ToLower(strings.TrimSuffix(first, ":"))]; ok {
			all = slices.DeleteFunc(slices.Clone(all), func(c backend.Code) bool { return c.Service != of })
			query = rest
		}
	}
	if first, rest, ok := strings.Cut(query, " "); ok && slices.Contains([]string{"code", "error", "status"}, strings.ToLower(strings.TrimSuffix(first, ":"))) {
		query = rest
	}
	k := key(query)
	if k == "" {
		return nil
	}
	if found := where(all, func(c backend.Code) bool { return key(c.Code) == k }); len(found) > 0 {
		return found
	}
	return where(all, func(c backend.Code) bool { return bare(c) == k })
}

// within gives the entries of the codes that stand in a message. A status is
// left out where a code says more, and certty's own words are: they are words of
// every sentence.
func within(all []backend.Code, message string) []backend.Code {
	places := word.FindAllStringIndex(message, -1)
	if len(places) < 2 {
		return nil
	}
	keys := map[string]bool{}
	for _, at := range places {
		// The minus of a date or an id is no sign.
		if at[0] > 0 && isWord(message[at[0]-1]) {
			continue
		}
		keys[key(message[at[0]:at[1]])] = true
	}
	flat := key(message)
	found := where(all, func(c backend.Code) bool {
		k := key(c.Code)
		switch {
		case c.Service == backend.ServiceCertty:
			return false
		case strings.Contains(c.Code, " "):
			return strings.Contains(flat, k)
		}
		return keys[k]
	})
	if told := where(found, func(c backend.Code) bool { return c.Service != backend.ServiceHTTP }); len(told) > 0 {
		found = told
	}
	// Forbidden and its like say nothing beside an inner code.
	if told := where(found, func(c backend.Code) bool { return !slices.Contains(outer, c.Code) }); len(told) > 0 {
		found = told
	}
	return found
}

func isWord(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// outer are the codes of Key Vault that say no more than a status.
var outer = []string{"Unauthorized", "Forbidden", "BadParameter", "Conflict"}

func where(all []backend.Code, fits func(backend.Code) bool) []backend.Code {
	var out []backend.Code
	for _, c := range all {
		if fits(c) {
			out = append(out, c)
		}
	}
	return out
}

// key is a code without what people spell differently: case, blanks, hyphens and
// underscores between letters. A number keeps its sign.
func key(code string) string {
	code = strings.TrimSpace(code)
	if number.MatchString(code) {
		return code
	}
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, code)
}

// bare is the key of a code without what is before its number.
func bare(c backend.Code) string {
	k := strings.TrimPrefix(key(c.Code), "-")
	switch c.Service {
	case backend.ServiceEntra:
		return strings.TrimPrefix(k, "aadsts")
	case backend.ServiceHTTP:
		return "http" + k
	case backend.ServiceVault, backend.ServiceSCM, backend.ServiceCertty:
	}
	return k
}

// nearest are up to five codes that a person may have meant: spelled almost so,
// or told of in these words.
func nearest(all []backend.Code, query string) []string {
	const most, longest = 5, 64
	k := strings.TrimPrefix(key(query), "-")
	if k == "" || len(k) > longest {
		return nil
	}
	type candidate struct {
		code string
		far  int
	}
	var found []candidate
	for _, c := range all {
		plain := strings.TrimPrefix(key(c.Code), "-")
		far := spelling.Distance(k, plain)
		told := len(k) > 3 && (strings.Contains(plain, k) || strings.Contains(strings.ToLower(c.Means), strings.ToLower(strings.TrimSpace(query))))
		if far > max(1, len(k)/4) && !told {
			continue
		}
		if !slices.ContainsFunc(found, func(f candidate) bool { return f.code == c.Code }) {
			found = append(found, candidate{c.Code, far})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.far, b.far) })
	var out []string
	for _, f := range found[:min(most, len(found))] {
		out = append(out, f.code)
	}
	return out
}

// words are the codes as a shell completes them.
func words(all []backend.Code) []string {
	var out []string
	for _, c := range all {
		if !strings.Contains(c.Code, " ") && !slices.Contains(out, c.Code+"\t"+c.Means) {
			out = append(out, c.Code+"\t"+c.Means)
		}
	}
	return out
}
