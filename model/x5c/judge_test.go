package x5c_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"

	"certty/model"
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
	expect(t, v, x5c.CheckKey, x5c.Fail, "another request")
	if !strings.HasPrefix(roles(v.Links), "leaf Lower") {
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

func TestJudgeSignature(t *testing.T) {
	p := newPKI(t)
	// Same name and key identifier as Lower, another key.
	fake := issue(t, "Lower", ecKey(t), p.upper, func(c *x509.Certificate) {
		ca(c)
		c.SubjectKeyId = p.lower.cert.SubjectKeyId
	})
	v := x5c.Judge(bundle(p.leaf, fake, p.upper, p.root), p.want(), plain)
	expect(t, v, x5c.CheckSignature, x5c.Fail, "signature of shop.example.com is broken")

	// With the right one beside it the fake one is left out.
	v = x5c.Judge(bundle(p.leaf, fake, p.lower, p.upper, p.root), p.want(), plain)
	expect(t, v, x5c.CheckSignature, x5c.OK, "verified")
	if len(v.Links) != 4 || len(v.Unused) != 1 {
		t.Errorf("links %s, unused %s", roles(v.Links), roles(v.Unused))
	}

	// Another key by its identifier, too: that is the old intermediate, and the
	// right one is missing.
	old := issue(t, "Lower", ecKey(t), p.upper, ca)
	v = x5c.Judge(bundle(p.leaf, old), p.want(), plain)
	expect(t, v, x5c.CheckGap, x5c.Warn, "missing")
}

func TestJudgeGap(t *testing.T) {
	p := newPKI(t)
	v := x5c.Judge(bundle(p.leaf), p.want(), plain)
	expect(t, v, x5c.CheckGap, x5c.Warn, "missing: the certificate that signed shop.example.com; its issuer is CN=Lower")
	if roles(v.Links) != "leaf shop.example.com sent" {
		t.Errorf("a leaf alone must be sent: %s", roles(v.Links))
	}

	v = x5c.Judge(bundle(p.leaf, p.lower, p.root), p.want(), plain)
	expect(t, v, x5c.CheckGap, x5c.Warn, "signed Lower; its issuer is CN=Upper")
	if roles(v.Unused) != "root Root" {
		t.Errorf("unused %s", roles(v.Unused))
	}

	v = x5c.Judge(bundle(p.leaf, p.lower, p.upper), p.want(), plain)
	expect(t, v, x5c.CheckGap, x5c.OK, "its issuer CN=Root is not here")

	aia := issue(t, "shop.example.com", p.leaf.key, p.lower, func(c *x509.Certificate) {
		server("shop.example.com", "www.example.com")(c)
		c.IssuingCertificateURL = []string{"http://ca.example.com/lower.crt"}
	})
	v = x5c.Judge(bundle(aia), p.want(), plain)
	expect(t, v, x5c.CheckGap, x5c.Warn, "to be had from http://ca.example.com/lower.crt")

	self := issue(t, "self", p.leaf.key, nil, server("shop.example.com", "www.example.com"))
	v = x5c.Judge(bundle(self), p.want(), plain)
	expect(t, v, x5c.CheckGap, x5c.Warn, "self-signed")
	if roles(v.Links) != "leaf self sent" {
		t.Errorf("links %s", roles(v.Links))
	}
}

// TestJudgeCrossSigned has two certificates of one CA: one signed by the root
// that is there, one by another.
func TestJudgeCrossSigned(t *testing.T) {
	p := newPKI(t)
	strange := issue(t, "Strange Root", ecKey(t), nil, ca)
	cross := issue(t, "Upper", p.upper.key, strange, func(c *x509.Certificate) {
		ca(c)
		c.NotBefore = now.AddDate(-1, 0, 0) // newer than the other, so it is tried first
	})
	expired := issue(t, "Upper", p.upper.key, p.root, func(c *x509.Certificate) {
		ca(c)
		c.NotAfter = now.AddDate(0, 0, -1)
	})
	tests := []struct {
		name  string
		certs []*entity
		want  string
	}{
		{"the way to a root wins", []*entity{p.leaf, p.lower, cross, p.upper, p.root}, "leaf shop.example.com sent, intermediate Lower sent, intermediate Upper sent, root Root"},
		{"the only way is taken", []*entity{p.leaf, p.lower, cross}, "leaf shop.example.com sent, intermediate Lower sent, intermediate Upper sent"},
		{"valid wins over a root", []*entity{p.leaf, p.lower, expired, p.root, cross}, "leaf shop.example.com sent, intermediate Lower sent, intermediate Upper sent"},
	}
	for _, tt := range tests {
		permute(tt.certs, func(order []*entity) {
			v := x5c.Judge(bundle(order...), p.want(), plain)
			if got := roles(v.Links); got != tt.want || !v.OK {
				t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
			}
		})
	}
}

// TestJudgeLoop has CAs that signed each other, more of them than there is time
// to try every way.
func TestJudgeLoop(t *testing.T) {
	key := ecKey(t)
	a := issue(t, "A", ecKey(t), nil, ca)
	b := issue(t, "B", ecKey(t), nil, ca)
	loop := []*entity{issue(t, "leaf", key, a, server("a"))}
	for range 20 {
		loop = append(loop, issue(t, "A", a.key, b, ca), issue(t, "B", b.key, a, ca))
	}
	v := x5c.Judge(bundle(loop...), x5c.Want{CSR: request(t, key, "a"), Now: now}, plain)
	if !v.OK || len(v.Links) != 3 {
		t.Errorf("links %s", roles(v.Links))
	}

	// Each CA signed every other one: more than 10^16 ways.
	var cas []*entity
	for i := range 9 {
		cas = append(cas, issue(t, string(rune('a'+i)), ecKey(t), nil, ca))
	}
	mesh := []*entity{issue(t, "leaf", key, cas[0], server("a"))}
	for _, c := range cas {
		for _, by := range cas {
			if c != by {
				mesh = append(mesh, issue(t, c.cert.Subject.CommonName, c.key, by, ca))
			}
		}
	}
	if v = x5c.Judge(bundle(mesh...), x5c.Want{CSR: request(t, key, "a"), Now: now}, plain); !v.OK {
		t.Errorf("checks %+v", v.Checks)
	}
}

func TestJudgeDates(t *testing.T) {
	p := newPKI(t)
	want := p.want()
	want.Now = p.leaf.cert.NotAfter.Add(1)
	v := x5c.Judge(bundle(p.leaf, p.lower), want, plain)
	expect(t, v, x5c.CheckDates, x5c.Fail, "shop.example.com expired on 2027-02-19")

	want.Now = p.leaf.cert.NotAfter
	v = x5c.Judge(bundle(p.leaf, p.lower), want, plain)
	expect(t, v, x5c.CheckDates, x5c.OK, "all valid")

	want.Now = p.leaf.cert.NotBefore.Add(-1)
	v = x5c.Judge(bundle(p.leaf, p.lower), want, plain)
	expect(t, v, x5c.CheckDates, x5c.Warn, "valid only from 2026-11-11")

	oldCA := issue(t, "Old", ecKey(t), p.root, func(c *x509.Certificate) { ca(c); c.NotAfter = now.AddDate(0, 0, -1) })
	leaf := issue(t, "shop.example.com", p.leaf.key, oldCA, server("shop.example.com", "www.example.com"))
	v = x5c.Judge(bundle(leaf, oldCA, p.root), p.want(), plain)
	expect(t, v, x5c.CheckDates, x5c.Fail, "Old expired on 2026-11-20")

	oldRoot := issue(t, "Old Root", ecKey(t), nil, func(c *x509.Certificate) { ca(c); c.NotAfter = now.AddDate(0, 0, -1) })
	leaf = issue(t, "shop.example.com", p.leaf.key, oldRoot, server("shop.example.com", "www.example.com"))
	v = x5c.Judge(bundle(leaf, oldRoot), p.want(), plain)
	expect(t, v, x5c.CheckDates, x5c.Warn, "the root Old Root expired")

	short := issue(t, "Short", ecKey(t), p.root, func(c *x509.Certificate) { ca(c); c.NotAfter = now.AddDate(0, 0, 1) })
	leaf = issue(t, "shop.example.com", p.leaf.key, short, server("shop.example.com", "www.example.com"))
	v = x5c.Judge(bundle(leaf, short), p.want(), plain)
	expect(t, v, x5c.CheckDates, x5c.Warn, "before the certificate it signed")
}

func TestJudgeLifetime(t *testing.T) {
	p := newPKI(t)
	life := func(days int, change func(*x509.Certificate)) x5c.Check {
		t.Helper()
		leaf := issue(t, "shop.example.com", p.leaf.key, p.lower, func(c *x509.Certificate) {
			server("shop.example.com", "www.example.com")(c)
			c.NotBefore = now.AddDate(0, 0, -1)
			c.NotAfter = c.NotBefore.AddDate(0, 0, days).Add(-1e9)
			if change != nil {
				change(c)
			}
		})
		return find(t, x5c.Judge(bundle(leaf, p.lower), p.want(), plain), x5c.CheckLifetime)
	}
	if c := life(200, nil); c.Level != x5c.OK || c.Text != "lifetime 200 days, the rule allows 200" {
		t.Errorf("200 days: %+v", c)
	}
	if c := life(201, nil); c.Level != x5c.Warn || !strings.Contains(c.Text, "201 days, public CAs may give 200") {
		t.Errorf("201 days: %+v", c)
	}
	if c := life(900, func(c *x509.Certificate) { c.ExtKeyUsage = nil }); c.Level != x5c.OK || c.Text != "lifetime 900 days" {
		t.Errorf("not a server's: %+v", c)
	}
	if c := life(-3, nil); c.Level != x5c.Fail {
		t.Errorf("backwards: %+v", c)
	}
}

func TestJudgeNames(t *testing.T) {
	p := newPKI(t)
	judge := func(want x5c.Want, names ...string) x5c.Check {
		t.Helper()
		leaf := issue(t, "shop.example.com", p.leaf.key, p.lower, server(names...))
		return find(t, x5c.Judge(bundle(leaf, p.lower), want, plain), x5c.CheckNames)
	}
	want := p.want()
	for _, tt := range []struct {
		names string
		level x5c.Level
		says  string
	}{
		{"shop.example.com www.example.com", x5c.OK, "all 2"},
		{"SHOP.example.com *.EXAMPLE.com", x5c.OK, "all 2"},
		{"*.example.com", x5c.OK, "all 2"},
		{"shop.example.com", x5c.Warn, "not in the certificate: www.example.com"},
		{"*.com shop.example.com", x5c.Warn, "www.example.com"},
		{"*.www.example.com shop.example.com", x5c.Warn, "www.example.com"},
		{"", x5c.Warn, "shop.example.com, www.example.com"},
	} {
		if c := judge(want, strings.Fields(tt.names)...); c.Level != tt.level || !strings.Contains(c.Text, tt.says) {
			t.Errorf("%q: %+v, want %v and %q", tt.names, c, tt.level, tt.says)
		}
	}

	want.CSR = request(t, p.leaf.key)
	want.SANs = model.SANs{DNS: []string{"*.example.com"}, Emails: []string{"A@Example.com"}, UPNs: []string{"me@corp"}, URIs: []string{"spiffe://x/y"}, IPs: []string{"::ffff:10.0.0.1"}}
	leaf := issue(t, "all", p.leaf.key, p.lower, func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, everyKind(t))
	})
	v := x5c.Judge(bundle(leaf, p.lower), want, plain)
	expect(t, v, x5c.CheckNames, x5c.OK, "all 5 SANs")
	want.SANs.UPNs = []string{"you@corp"}
	v = x5c.Judge(bundle(leaf, p.lower), want, plain)
	expect(t, v, x5c.CheckNames, x5c.Warn, "you@corp")

	want.SANs = model.SANs{}
	if c := judge(want); c.Level != x5c.Warn || !strings.Contains(c.Text, "no alternative name") {
		t.Errorf("no names at all: %+v", c)
	}
	want.SANs = model.SANs{DNS: []string{"a", "b", "c", "d", "e", "f", "g"}}
	if c := judge(want); !strings.HasSuffix(c.Text, "a, b, c, d, e and 2 more") {
		t.Errorf("many names: %+v", c)
	}
}

