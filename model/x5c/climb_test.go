package x5c_test

import (
	"bytes"
	"crypto/x509"
	"strings"
	"testing"

	"certty/model/x5c"
)

func certificates(entities ...*entity) []*x509.Certificate { return bundle(entities...).Certificates }

func TestClimb(t *testing.T) {
	p := newPKI(t)
	// A CA of the right name with another key, which signed nothing here.
	impostor := issue(t, "Lower", ecKey(t), p.upper, ca)
	self := issue(t, "self", ecKey(t), nil, nil)
	for _, tt := range []struct {
		name  string
		leaf  *entity
		known []*x509.Certificate
		want  string
	}{
		{"nothing is known", p.leaf, nil, "leaf shop.example.com"},
		{"everything, root first", p.leaf, certificates(p.root, p.upper, p.lower, p.leaf), "leaf shop.example.com, intermediate Lower, intermediate Upper, root Root"},
		{"no root", p.leaf, certificates(p.upper, p.lower), "leaf shop.example.com, intermediate Lower, intermediate Upper"},
		{"a gap ends it", p.leaf, certificates(p.root, p.upper), "leaf shop.example.com"},
		{"a signature that is not there ends it", p.leaf, certificates(impostor, p.upper, p.root), "leaf shop.example.com"},
		{"an impostor beside the right one", p.leaf, certificates(impostor, p.lower), "leaf shop.example.com, intermediate Lower"},
		{"self-signed", self, certificates(p.root, self), "leaf self"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			links, err := x5c.Climb(tt.leaf.cert.Raw, tt.known, now, plain)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range links {
				got = append(got, string(l.Role)+" "+l.Name)
				if l.Sent {
					t.Errorf("%s is marked as sent", l.Name)
				}
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("got %s, want %s", s, tt.want)
			}
		})
	}
	if _, err := x5c.Climb([]byte("no certificate"), nil, now, plain); err == nil {
		t.Error("what is no certificate was read")
	}
}

func TestLeaf(t *testing.T) {
	p := newPKI(t)
	self := issue(t, "self", ecKey(t), nil, nil)
	leaf, lower, upper, root := p.leaf.cert.Raw, p.lower.cert.Raw, p.upper.cert.Raw, p.root.cert.Raw
	for name, tt := range map[string]struct {
		chain [][]byte
		want  []byte
	}{
		"leaf first":    {[][]byte{leaf, lower, upper}, leaf},
		"root first":    {[][]byte{root, upper, lower, leaf}, leaf},
		"in no order":   {[][]byte{lower, leaf, upper}, leaf},
		"alone":         {[][]byte{leaf}, leaf},
		"self-signed":   {[][]byte{self.cert.Raw}, self.cert.Raw},
		"no CA between": {[][]byte{root, leaf}, leaf},
		"a CA alone":    {[][]byte{upper, lower}, lower},
		"unreadable":    {[][]byte{[]byte("x"), []byte("y")}, []byte("x")},
		"nothing":       {nil, nil},
	} {
		if got := x5c.Leaf(tt.chain); !bytes.Equal(got, tt.want) {
			t.Errorf("%s: got %x, want %x", name, got, tt.want)
		}
	}
}

func TestPKCS7ReadsBack(t *testing.T) {
	p := newPKI(t)
	der, err := x5c.EncodePKCS7([][]byte{p.leaf.cert.Raw, p.lower.cert.Raw, p.upper.cert.Raw})
	if err != nil {
		t.Fatal(err)
	}
	armored := x5c.ArmorPKCS7(der)
	if !bytes.HasPrefix(armored, []byte("-----BEGIN PKCS7-----\n")) {
		t.Errorf("got %.40q", armored)
	}
	for _, data := range [][]byte{der, armored} {
		b, err := x5c.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		if got := names(b.Certificates); got != "shop.example.com,Lower,Upper" {
			t.Errorf("read back %s", got)
		}
	}
}
