package x5c_test

import (
	"bytes"
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"certty/model/x5c"
)

// roles writes the links of a verdict as text.
func roles(links []x5c.Link) string {
	var list []string
	for _, l := range links {
		s := string(l.Role) + " " + l.Name
		if l.Sent {
			s += " sent"
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

// find returns the check of an id; it must be the only one.
func find(t *testing.T, v *x5c.Verdict, id x5c.CheckID) x5c.Check {
	t.Helper()
	var found []x5c.Check
	for _, c := range v.Checks {
		if c.ID == id {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d checks %q in %+v", len(found), id, v.Checks)
	}
	return found[0]
}

func expect(t *testing.T, v *x5c.Verdict, id x5c.CheckID, level x5c.Level, says string) {
	t.Helper()
	if c := find(t, v, id); c.Level != level || !strings.Contains(c.Text, says) {
		t.Errorf("check %q = %v %q, want %v and %q", id, c.Level, c.Text, level, says)
	}
	if wantOK := v.Worst() < x5c.Fail; v.OK != wantOK || (v.Chain != nil) != wantOK {
		t.Errorf("OK %v and a chain of %d with checks %+v", v.OK, len(v.Chain), v.Checks)
	}
}

func TestJudgeGood(t *testing.T) {
	p := newPKI(t)
	v := x5c.Judge(bundle(p.leaf, p.lower, p.upper, p.root), p.want(), plain)
	if !v.OK || v.Worst() != x5c.OK {
		t.Errorf("checks %+v, want all fine", v.Checks)
	}
	if got := roles(v.Links); got != "leaf shop.example.com sent, intermediate Lower sent, intermediate Upper sent, root Root" {
		t.Errorf("links: %s", got)
	}
	expect(t, v, x5c.CheckKey, x5c.OK, "key matches")
	expect(t, v, x5c.CheckOrder, x5c.OK, "order is right")
	expect(t, v, x5c.CheckSignature, x5c.OK, "each signature verified")
	expect(t, v, x5c.CheckRoot, x5c.OK, "not sent")
	expect(t, v, x5c.CheckDates, x5c.OK, "2027-02-19")
	expect(t, v, x5c.CheckLifetime, x5c.OK, "lifetime 101 days, the rule allows 200")
	expect(t, v, x5c.CheckNames, x5c.OK, "all 2 SANs")
	want := [][]byte{p.leaf.cert.Raw, p.lower.cert.Raw, p.upper.cert.Raw}
	if !slices.EqualFunc(v.Chain, want, bytes.Equal) {
		t.Errorf("the chain is not leaf, lower, upper")
	}
	link := v.Links[0]
	if link.KeyType != "EC P-256" || link.Subject != "CN=shop.example.com" || link.Issuer != "CN=Lower" || len(link.Thumbprint) != 40 || !link.NotAfter.Equal(p.leaf.cert.NotAfter) {
		t.Errorf("link %+v", link)
	}
	if v.Links[3].KeyType != "RSA 2048" {
		t.Errorf("root's key is %s", v.Links[3].KeyType)
	}
}

func TestJudgeEveryOrder(t *testing.T) {
	p := newPKI(t)
	all := []*entity{p.leaf, p.lower, p.upper, p.root}
	want := [][]byte{p.leaf.cert.Raw, p.lower.cert.Raw, p.upper.cert.Raw}
	permute(all, func(order []*entity) {
		v := x5c.Judge(bundle(order...), p.want(), plain)
		if !v.OK || !slices.EqualFunc(v.Chain, want, bytes.Equal) {
			t.Errorf("%s: links %s", names(bundle(order...).Certificates), roles(v.Links))
		}
		mended := find(t, v, x5c.CheckOrder).Text != "order is right: leaf first"
		if right := slices.Equal(order, []*entity{p.leaf, p.lower, p.upper, p.root}); mended == right {
			t.Errorf("%s: %s", names(bundle(order...).Certificates), find(t, v, x5c.CheckOrder).Text)
		}
	})
	v := x5c.Judge(bundle(p.root, p.upper, p.lower, p.leaf), p.want(), plain)
	expect(t, v, x5c.CheckOrder, x5c.OK, "came root first")
}

// permute calls f with every order of list.
func permute(list []*entity, f func([]*entity)) {
	var walk func(done, left []*entity)
	walk = func(done, left []*entity) {
		if len(left) == 0 {
			f(done)
		}
		for i := range left {
			walk(append(slices.Clone(done), left[i]), slices.Delete(slices.Clone(left), i, i+1))
		}
	}
	walk(nil, list)
}

func TestJudgeRootAndStrategy(t *testing.T) {
	p := newPKI(t)
	want := p.want()
	want.IncludeRoot, want.Strategy = true, x5c.RootFirst
	v := x5c.Judge(bundle(p.leaf, p.lower, p.upper, p.root), want, plain)
	chain := [][]byte{p.root.cert.Raw, p.upper.cert.Raw, p.lower.cert.Raw, p.leaf.cert.Raw}
	if !slices.EqualFunc(v.Chain, chain, bytes.Equal) || !v.Links[3].Sent {
		t.Errorf("links %s", roles(v.Links))
	}
	expect(t, v, x5c.CheckRoot, x5c.OK, "sent, as asked")
}

func TestJudgeKey(t *testing.T) {
	p := newPKI(t)
	other := issue(t, "other.example.com", ecKey(t), p.lower, server("other.example.com"))

	v := x5c.Judge(bundle(p.lower, other), p.want(), plain)
	expect(t, v, x5c.CheckKey, x5c.Fail, "another request")
	if roles(v.Links) != "leaf other.example.com, intermediate Lower" {
		t.Errorf("links %s: what was pasted must be shown", roles(v.Links))
	}

	v = x5c.Judge(bundle(p.lower, p.upper), p.want(), plain)
	expect(t, v, x5c.CheckKey, x5c.Fail, "only CA certificates")
	if !strings.HasPrefix(roles(v.Links), "intermediate Lower") {
		t.Errorf("links %s, want the lowest CA first", roles(v.Links))
	}

	v = x5c.Judge(nil, p.want(), plain)
	expect(t, v, x5c.CheckKey, x5c.Fail, "no certificate")

	want := p.want()
	want.CSR = []byte("nonsense")
	v = x5c.Judge(bundle(p.leaf), want, plain)
	expect(t, v, x5c.CheckKey, x5c.Fail, "can't be read")

	newer := issue(t, "newer", p.leaf.key, p.lower, func(c *x509.Certificate) {
		server("shop.example.com", "www.example.com")(c)
		c.NotBefore = now.AddDate(0, 0, -1)
	})
	v = x5c.Judge(bundle(p.leaf, newer, p.lower), p.want(), plain)
	expect(t, v, x5c.CheckKey, x5c.OK, "of 2 certificates with it the newest, valid from 2026-11-20")
	if v.Links[0].Name != "newer" || roles(v.Unused) != "leaf shop.example.com" {
		t.Errorf("links %s, unused %s", roles(v.Links), roles(v.Unused))
	}
}

// TestJudgeKeyWrittenOtherwise: a CA may write the key's algorithm without its
// NULL, so that the bytes differ.
func TestJudgeKeyWrittenOtherwise(t *testing.T) {
	csr := request(t, rsaKey())
	leaf := issue(t, "leaf", rsaKey(), nil, nil)
	c := *leaf.cert
	c.RawSubjectPublicKeyInfo = []byte("the same key in other bytes")
	b := &x5c.Bundle{Certificates: []*x509.Certificate{&c}}
	if !b.KeyMatches(csr) {
		t.Error("the key does not match when it is written in other bytes")
	}
	if b.KeyMatches(request(t, ecKey(t))) || b.KeyMatches(nil) {
		t.Error("another key matches")
	}
}