func TestNames(t *testing.T) {
	leaf := issue(t, "all", ecKey(t), nil, func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, everyKind(t))
	})
	got := x5c.NamesOf(leaf.cert)
	want := model.SANs{DNS: []string{"*.example.com"}, Emails: []string{"a@example.com"}, UPNs: []string{"me@corp"}, URIs: []string{"spiffe://x/y"}, IPs: []string{"10.0.0.1"}}
	if !slices.Equal(got.All(), want.All()) || len(got.UPNs) != 1 {
		t.Errorf("NamesOf = %+v, want %+v", got, want)
	}
	csr, err := x5c.ParseCSR(request(t, ecKey(t), "a.example.com"))
	if err != nil {
		t.Fatal(err)
	}
	if asked := x5c.NamesAsked(csr); !slices.Equal(asked.All(), []string{"a.example.com"}) {
		t.Errorf("NamesAsked = %+v", asked)
	}
}

func TestJudgeEKU(t *testing.T) {
	p := newPKI(t)
	want := p.want()
	want.EKUs = []string{"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.2.3.4"}
	judge := func(usages ...x509.ExtKeyUsage) *x5c.Verdict {
		leaf := issue(t, "shop.example.com", p.leaf.key, p.lower, func(c *x509.Certificate) {
			server("shop.example.com", "www.example.com")(c)
			c.ExtKeyUsage = usages
			if len(usages) > 1 {
				c.UnknownExtKeyUsage = []asn1.ObjectIdentifier{{1, 2, 3, 4}}
			}
		})
		return x5c.Judge(bundle(leaf, p.lower), want, plain)
	}
	expect(t, judge(x509.ExtKeyUsageServerAuth), x5c.CheckEKU, x5c.Warn, "EKU has no clientAuth, 1.2.3.4")
	expect(t, judge(x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth), x5c.CheckEKU, x5c.OK, "as the policy asks")
	expect(t, judge(), x5c.CheckEKU, x5c.OK, "not limited")
	expect(t, judge(x509.ExtKeyUsageAny), x5c.CheckEKU, x5c.OK, "not limited")
}

