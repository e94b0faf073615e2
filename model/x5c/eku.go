package x5c

import (
	"crypto/x509"
	"fmt"
	"slices"
)

// ekuNames are the extended key usages by object identifier (RFC 5280
// §4.2.1.12 and Microsoft's).
var ekuNames = map[string]string{
	ekuAny:                   "any",
	"1.3.6.1.5.5.7.3.1":      "serverAuth",
	"1.3.6.1.5.5.7.3.2":      "clientAuth",
	"1.3.6.1.5.5.7.3.3":      "codeSigning",
	"1.3.6.1.5.5.7.3.4":      "emailProtection",
	"1.3.6.1.5.5.7.3.5":      "ipsecEndSystem",
	"1.3.6.1.5.5.7.3.6":      "ipsecTunnel",
	"1.3.6.1.5.5.7.3.7":      "ipsecUser",
	"1.3.6.1.5.5.7.3.8":      "timeStamping",
	"1.3.6.1.5.5.7.3.9":      "OCSPSigning",
	"1.3.6.1.4.1.311.10.3.3": "msServerGatedCrypto",
	"2.16.840.1.113730.4.1":  "nsServerGatedCrypto",
	"1.3.6.1.4.1.311.2.1.22": "msCodeCommercial",
	"1.3.6.1.4.1.311.61.1.1": "msKernelCode",
	"1.3.6.1.4.1.311.10.3.4": "msEFS",
	"1.3.6.1.4.1.311.20.2.2": "smartcardLogon",
}

const ekuAny = "2.5.29.37.0"

// EKUName is the name of an extended key usage (RFC 5280 §4.2.1.12), or its
// object identifier where it has none here.
func EKUName(oid string) string {
	if name, ok := ekuNames[oid]; ok {
		return name
	}
	return oid
}

// ekus lists a certificate's extended key usages as object identifiers.
func ekus(c *x509.Certificate) []string {
	var list []string
	for _, usage := range c.ExtKeyUsage {
		list = append(list, usage.OID().String())
	}
	for _, oid := range c.UnknownExtKeyUsage {
		list = append(list, oid.String())
	}
	return list
}

// checkEKUs compares the leaf's extended key usages with the policy's. A
// certificate without any may be used for all (RFC 5280 §4.2.1.12).
func (j *judge) checkEKUs() {
	has := ekus(j.path[0])
	if len(j.want.EKUs) == 0 {
		return
	}
	if len(has) == 0 || slices.Contains(has, ekuAny) {
		j.add(OK, CheckEKU, "EKU is not limited")
		return
	}
	var missing, names []string
	for _, oid := range j.want.EKUs {
		names = append(names, j.clean(EKUName(oid)))
		if !slices.Contains(has, oid) {
			missing = append(missing, j.clean(EKUName(oid)))
		}
	}
	if len(missing) > 0 {
		j.add(Warn, CheckEKU, fmt.Sprintf("EKU has no %s, the policy asks for it", list(missing)))
		return
	}
	j.add(OK, CheckEKU, fmt.Sprintf("EKU as the policy asks: %s", list(names)))
}
