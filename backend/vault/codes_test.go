package vault

import (
	"slices"
	"strings"
	"testing"

	"certty/backend"
)

// TestCodesAreExplained: each entry says what a person needs, once.
func TestCodesAreExplained(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Codes() {
		name := c.Code + " at " + strings.Join(c.At, ", ")
		if c.Means == "" || c.Cause == "" || c.Next == "" {
			t.Errorf("%s is not explained: %+v", name, c)
		}
		if seen[name] {
			t.Errorf("%s is explained twice", name)
		}
		seen[name] = true
	}
}

// TestRulesAreInTheCatalogue: what a rule brings can be looked up.
func TestRulesAreInTheCatalogue(t *testing.T) {
	all := Codes()
	for _, r := range rules {
		if r.name == "" {
			t.Errorf("rule %+v has no name to be looked up by", r)
			continue
		}
		advice := backend.AdviceFor(&backend.Error{Kind: r.kind, State: r.state, Advice: r.advice})
		if !slices.ContainsFunc(all, func(c backend.Code) bool {
			return c.Code == r.name && c.Kind == r.kind && c.Advice == advice && (len(c.At) == 0 || r.op == "" || slices.Contains(c.At, r.op))
		}) {
			t.Errorf("%s at %q is not in the catalogue as the rule has it", r.name, r.op)
		}
		if r.code != "" && !strings.HasPrefix(strings.ToLower(r.name), r.code) {
			t.Errorf("the rule of %s is called %s", r.code, r.name)
		}
	}
	for _, code := range []string{
		"Unauthorized", "Forbidden", "BadParameter", "Conflict", "Throttled", "CertificateNotFound", "PendingCertificateNotFound",
		"CertificateIssuerNotFound", "ContactsNotFound", "ObjectIsBeingRecovered", "Certificate issuer error", "Request rejected",
	} {
		if !slices.ContainsFunc(all, func(c backend.Code) bool { return c.Code == code }) {
			t.Errorf("%s is not explained", code)
		}
	}
}

// TestSignInAdvice finds the authority's code wherever a message has it.
func TestSignInAdvice(t *testing.T) {
	for _, c := range signInCodes() {
		got := signInAdvice("the authority answered 400: invalid_grant " + c.Code + ": something")
		if got == nil || *got != c.Advice {
			t.Errorf("%s brings %+v", c.Code, got)
		}
	}
	for _, message := range []string{"", "AADSTS", "AADSTS99999999999999999999", "AADSTS12345: news"} {
		if got := signInAdvice(message); got != nil {
			t.Errorf("%q brings %+v", message, got)
		}
	}
}