func TestJudgeCA(t *testing.T) {
	p := newPKI(t)
	with := func(issuer *entity, change func(*x509.Certificate)) *x5c.Verdict {
		leaf := issue(t, "shop.example.com", p.leaf.key, issuer, func(c *x509.Certificate) {
			server("shop.example.com", "www.example.com")(c)
			if change != nil {
				change(c)
			}
		})
		return x5c.Judge(bundle(leaf, issuer, p.upper, p.root), p.want(), plain)
	}
	noCA := issue(t, "No CA", ecKey(t), p.upper, nil)
	expect(t, with(noCA, nil), x5c.CheckCA, x5c.Fail, "No CA is not a CA's certificate")
	noSign := issue(t, "No Sign", ecKey(t), p.upper, func(c *x509.Certificate) { ca(c); c.KeyUsage = x509.KeyUsageCRLSign })
	expect(t, with(noSign, nil), x5c.CheckCA, x5c.Fail, "may not sign")
	expect(t, with(p.lower, func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true }), x5c.CheckCA, x5c.Warn, "itself a CA's")

	narrow := issue(t, "Narrow", ecKey(t), p.root, func(c *x509.Certificate) { ca(c); c.MaxPathLenZero = true })
	below := issue(t, "Below", ecKey(t), narrow, ca)
	leaf := issue(t, "shop.example.com", p.leaf.key, below, server("shop.example.com", "www.example.com"))
	v := x5c.Judge(bundle(leaf, below, narrow, p.root), p.want(), plain)
	expect(t, v, x5c.CheckPathLen, x5c.Fail, "Narrow allows 0 CAs below it, there are 1")
}

