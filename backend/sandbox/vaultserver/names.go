package vaultserver

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"strings"
)

// keywords are those by which Key Vault names the attributes of a subject it
// reads from a certificate: Windows' (CertNameToStr), with S for the state, as
// recorded.
var keywords = map[string]string{
	"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "SERIALNUMBER", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "S",
	"2.5.4.9": "STREET", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "T", "2.5.4.17": "PostalCode",
	"2.5.4.42": "G", "2.5.4.43": "I", "0.9.2342.19200300.100.1.25": "DC", "1.2.840.113549.1.9.1": "E",
}

// subjectText writes a subject as the service does: the last part first, as
// recorded. It is "" for what is no name.
func subjectText(raw []byte) string {
	var name pkix.RDNSequence
	if _, err := asn1.Unmarshal(raw, &name); err != nil {
		return ""
	}
	parts := make([]string, len(name))
	for i, rdn := range name {
		attributes := make([]string, len(rdn))
		for j, attribute := range rdn {
			attributes[j] = attributeText(attribute)
		}
		parts[len(name)-1-i] = strings.Join(attributes, " + ")
	}
	return strings.Join(parts, ", ")
}

func attributeText(a pkix.AttributeTypeAndValue) string {
	keyword, ok := keywords[a.Type.String()]
	if !ok {
		keyword = "OID." + a.Type.String()
	}
	value := fmt.Sprint(a.Value)
	if value == "" || strings.ContainsAny(value, ",+=\"\n<>#;") || value != strings.TrimSpace(value) {
		value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
	}
	return keyword + "=" + value
}

// keyUsageWords are Key Vault's words for key usages, in alphabetical order as
// recorded; an empty list where there are none.
func keyUsageWords(usage x509.KeyUsage) []string {
	words := []string{}
	for _, word := range sortedKeys(keyUsages) {
		if word != "crlSign" && usage&keyUsages[word] != 0 { // cRLSign says the same
			words = append(words, word)
		}
	}
	return words
}

// extKeyUsagesOf lists the extended key usages in the certificate's order; an
// empty list where there are none.
func extKeyUsagesOf(cert *x509.Certificate) []string {
	usages := []string{}
	for _, ext := range cert.Extensions {
		var oids []asn1.ObjectIdentifier
		if !ext.Id.Equal(oidExtKeyUsage) {
			continue
		}
		if _, err := asn1.Unmarshal(ext.Value, &oids); err != nil {
			return usages // crypto/x509 has read it, so this does not happen
		}
		for _, oid := range oids {
			usages = append(usages, oid.String())
		}
	}
	return usages
}

// alternativeNamesOf lists the alternative names; nil where there are none.
func alternativeNamesOf(cert *x509.Certificate) *AlternativeNames {
	names := AlternativeNames{DNSNames: cert.DNSNames, Emails: cert.EmailAddresses, UPNs: userPrincipalNames(cert)}
	for _, uri := range cert.URIs {
		names.URIs = append(names.URIs, uri.String())
	}
	for _, ip := range cert.IPAddresses {
		names.IPAddresses = append(names.IPAddresses, ip.String())
	}
	if names.empty() {
		return nil
	}
	return &names
}

// userPrincipalNames are the UPNs among the alternative names, which
// crypto/x509 does not read.
func userPrincipalNames(cert *x509.Certificate) []string {
	var upns []string
	for _, ext := range cert.Extensions {
		if !ext.Id.Equal(oidSAN) {
			continue
		}
		var all []asn1.RawValue
		if _, err := asn1.Unmarshal(ext.Value, &all); err != nil {
			return nil
		}
		for _, name := range all {
			if upn, ok := readUserPrincipalName(name); ok {
				upns = append(upns, upn)
			}
		}
	}
	return upns
}

// readUserPrincipalName is the reverse of [userPrincipalName].
func readUserPrincipalName(name asn1.RawValue) (string, bool) {
	if name.Class != asn1.ClassContextSpecific || name.Tag != 0 {
		return "", false
	}
	var id asn1.ObjectIdentifier
	rest, err := asn1.Unmarshal(name.Bytes, &id)
	if err != nil || !id.Equal(oidUPN) {
		return "", false
	}
	var value asn1.RawValue
	if _, err := asn1.Unmarshal(rest, &value); err != nil || value.Tag != 0 {
		return "", false
	}
	var upn string
	_, err = asn1.UnmarshalWithParams(value.Bytes, &upn, "utf8")
	return upn, err == nil
}
