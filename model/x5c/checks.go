package x5c

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"certty/model/lint"
	"certty/model/timetext"
)

// check makes every check that needs the path.
func (j *judge) check() {
	j.checkRenewal()
	j.checkOrder()
	j.checkSignatures()
	j.checkGap()
	j.checkRoot()
	j.checkDates()
	j.checkLifetime()
	j.checkNames()
	j.checkEKUs()
	j.checkCA()
	j.checkPathLength()
	j.checkWeak()
}

// checkRenewal says whether anything is gained over the version that is in use.
func (j *judge) checkRenewal() {
	leaf := j.path[0]
	switch {
	case len(j.bundle.forKey(j.want.CSR)) == 0:
	case thumbprint(leaf) == j.want.Live:
		j.add(Fail, CheckRenewal, "this is the certificate that is live already: merged, it would use the request up and renew nothing")
	case leaf.NotAfter.Before(j.want.LiveUntil):
		j.add(Warn, CheckRenewal, fmt.Sprintf("it ends on %s, before the version that is live now (%s): an older one, as it seems", timetext.Day(leaf.NotAfter), timetext.Day(j.want.LiveUntil)))
	}
}

// checkOrder says whether the certificates came in the order of the path.
func (j *judge) checkOrder() {
	if len(j.path) < 2 {
		return
	}
	var came []*x509.Certificate
	for _, c := range j.bundle.Certificates {
		if slices.Contains(j.path, c) {
			came = append(came, c)
		}
	}
	switch {
	case slices.Equal(came, j.path):
		j.add(OK, CheckOrder, "order is right: leaf first")
	case came[0] == j.root():
		j.add(OK, CheckOrder, "order mended: came root first")
	case came[0] != j.path[0]:
		j.add(OK, CheckOrder, "order mended: the leaf did not come first")
	default:
		j.add(OK, CheckOrder, "order mended")
	}
}

// checkSignatures verifies each link of the path with the next.
func (j *judge) checkSignatures() {
	verified, failed := 0, false
	for i := range len(j.path) - 1 {
		c, p := j.path[i], j.path[i+1]
		err := j.verifier.verify(c, p)
		switch {
		case err == nil:
			verified++
		case errors.Is(err, errUnknownAlgorithm), errors.Is(err, errTooMuch):
			j.add(Warn, CheckSignature, fmt.Sprintf("the signature of %s can't be checked: %v", j.name(c), err))
			failed = true
		default:
			j.add(Fail, CheckSignature, fmt.Sprintf("the signature of %s is broken: it is not %s's", j.name(c), j.name(p)))
			failed = true
		}
	}
	if verified > 0 && !failed {
		j.add(OK, CheckSignature, "each signature verified")
	}
}

// checkGap says whether the path goes as far up as it should.
func (j *judge) checkGap() {
	last := j.path[len(j.path)-1]
	if j.verifier.selfSigned(last) {
		if len(j.path) == 1 {
			j.add(Warn, CheckGap, "the certificate is self-signed: clients trust it only where it was installed")
		}
		return
	}
	if len(j.path) > 1 && !j.unusedCA() {
		j.add(OK, CheckGap, fmt.Sprintf("the chain ends at %s; its issuer %s is not here, which is right if that is the root", j.name(last), j.clean(last.Issuer.String())))
		return
	}
	text := fmt.Sprintf("missing: the certificate that signed %s; its issuer is %s", j.name(last), j.clean(last.Issuer.String()))
	if j.namesake(last) {
		text += ", but the certificate of that name here has another key and did not sign it"
	}
	if len(last.IssuingCertificateURL) > 0 {
		text += ", to be had from " + j.clean(last.IssuingCertificateURL[0])
	}
	j.add(Warn, CheckGap, text+". The vault takes the chain without it, many clients do not")
}

// namesake reports whether a certificate is here that has the name of c's issuer
// and is not on the path: CAs change their keys and keep their names.
func (j *judge) namesake(c *x509.Certificate) bool {
	return slices.ContainsFunc(j.bundle.Certificates, func(other *x509.Certificate) bool {
		return other.IsCA && bytes.Equal(other.RawSubject, c.RawIssuer) && !slices.Contains(j.path, other)
	})
}

// unusedCA reports whether a CA's certificate was left over: the path might
// have gone on to it.
func (j *judge) unusedCA() bool {
	return slices.ContainsFunc(j.bundle.Certificates, func(c *x509.Certificate) bool {
		return c.IsCA && !slices.ContainsFunc(j.path, func(used *x509.Certificate) bool { return used == c || sameEntity(used, c) })
	})
}

func (j *judge) checkRoot() {
	switch root := j.root(); {
	case root == nil:
	case j.want.IncludeRoot:
		j.add(OK, CheckRoot, "the root is sent, as asked")
	default:
		j.add(OK, CheckRoot, "the root is not sent: clients have their own")
	}
}

