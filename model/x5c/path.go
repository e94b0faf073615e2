package x5c

import (
	"bytes"
	"cmp"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"certty/model/timetext"
)

// leaf finds the request's certificate, or guesses one so that something can be
// shown; nil when there is none at all.
func (j *judge) leaf() *x509.Certificate {
	for _, why := range j.bundle.Refused {
		j.add(Warn, CheckRefused, j.clean(why))
	}
	request, err := x509.ParseCertificateRequest(j.want.CSR)
	if err == nil {
		j.request = request
	}
	own := j.bundle.forKey(j.want.CSR)
	switch {
	case len(j.bundle.Certificates) == 0:
		j.add(Fail, CheckKey, "there is no certificate")
		return nil
	case len(own) == 0 && err != nil:
		j.add(Fail, CheckKey, "the request to compare with can't be read: "+j.clean(err.Error()))
		return j.guessLeaf()
	case len(own) == 0 && !slices.ContainsFunc(j.bundle.Certificates, func(c *x509.Certificate) bool { return !c.IsCA }):
		j.onlyCAs = true
		j.add(Fail, CheckKey, "only CA certificates are here, and none has this request's key: the certificate that was issued for the request is missing")
		return j.guessLeaf()
	case len(own) == 0:
		j.add(Fail, CheckKey, "no certificate here has this request's key: it belongs to another request, or the request was replaced after its CSR was saved")
		return j.guessLeaf()
	}
	// Of two of one age the later one in the input.
	newest := slices.MaxFunc(own, func(a, b *x509.Certificate) int {
		return cmp.Or(a.NotBefore.Compare(b.NotBefore), a.NotAfter.Compare(b.NotAfter))
	})
	text := "key matches this request's CSR"
	if len(own) > 1 {
		text = fmt.Sprintf("key matches this request's CSR; of %d certificates with it the newest, valid from %s", len(own), timetext.Day(newest.NotBefore))
	}
	j.add(OK, CheckKey, text)
	return newest
}

// guessLeaf takes the first certificate that is no CA, else the first that
// issued no other.
func (j *judge) guessLeaf() *x509.Certificate {
	certs := j.bundle.Certificates
	if i := slices.IndexFunc(certs, func(c *x509.Certificate) bool { return !c.IsCA }); i >= 0 {
		return certs[i]
	}
	issuers := map[string]bool{}
	for _, c := range certs {
		if !bytes.Equal(c.RawIssuer, c.RawSubject) {
			issuers[string(c.RawIssuer)] = true
		}
	}
	if i := slices.IndexFunc(certs, func(c *x509.Certificate) bool { return !issuers[string(c.RawSubject)] }); i >= 0 {
		return certs[i]
	}
	return certs[0]
}

// maxSteps bounds the search for a path: with many cross-signed certificates
// there are more paths than anybody can try.
const maxSteps = 2000

// findPath finds the best way from the leaf up: with the fewest certificates
// that are not valid now, then to a self-signed root, then the shortest. No
// certificate and no key is passed twice, so that cross-signed loops end.
func (j *judge) findPath(leaf *x509.Certificate) []*x509.Certificate {
	s := &search{judge: j, left: maxSteps}
	s.walk([]*x509.Certificate{leaf})
	return s.best
}

type search struct {
	judge *judge
	left  int
	best  []*x509.Certificate
}

func (s *search) walk(path []*x509.Certificate) {
	last := path[len(path)-1]
	end := true
	if !s.judge.verifier.selfSigned(last) {
		for _, parent := range s.judge.parents(last) {
			if s.left <= 0 {
				break
			}
			s.left--
			if slices.ContainsFunc(path, func(c *x509.Certificate) bool { return sameEntity(c, parent) }) {
				continue
			}
			end = false
			s.walk(append(slices.Clip(path), parent))
		}
	}
	if end && (s.best == nil || s.judge.compare(path, s.best) < 0) {
		s.best = path
	}
}

// sameEntity reports whether two certificates are of one name and key.
func sameEntity(a, b *x509.Certificate) bool {
	return bytes.Equal(a.RawSubject, b.RawSubject) && bytes.Equal(a.RawSubjectPublicKeyInfo, b.RawSubjectPublicKeyInfo)
}

// compare is negative when path a is better than b.
func (j *judge) compare(a, b []*x509.Certificate) int {
	invalid := func(path []*x509.Certificate) (n int) {
		for _, c := range path {
			if j.want.Now.Before(c.NotBefore) || j.want.Now.After(c.NotAfter) {
				n++
			}
		}
		return n
	}
	open := func(path []*x509.Certificate) int {
		if j.verifier.selfSigned(path[len(path)-1]) {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(invalid(a), invalid(b)), cmp.Compare(open(a), open(b)), cmp.Compare(len(a), len(b)))
}

// parents finds who signed c: certificates of its issuer's name whose key
// verifies the signature, or where none does those whose key identifier does
// not speak against it. The newest come first.
func (j *judge) parents(c *x509.Certificate) []*x509.Certificate {
	var signed, maybe []*x509.Certificate
	for _, p := range j.bundle.Certificates {
		switch {
		case p == c || !bytes.Equal(p.RawSubject, c.RawIssuer):
		case j.verifier.verify(c, p) == nil:
			signed = append(signed, p)
		case !otherKey(c, p):
			maybe = append(maybe, p)
		}
	}
	if len(signed) == 0 {
		signed = maybe
	}
	slices.SortStableFunc(signed, func(a, b *x509.Certificate) int { return b.NotBefore.Compare(a.NotBefore) })
	return signed
}

// otherKey reports whether the key identifiers tell that p did not sign c (RFC
// 5280 §4.2.1.1, §4.2.1.2).
func otherKey(c, p *x509.Certificate) bool {
	return len(c.AuthorityKeyId) > 0 && len(p.SubjectKeyId) > 0 && !bytes.Equal(c.AuthorityKeyId, p.SubjectKeyId)
}

// What verify says besides a signature that is wrong.
var (
	errUnknownAlgorithm = errors.New("this program does not know its algorithm")
	errTooMuch          = errors.New("there are too many signatures to check")
)

// verifier verifies signatures, each once, and not without end.
type verifier struct {
	known map[[2]*x509.Certificate]error
	left  int
}

func newVerifier() *verifier {
	return &verifier{known: map[[2]*x509.Certificate]error{}, left: 4 * MaxCertificates}
}

// verify says what is wrong with c's signature as p's.
func (v *verifier) verify(c, p *x509.Certificate) error {
	pair := [2]*x509.Certificate{c, p}
	if err, ok := v.known[pair]; ok {
		return err
	}
	if v.left <= 0 {
		return errTooMuch
	}
	v.left--
	err := verifySignature(c, p)
	v.known[pair] = err
	return err
}

// selfSigned reports whether c is signed with its own key.
func (v *verifier) selfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawSubject, c.RawIssuer) && !otherKey(c, c) && v.verify(c, c) == nil
}

// verifySignature compares keys and bytes only; whether p may sign at all is
// another check. SHA-1 passes here and is named as weak elsewhere.
func verifySignature(c, p *x509.Certificate) error {
	// A made-up modulus of a million bits takes minutes.
	const longestRSA = 16384
	if key, ok := p.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > longestRSA {
		return errUnknownAlgorithm
	}
	err := p.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	var insecure x509.InsecureAlgorithmError
	switch {
	case errors.Is(err, x509.ErrUnsupportedAlgorithm), errors.As(err, &insecure):
		return errUnknownAlgorithm
	case err != nil:
		return fmt.Errorf("verify signature: %w", err)
	}
	return nil
}
