package vault

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // x5t is a SHA-1 thumbprint by definition (RFC 7517 §4.8)
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"

	"certty/backend/text"
	"certty/model"
)

var (
	oidSAN = asn1.ObjectIdentifier{2, 5, 29, 17}
	// oidUPN is Microsoft's user principal name, an otherName.
	oidUPN = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 20, 2, 3}
)

// readDER fills in what the certificate itself says. A certificate that Go
// does not accept (Key Vault makes P-256K keys, Go knows no such curve) gives
// at least its names and its number.
func readDER(c *model.Certificate) {
	if c.Thumbprint == "" {
		c.Thumbprint = leafThumbprint(c.DER)
	}
	cert, err := x509.ParseCertificate(c.DER)
	if err != nil {
		readLoosely(c)
		return
	}
	c.Subject = text.Clean(cert.Subject.String())
	c.Issuer = text.Clean(cert.Issuer.String())
	c.Serial = model.SerialText(cert.SerialNumber)
	c.KeyType = keyType(cert.PublicKey)
	c.SANs.DNS = cleanAll(cert.DNSNames)
	c.SANs.Emails = cleanAll(cert.EmailAddresses)
	for _, u := range cert.URIs {
		c.SANs.URIs = append(c.SANs.URIs, text.Clean(u.String()))
	}
	for _, ip := range cert.IPAddresses {
		c.SANs.IPs = append(c.SANs.IPs, ip.String())
	}
	c.SANs.UPNs = principalNames(cert.Extensions)
}

// looseCertificate is the outline of RFC 5280 §4.1 up to the subject.
type looseCertificate struct {
	TBS struct {
		Version   int `asn1:"optional,explicit,default:0,tag:0"`
		Serial    *big.Int
		Algorithm asn1.RawValue
		Issuer    pkix.RDNSequence
		Validity  asn1.RawValue
		Subject   pkix.RDNSequence
		Key       asn1.RawValue
		Rest      []asn1.RawValue `asn1:"optional"`
	}
	Algorithm asn1.RawValue
	Signature asn1.RawValue
}

func readLoosely(c *model.Certificate) {
	var loose looseCertificate
	if _, err := asn1.Unmarshal(c.DER, &loose); err != nil {
		return
	}
	c.Subject = text.Clean(loose.TBS.Subject.String())
	c.Issuer = text.Clean(loose.TBS.Issuer.String())
	c.Serial = model.SerialText(loose.TBS.Serial)
}

// leafThumbprint is the SHA-1 thumbprint that Key Vault shows as x5t.
func leafThumbprint(der []byte) string {
	sum := sha1.Sum(der) //nolint:gosec // not for security, see the import
	return hex.EncodeToString(sum[:])
}

func keyType(key any) string {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return rsaKeyType(key.N.BitLen())
	case *ecdsa.PublicKey:
		return "EC " + key.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return ""
}

func rsaKeyType(bits int) string { return fmt.Sprintf("RSA %d", bits) }

// principalNames finds the user principal names among the alternative names
// (RFC 5280 §4.2.1.6, otherName), which package x509 skips.
func principalNames(extensions []pkix.Extension) []string {
	var names []string
	for _, ext := range extensions {
		if !ext.Id.Equal(oidSAN) {
			continue
		}
		var general []asn1.RawValue
		if _, err := asn1.Unmarshal(ext.Value, &general); err != nil {
			continue
		}
		for _, name := range general {
			if upn, ok := principalName(name); ok {
				names = append(names, upn)
			}
		}
	}
	return names
}

func principalName(general asn1.RawValue) (string, bool) {
	if general.Class != asn1.ClassContextSpecific || general.Tag != 0 {
		return "", false
	}
	var id asn1.ObjectIdentifier
	rest, err := asn1.Unmarshal(general.Bytes, &id)
	if err != nil || !id.Equal(oidUPN) {
		return "", false
	}
	var name string
	if _, err := asn1.UnmarshalWithParams(rest, &name, "explicit,tag:0"); err != nil {
		return "", false
	}
	return text.Clean(name), true
}
