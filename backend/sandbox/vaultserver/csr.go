package vaultserver

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"certty/model"
)

var (
	oidKeyUsage         = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidSAN              = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidBasicConstraints = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidExtKeyUsage      = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidUPN              = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 20, 2, 3}
)

// keyUsages maps Key Vault's words to the bits of RFC 5280 §4.2.1.3.
var keyUsages = map[string]x509.KeyUsage{
	"digitalSignature": x509.KeyUsageDigitalSignature,
	"nonRepudiation":   x509.KeyUsageContentCommitment,
	"keyEncipherment":  x509.KeyUsageKeyEncipherment,
	"dataEncipherment": x509.KeyUsageDataEncipherment,
	"keyAgreement":     x509.KeyUsageKeyAgreement,
	"keyCertSign":      x509.KeyUsageCertSign,
	"cRLSign":          x509.KeyUsageCRLSign,
	"crlSign":          x509.KeyUsageCRLSign,
	"encipherOnly":     x509.KeyUsageEncipherOnly,
	"decipherOnly":     x509.KeyUsageDecipherOnly,
}

// newRequest makes the PKCS#10 request for a complete policy. Its extensions
// are the recorded ones, in their order: key usage (critical), extended key
// usage, alternative names, each where there are any, basic constraints.
func newRequest(p *Policy, key crypto.Signer) ([]byte, error) {
	subject, err := subjectDER(p.X509.Subject)
	if err != nil {
		return nil, err
	}
	extensions, err := p.X509.extensions()
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{RawSubject: subject, ExtraExtensions: extensions}, key)
	if err != nil {
		return nil, fmt.Errorf("sign the certificate request: %w", err)
	}
	return der, nil
}

func subjectDER(subject string) ([]byte, error) {
	seq, err := model.ParseSubject(subject)
	if err != nil {
		return nil, fmt.Errorf("subject %q: %w", subject, err)
	}
	der, err := asn1.Marshal(seq)
	if err != nil {
		return nil, fmt.Errorf("encode subject %q: %w", subject, err)
	}
	return der, nil
}

func (x *X509Properties) extensions() ([]pkix.Extension, error) {
	var extensions []pkix.Extension
	add := func(id asn1.ObjectIdentifier, critical bool, content any) error {
		der, err := asn1.Marshal(content)
		if err != nil {
			return fmt.Errorf("encode extension %v: %w", id, err)
		}
		extensions = append(extensions, pkix.Extension{Id: id, Critical: critical, Value: der})
		return nil
	}
	if len(x.KeyUsage) > 0 {
		if err := add(oidKeyUsage, true, x.keyUsageBits()); err != nil {
			return nil, err
		}
	}
	if len(x.EKUs) > 0 {
		if err := add(oidExtKeyUsage, false, x.extKeyUsage()); err != nil {
			return nil, err
		}
	}
	if !x.SANs.empty() {
		names, err := x.SANs.generalNames()
		if err != nil {
			return nil, err
		}
		if err := add(oidSAN, false, names); err != nil {
			return nil, err
		}
	}
	if err := add(oidBasicConstraints, false, struct{}{}); err != nil {
		return nil, err
	}
	return extensions, nil
}

func (x *X509Properties) keyUsage() x509.KeyUsage {
	var usage x509.KeyUsage
	for _, word := range x.KeyUsage {
		usage |= keyUsages[word]
	}
	return usage
}

// keyUsageBits is the key usage as a DER BIT STRING: bit 0 is the first bit of
// the first byte, and trailing zero bits are left out (X.690 §11.2.2).
func (x *X509Properties) keyUsageBits() asn1.BitString {
	usage := x.keyUsage()
	bits := asn1.BitString{Bytes: make([]byte, 2)}
	for i := range 9 {
		if usage&(1<<i) != 0 {
			bits.Bytes[i/8] |= 0x80 >> (i % 8)
			bits.BitLength = i + 1
		}
	}
	bits.Bytes = bits.Bytes[:(bits.BitLength+7)/8]
	return bits
}

func (x *X509Properties) extKeyUsage() []asn1.ObjectIdentifier {
	oids := make([]asn1.ObjectIdentifier, 0, len(x.EKUs))
	for _, eku := range x.EKUs {
		if oid, ok := parseOID(eku); ok {
			oids = append(oids, oid)
		}
	}
	return oids
}

// generalNames are the alternative names as GeneralNames of RFC 5280 §4.2.1.6.
func (s *AlternativeNames) generalNames() ([]asn1.RawValue, error) {
	var names []asn1.RawValue
	add := func(tag int, content []byte) {
		names = append(names, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, Bytes: content})
	}
	for _, name := range s.DNSNames {
		add(2, []byte(name))
	}
	for _, name := range s.Emails {
		add(1, []byte(name))
	}
	for _, name := range s.URIs {
		add(6, []byte(name))
	}
	for _, name := range s.IPAddresses {
		a, err := netip.ParseAddr(name)
		if err != nil {
			return nil, fmt.Errorf("address %q: %w", name, err)
		}
		add(7, a.Unmap().AsSlice())
	}
	for _, name := range s.UPNs {
		other, err := userPrincipalName(name)
		if err != nil {
			return nil, err
		}
		names = append(names, other)
	}
	return names, nil
}

// userPrincipalName is the otherName that Windows keeps a UPN in.
func userPrincipalName(name string) (asn1.RawValue, error) {
	id, err := asn1.Marshal(oidUPN)
	if err != nil {
		return asn1.RawValue{}, fmt.Errorf("encode the UPN's type: %w", err)
	}
	text, err := asn1.MarshalWithParams(name, "utf8")
	if err != nil {
		return asn1.RawValue{}, fmt.Errorf("encode UPN %q: %w", name, err)
	}
	value, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: text})
	if err != nil {
		return asn1.RawValue{}, fmt.Errorf("encode UPN %q: %w", name, err)
	}
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: append(id, value...)}, nil
}

// parseOID reads a dotted object identifier that DER can hold (X.660 §7.6).
func parseOID(s string) (asn1.ObjectIdentifier, bool) {
	var oid asn1.ObjectIdentifier
	for part := range strings.SplitSeq(s, ".") {
		n, err := strconv.ParseInt(part, 10, 31)
		if err != nil || n < 0 {
			return nil, false
		}
		oid = append(oid, int(n))
	}
	if _, err := asn1.Marshal(oid); err != nil {
		return nil, false
	}
	return oid, true
}
