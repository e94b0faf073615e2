package x5c_test

import (
	"crypto/x509"
	"encoding/asn1"
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"

	"certty/model/x5c"
)

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