func TestJudgeWeak(t *testing.T) {
	p := newPKI(t)
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	weak := issue(t, "Weak", small, p.root, ca)
	leaf := issue(t, "shop.example.com", p.leaf.key, weak, server("shop.example.com", "www.example.com"))
	v := x5c.Judge(bundle(leaf, weak, p.root), p.want(), plain)
	expect(t, v, x5c.CheckWeak, x5c.Warn, "Weak has a key of 1024 bits")

	for algorithm, level := range map[x509.SignatureAlgorithm]x5c.Level{x509.ECDSAWithSHA1: x5c.Warn, x509.MD5WithRSA: x5c.Fail} {
		c := *p.leaf.cert
		c.SignatureAlgorithm = algorithm
		b := &x5c.Bundle{Certificates: []*x509.Certificate{&c}}
		expect(t, x5c.Judge(b, p.want(), plain), x5c.CheckWeak, level, algorithm.String())
	}
	c := *p.leaf.cert
	c.SignatureAlgorithm = x509.UnknownSignatureAlgorithm
	b := &x5c.Bundle{Certificates: []*x509.Certificate{&c, p.lower.cert}}
	expect(t, x5c.Judge(b, p.want(), plain), x5c.CheckSignature, x5c.Warn, "can't be checked")
}

func TestJudgeCleans(t *testing.T) {
	p := newPKI(t)
	evil := "evil\x1b[2Jname"
	leaf := issue(t, evil, p.leaf.key, p.lower, func(c *x509.Certificate) {
		server("other.example.com")(c)
		c.NotAfter = now.AddDate(0, 0, -1)
		c.NotBefore = c.NotAfter.AddDate(0, 0, -9)
		c.IssuingCertificateURL = []string{"http://\x1b[1mx"}
	})
	want := p.want()
	want.EKUs = []string{"\x1b[3m"}
	b := bundle(leaf)
	b.Refused = []string{"\x1b[4m"}
	v := x5c.Judge(b, want, cleaned)
	var all strings.Builder
	for _, c := range v.Checks {
		all.WriteString(c.Text)
	}
	for _, l := range slices.Concat(v.Links, v.Unused) {
		all.WriteString(l.Subject + l.Issuer + l.Name + l.KeyType)
	}
	if strings.ContainsRune(all.String(), 0x1b) {
		t.Errorf("an escape character came through: %q", all.String())
	}
	for _, piece := range []string{"«evil[2Jname»", "«CN=Lower»", "«[3m»", "«[4m»", "«http://[1mx»"} {
		if !strings.Contains(all.String(), piece) {
			t.Errorf("%s is not in %q", piece, all.String())
		}
	}
	defer func() {
		if r := recover(); r == nil || !strings.Contains(r.(string), "clean") {
			t.Errorf("without a cleaner: %v, want a panic that says so", r)
		}
	}()
	x5c.Judge(b, want, nil)
}

// everyKind makes a SAN extension with a name of every kind.
func everyKind(t *testing.T) (ext extension) {
	t.Helper()
	uri, err := url.Parse("spiffe://x/y")
	if err != nil {
		t.Fatal(err)
	}
	type otherName struct {
		Type  asn1.ObjectIdentifier
		Value string `asn1:"explicit,tag:0,utf8"`
	}
	upn, err := asn1.MarshalWithParams(otherName{asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 20, 2, 3}, "me@corp"}, "tag:0")
	if err != nil {
		t.Fatal(err)
	}
	raw := func(tag int, b []byte) asn1.RawValue {
		return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, Bytes: b}
	}
	value, err := asn1.Marshal([]asn1.RawValue{
		{FullBytes: upn}, raw(1, []byte("a@example.com")), raw(2, []byte("*.example.com")),
		raw(6, []byte(uri.String())), raw(7, net.IPv4(10, 0, 0, 1).To4()),
	})
	if err != nil {
		t.Fatal(err)
	}
	return extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: value}
}
