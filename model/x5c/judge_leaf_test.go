package x5c_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"strings"
	"testing"

	"certty/model"
	"certty/model/x5c"
)

// With a key that is used again the old certificate fits the new request, too.
func TestJudgeRenewal(t *testing.T) {
	p := newPKI(t)
	want := p.want()
	live := x5c.Judge(bundle(p.leaf), want, plain).Links[0]
	want.Live, want.LiveUntil = live.Thumbprint, live.NotAfter
	v := x5c.Judge(bundle(p.leaf, p.lower), want, plain)
	expect(t, v, x5c.CheckRenewal, x5c.Fail, "live already")
	if v.Chain != nil {
		t.Error("the live certificate can be sent again")
	}

	older := issue(t, "shop.example.com", p.leaf.key, p.lower, func(c *x509.Certificate) {
		server("shop.example.com", "www.example.com")(c)
		c.NotAfter = live.NotAfter.AddDate(0, 0, -1)
	})
	expect(t, x5c.Judge(bundle(older), want, plain), x5c.CheckRenewal, x5c.Warn, "before the version that is live now")

	newer := issue(t, "shop.example.com", p.leaf.key, p.lower, func(c *x509.Certificate) {
		server("shop.example.com", "www.example.com")(c)
		c.NotBefore, c.NotAfter = c.NotBefore.AddDate(0, 0, 1), live.NotAfter.AddDate(0, 0, 1)
	})
	v = x5c.Judge(bundle(p.leaf, newer), want, plain)
	if !v.OK || v.Links[0].Thumbprint == live.Thumbprint {
		t.Errorf("the newer one beside the old one: %+v", v.Checks)
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
