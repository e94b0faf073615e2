package scmserver

import (
	"bytes"
	"cmp"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"

	"github.com/smallstep/pkcs7"
)

// formats are what a certificate can be collected as: of leaf, intermediate and
// root the ones that go along, in the order in which they do ("Collect SSL
// certificate", with the order as clients found it: the root comes first unless
// the name ends in R).
var formats = map[string][]int{
	"x509": {2, 1, 0}, "pem": {2, 1, 0}, "x509r": {0, 1, 2},
	"x509co": {0}, "pemco": {0},
	"x509io": {2, 1}, "x509ior": {1, 2},
	"pemia":  {0, 1},
	"base64": {0, 1, 2}, "bin": {0, 1, 2},
}

// collect hands out the certificate in the format that the query or the path
// asks for. What stands in for it while it is not there was observed: 400 with
// code 0 while the CA works, -23 before approval.
func (s *Server) collect(c *call) (*answer, error) {
	format := cmp.Or(c.word, c.query.Get("format"), "base64")
	which, known := formats[strings.ToLower(format)]
	if !known {
		return nil, refuse(-126, "Unknown SSL certificate file format requested: %s", format)
	}
	o, err := s.find(c.id, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, notFound(c.id)
	}
	if f := o.collectable(); f != nil {
		return nil, f
	}
	data, err := export(o.Chain, which, strings.ToLower(format))
	if err != nil {
		return nil, fmt.Errorf("export %d: %w", o.ID, err)
	}
	return &answer{status: http.StatusOK, data: data, file: fileName(o.CommonName)}, nil
}

// collectable says why there is nothing to collect. While a certificate is
// being replaced the old one is still there.
func (o *order) collectable() *failure {
	switch {
	case o.Status == StatusRevoked:
		return refuse(-110, "Certificate has been revoked and cannot be downloaded.")
	case o.Status == StatusRequested || o.Status == StatusInit:
		return refuse(-23, "The certificate hasn't been approved yet!")
	case len(o.Chain) > 0:
		return nil
	case o.Status == StatusApproved || o.Status == StatusSAApproved:
		return refuse(-1400, "The request is being processed by Sectigo.")
	case o.Status == StatusApplied:
		return refuse(0, "Being processed by Sectigo")
	}
	return refuse(-169, "Certificate is not available, please contact administrator.")
}

// export writes those parts of a chain that it has.
func export(chain [][]byte, which []int, format string) ([]byte, error) {
	var parts [][]byte
	for _, i := range which {
		if i < len(chain) {
			parts = append(parts, chain[i])
		}
	}
	if format != "base64" && format != "bin" {
		var b bytes.Buffer
		for _, der := range parts {
			b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
		}
		return b.Bytes(), nil
	}
	bundle, err := pkcs7.DegenerateCertificate(bytes.Join(parts, nil))
	if err != nil {
		return nil, err
	}
	if format == "bin" {
		return bundle, nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: bundle}), nil
}

// fileName is a common name as a header may carry it.
func fileName(common string) string {
	safe := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, common)
	return cmp.Or(safe, "certificate") + ".cert"
}
