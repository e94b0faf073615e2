package vaultserver

import (
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
)

// merge completes a request with certificates that somebody else had signed
// (Key Vault REST, "Merge Certificate"). The end-entity certificate is the first
// one, as documented; where the request preserves the chain's order it may be
// the last one, as a public client sends it (acmebot, pull request
// 1141). Nothing is checked but its key, as recorded: an unknown CA and a
// validity that lies in the future were taken.
func (s *Server) merge(c *call) (*answer, error) {
	var body mergeBody
	if err := decode(c.body, &body); err != nil {
		return nil, noValidX5C()
	}
	if len(body.Tags) > maxTags {
		return nil, invalidBody()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.pending(c)
	if err != nil {
		return nil, err
	}
	op := o.Pending
	switch {
	case op.Status == statusCompleted:
		// Not recorded; the service says this of other late changes.
		return nil, notInProgress()
	case op.inProgress() && !manual(op.Issuer.Name):
		return nil, mergeForbidden(op.Issuer.Name)
	}
	chain, f := decodeX5C(body.X5C)
	if f != nil {
		return nil, f
	}
	if last := chain[len(chain)-1]; op.PreserveCertOrder != nil && *op.PreserveCertOrder && matches(last, op) == nil {
		slices.Reverse(chain)
	}
	if f := matches(chain[0], op); f != nil {
		return nil, f
	}
	if body.Tags != nil {
		op.Tags = body.Tags
	}
	if a := body.Attributes; a != nil && a.Enabled != nil {
		op.Enabled = *a.Enabled
	}
	if err := o.finish(chain, c.now); err != nil {
		return nil, err
	}
	s.save(o)
	return &answer{
		status: http.StatusCreated, body: c.bundle(o, o.current()),
		location: c.url("certificates", c.name) + "?api-version=" + c.apiVersion,
	}, nil
}

// matches checks that a certificate is for the key of a request.
func matches(leaf []byte, op *operation) *failure {
	cert, err := x509.ParseCertificate(leaf)
	if err != nil {
		return badDER()
	}
	csr, err := op.request()
	if err != nil || !samePublicKey(cert.PublicKey, csr.PublicKey) {
		return publicKeyMismatch()
	}
	return nil
}

// decodeX5C reads x5c: standard base64 of DER. A recorded client sent base64
// of the base64 text, which was taken.
func decodeX5C(items []string) ([][]byte, *failure) {
	var chain [][]byte
	for _, item := range items {
		der, err := base64.StdEncoding.DecodeString(item)
		if err != nil || len(der) == 0 {
			return nil, noValidX5C()
		}
		if inner, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(der))); err == nil && len(inner) > 0 {
			der = inner
		}
		if _, err := x509.ParseCertificate(der); err != nil {
			return nil, badDER()
		}
		chain = append(chain, der)
	}
	if len(chain) == 0 {
		return nil, noValidX5C()
	}
	return chain, nil
}