// checkDates looks at each certificate's validity at the wanted time.
func (j *judge) checkDates() {
	now, fine := j.want.Now, true
	for i, c := range j.path {
		switch {
		case now.After(c.NotAfter) && c == j.root():
			j.add(Warn, CheckDates, fmt.Sprintf("the root %s expired on %s", j.name(c), timetext.Day(c.NotAfter)))
		case now.After(c.NotAfter):
			j.add(Fail, CheckDates, fmt.Sprintf("%s expired on %s", j.name(c), timetext.Day(c.NotAfter)))
		case now.Before(c.NotBefore):
			j.add(Warn, CheckDates, fmt.Sprintf("%s is valid only from %s", j.name(c), timetext.Day(c.NotBefore)))
		case i > 0 && c.NotAfter.Before(j.path[0].NotAfter) && c != j.root():
			j.add(Warn, CheckDates, fmt.Sprintf("%s expires on %s, before the certificate it signed", j.name(c), timetext.Day(c.NotAfter)))
		default:
			continue
		}
		fine = false
	}
	if fine {
		j.add(OK, CheckDates, "all valid now, the leaf until "+timetext.Day(j.path[0].NotAfter))
	}
}

func (j *judge) checkLifetime() {
	leaf := j.path[0]
	// Both ends belong to the validity (RFC 5280 §4.1.2.5).
	life := leaf.NotAfter.Sub(leaf.NotBefore) + time.Second
	days := int((life + 24*time.Hour - 1) / (24 * time.Hour))
	if life <= time.Second {
		j.add(Fail, CheckLifetime, "the certificate ends before it begins")
		return
	}
	if slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageServerAuth) {
		if rule, ok := lint.At(lint.Lifetimes(), leaf.NotBefore); ok {
			if days > rule.Days {
				j.add(Warn, CheckLifetime, fmt.Sprintf("lifetime %d days, public CAs may give %d; fine from a private CA", days, rule.Days))
				return
			}
			j.add(OK, CheckLifetime, fmt.Sprintf("lifetime %d days, the rule allows %d", days, rule.Days))
			return
		}
	}
	j.add(OK, CheckLifetime, fmt.Sprintf("lifetime %d days", days))
}

// checkCA says whether the signers may sign and the leaf may not.
func (j *judge) checkCA() {
	if leaf := j.path[0]; leaf.IsCA && !j.verifier.selfSigned(leaf) {
		j.add(Warn, CheckCA, "the certificate is itself a CA's: whoever holds its key can sign others")
	}
	for _, c := range j.path[1:] {
		switch {
		case c.Version < 3 && c == j.root(): // roots older than extensions
		case !c.BasicConstraintsValid || !c.IsCA:
			j.add(Fail, CheckCA, fmt.Sprintf("%s is not a CA's certificate, so clients refuse what it signed", j.name(c)))
		case c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
			j.add(Fail, CheckCA, fmt.Sprintf("%s may not sign certificates (its key usage says so)", j.name(c)))
		}
	}
}

// checkPathLength checks the path length constraint (RFC 5280 §4.2.1.9):
// self-issued certificates do not count, nor does the leaf.
func (j *judge) checkPathLength() {
	below := 0
	for _, c := range j.path[1:] {
		limited := c.BasicConstraintsValid && c.IsCA && (c.MaxPathLen > 0 || c.MaxPathLenZero)
		if limited && below > c.MaxPathLen {
			j.add(Fail, CheckPathLen, fmt.Sprintf("%s allows %d CAs below it, there are %d", j.name(c), c.MaxPathLen, below))
		}
		if string(c.RawSubject) != string(c.RawIssuer) {
			below++
		}
	}
}

// checkWeak looks for hashes and keys that clients refuse. A root is trusted by
// itself, not by its signature.
func (j *judge) checkWeak() {
	for _, c := range j.path {
		if c != j.root() {
			switch c.SignatureAlgorithm {
			case x509.MD2WithRSA, x509.MD5WithRSA:
				j.add(Fail, CheckWeak, fmt.Sprintf("%s is signed with %s, which no client takes", j.name(c), c.SignatureAlgorithm))
			case x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
				j.add(Warn, CheckWeak, fmt.Sprintf("%s is signed with %s, which most clients refuse", j.name(c), c.SignatureAlgorithm))
			}
		}
		if bits, weak := weakKey(c.PublicKey); weak {
			j.add(Warn, CheckWeak, fmt.Sprintf("%s has a key of %d bits only", j.name(c), bits))
		}
	}
}

func weakKey(key any) (bits int, weak bool) {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return k.N.BitLen(), k.N.BitLen() < 2048
	case *ecdsa.PublicKey:
		return k.Curve.Params().BitSize, k.Curve.Params().BitSize < 256
	}
	return 0, false
}

// list joins names for a sentence, not more than a few.
func list(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
