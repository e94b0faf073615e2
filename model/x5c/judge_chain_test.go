package x5c_test

import (
	"crypto/x509"
	"testing"

	"certty/model/x5c"
)

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
	expect(t, v, x5c.CheckGap, x5c.Warn, "its issuer is CN=Lower, but the certificate of that name here has another key")
}

// Of a chain that is pasted piece by piece the leaf may come last: nothing is
// said of a leaf that is not there.
func TestJudgeOnlyCAs(t *testing.T) {
	p := newPKI(t)
	v := x5c.Judge(bundle(p.lower, p.root), p.want(), plain)
	expect(t, v, x5c.CheckKey, x5c.Fail, "only CA certificates are here")
	if len(v.Checks) != 1 || roles(v.Links) != "intermediate Lower" || roles(v.Unused) != "root Root" {
		t.Errorf("checks %+v, links %s, unused %s", v.Checks, roles(v.Links), roles(v.Unused))
	}
	v = x5c.Judge(x5c.Join(bundle(p.lower, p.root), bundle(p.upper), bundle(p.leaf)), p.want(), plain)
	if !v.OK || len(v.Links) != 4 {
		t.Errorf("with the leaf: checks %+v, links %s", v.Checks, roles(v.Links))
	}
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
