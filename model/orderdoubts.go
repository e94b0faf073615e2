package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// longestPublic is the most days that a public CA signed for since September 2020
// (CA/Browser Forum, TLS Baseline Requirements, 6.3.2); a profile that has more is
// an old one, or a private CA's.
const longestPublic = 398

// OfPublicCA reports whether a profile's certificates are a public CA's for certain.
// The account does not tell whose they are: SCM sells private CAs beside public
// ones, under the same calls. What tells is the level of validation in the profile's
// words, DV, OV or EV, which only public CAs have (CA/Browser Forum, TLS Baseline
// Requirements, 7.1.6.1), where nothing in them and no term speaks of a private one.
func (p *Profile) OfPublicCA() bool {
	words := strings.FieldsFunc(strings.ToLower(p.Name+" "+p.Description), func(r rune) bool { return !unicode.IsLetter(r) })
	says := func(some ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(some, w) })
	}
	return says("dv", "ov", "ev") && !says("private", "internal") && !slices.ContainsFunc(p.Terms, func(days int) bool { return days > longestPublic })
}

// Doubts says what of an order a public CA refuses and a private one may take,
// where the account does not tell whose the profile is; "" where nothing is in
// doubt. With a profile that is a public CA's for certain it is one of Problems.
func (s *OrderSpec) Doubts(a *Account) string {
	p := a.Profile(s.ProfileID)
	if p == nil || p.OfPublicCA() {
		return ""
	}
	var names []string
	for _, name := range append([]string{s.CommonName}, s.SANs...) {
		if strings.Contains(name, "_") && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("%s has an underscore: a public CA refuses it, a private one may sign it, and the account does not tell whose %s is", names[0], p.Name)
	default:
		return fmt.Sprintf("%s have underscores: a public CA refuses them, a private one may sign them, and the account does not tell whose %s is", strings.Join(names, ", "), p.Name)
	}
}
