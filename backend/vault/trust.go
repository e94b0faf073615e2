package vault

import (
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
)

// distrust says why the certificate of whoever answered was not accepted (RFC
// 5280 §6, RFC 9525), and what to do; "" where that is not the trouble. The
// library's words name neither who signed it nor a way out.
func distrust(err error) string {
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		signer := "an authority that is not trusted here"
		if unknown.Cert != nil {
			signer = fmt.Sprintf("%q, which is not trusted here", unknown.Cert.Issuer.String())
		}
		return "its TLS certificate is signed by " + signer + "; where a proxy looks into TLS, or the service is a private one, name its authority in ca_file"
	}
	if other, ok := errors.AsType[x509.HostnameError](err); ok && other.Certificate != nil {
		return fmt.Sprintf("its TLS certificate is for %s, not for %s: something else answers there",
			strings.Join(other.Certificate.DNSNames, ", "), other.Host)
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "its TLS certificate has expired or is not valid yet, or this machine's clock is wrong"
	}
	return ""
}
