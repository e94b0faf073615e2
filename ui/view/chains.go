package view

import (
	"bytes"
	"crypto/x509"
	"slices"
)

// maxAuthorities is how many certificates of CAs the desk keeps, far more than
// one console meets; the oldest go first.
const maxAuthorities = 200

// KeepAuthorities remembers the certificates of CAs among certs until the
// program ends: those of a chain that was merged or pasted complete a download
// later. A vault does not tell them outside of its secrets.
func (d *Desk) KeepAuthorities(certs []*x509.Certificate) {
	for _, c := range certs {
		known := slices.ContainsFunc(d.authorities, func(k *x509.Certificate) bool { return bytes.Equal(k.Raw, c.Raw) })
		if c.IsCA && !known {
			d.authorities = append(d.authorities, c)
		}
	}
	d.authorities = d.authorities[max(0, len(d.authorities)-maxAuthorities):]
}

// Authorities are the certificates of CAs that were met so far. The slice must
// not be changed.
func (d *Desk) Authorities() []*x509.Certificate { return slices.Clip(d.authorities) }
