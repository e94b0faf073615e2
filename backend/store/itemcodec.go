package store

import (
	"encoding/binary"
	"maps"
	"slices"

	"certty/model"
)

// itemVersion is the first byte of an encoded item. It grows with every change
// of the encoding. Values of older versions are read; those of a newer program
// are dropped and come again from the vault.
//
//  1. everything but deletions, and of a request only when it was seen first
//  2. deletions, and when a request's phase began
//  3. for how many days a deleted certificate can be recovered
//  4. orders of a CA account
//  5. whether a request keeps the order of its chain
//  6. the key of a CSR that is not kept
const itemVersion = 6

// readable reports whether this program reads values of a version.
func readable(version byte) bool { return version >= 1 && version <= itemVersion }

// appendItem appends the encoding of it to b: the version, the length of the
// text part, the text part, the certificate and the CSR. The two byte fields
// stand apart so that the text part can become one string that all decoded
// strings share.
func appendItem(b []byte, it *model.Item) []byte {
	var e encoder
	e.b = make([]byte, 0, 512)
	encodeItem(&e, it)
	b = append(b, itemVersion)
	b = binary.AppendUvarint(b, uint64(len(e.b)))
	b = append(b, e.b...)
	b = append(b, it.Certificate.DER...)
	if it.Request != nil {
		b = append(b, it.Request.CSR...)
	}
	return b
}

func encodeItem(e *encoder, it *model.Item) {
	e.string(it.Ref.Key)
	encodeSighting(e, sightingOf(it))
	encodeContent(e, it)
}

// encodeContent encodes everything but the name and when it was read, and but
// the record, which the repository tells.
func encodeContent(e *encoder, it *model.Item) {
	encodeCertificate(e, &it.Certificate)
	e.bool(it.Policy != nil)
	if it.Policy != nil {
		encodePolicy(e, it.Policy)
	}
	e.bool(it.Request != nil)
	if it.Request != nil {
		encodeRequest(e, it.Request)
	}
	e.bool(it.Deletion != nil)
	if it.Deletion != nil {
		encodeDeletion(e, it.Deletion)
	}
	e.bool(it.Order != nil)
	if it.Order != nil {
		encodeOrder(e, it.Order)
	}
}

// decodeItem reads what appendItem wrote. It copies what it keeps: b may be
// the database's own memory. content is what contentOf gives for the item, 0
// where an older version wrote it.
func decodeItem(target string, b []byte) (it *model.Item, content uint64, err error) {
	if len(b) == 0 || !readable(b[0]) {
		return nil, 0, errEncoding
	}
	n, width := binary.Uvarint(b[1:])
	if rest := len(b) - 1 - width; width <= 0 || rest < 0 || n > uint64(rest) {
		return nil, 0, errEncoding
	}
	text := b[1+width:][:n]
	blobs := b[1+width:][n:]

	d := &decoder{s: string(text), version: b[0]}
	it = &model.Item{Ref: model.Ref{Target: target, Kind: model.KindCertificate, Key: d.string()}}
	seen := decodeSighting(d)
	if d.version == itemVersion {
		content = sumOf(text[len(text)-len(d.s):], blobs, nil)
	}
	der := decodeCertificate(d, &it.Certificate, len(blobs))
	if d.bool() {
		it.Policy = decodePolicy(d)
	}
	csr := 0
	if d.bool() {
		it.Request, csr = decodeRequest(d, len(blobs)-der)
	}
	if d.version > 1 && d.bool() {
		it.Deletion = &model.Deletion{At: d.time(), PurgeAt: d.time(), Purged: d.bool()}
	}
	if d.version > 3 && d.bool() {
		it.Order = decodeOrder(d)
	}
	seen.applyTo(it)
	if d.bad || d.s != "" || der+csr != len(blobs) {
		return nil, 0, errEncoding
	}
	blobs = slices.Clone(blobs)
	if der > 0 {
		it.Certificate.DER = blobs[:der:der]
	}
	if csr > 0 {
		it.Request.CSR = blobs[der:]
	}
	return it, content, nil
}

func encodeCertificate(e *encoder, c *model.Certificate) {
	e.string(c.Version)
	e.bool(c.Issued)
	e.bool(c.Enabled)
	e.string(c.Subject)
	e.string(c.Thumbprint)
	e.time(c.NotBefore)
	e.time(c.NotAfter)
	e.time(c.Created)
	e.time(c.Updated)
	e.count(len(c.Tags))
	// In order, so that equal items have equal encodings.
	e.names = slices.AppendSeq(e.names[:0], maps.Keys(c.Tags))
	slices.Sort(e.names)
	for _, k := range e.names {
		e.string(k)
		e.string(c.Tags[k])
	}
	e.string(c.RecoveryLevel)
	e.int(int64(c.RecoverableDays))
	e.string(c.Issuer)
	e.string(c.Serial)
	encodeSANs(e, c.SANs)
	e.string(c.KeyType)
	e.count(len(c.DER))
}

func decodeCertificate(d *decoder, c *model.Certificate, blobs int) (der int) {
	c.Version = d.string()
	c.Issued = d.bool()
	c.Enabled = d.bool()
	c.Subject = d.string()
	c.Thumbprint = d.string()
	c.NotBefore = d.time()
	c.NotAfter = d.time()
	c.Created = d.time()
	c.Updated = d.time()
	if n := d.count(); n > 0 {
		c.Tags = make(map[string]string, n)
		for range n {
			k := d.string()
			c.Tags[k] = d.string()
		}
	}
	c.RecoveryLevel = d.string()
	if d.version > 2 {
		c.RecoverableDays = int(d.int())
	}
	c.Issuer = d.string()
	c.Serial = d.string()
	c.SANs = decodeSANs(d)
	c.KeyType = d.string()
	return d.length(blobs)
}

// encodeDeletion leaves out when the deletion was seen, which is part of the
// sighting.
func encodeDeletion(e *encoder, del *model.Deletion) {
	e.time(del.At)
	e.time(del.PurgeAt)
	e.bool(del.Purged)
}

func encodeSANs(e *encoder, s model.SANs) {
	for _, names := range [...][]string{s.DNS, s.Emails, s.UPNs, s.URIs, s.IPs} {
		e.strings(names)
	}
}

func decodeSANs(d *decoder) model.SANs {
	return model.SANs{DNS: d.strings(), Emails: d.strings(), UPNs: d.strings(), URIs: d.strings(), IPs: d.strings()}
}

func encodeIssuer(e *encoder, i model.Issuer) {
	e.string(i.Name)
	e.string(i.CertificateType)
	e.optional(i.Transparency)
}

func decodeIssuer(d *decoder) model.Issuer {
	return model.Issuer{Name: d.string(), CertificateType: d.string(), Transparency: d.optional()}
}

func encodePolicy(e *encoder, p *model.Policy) {
	e.string(p.Subject)
	encodeSANs(e, p.SANs)
	encodeIssuer(e, p.Issuer)
	e.string(p.Key.Type)
	e.int(int64(p.Key.Size))
	e.string(p.Key.Curve)
	e.optional(p.Key.Exportable)
	e.optional(p.Key.ReuseKey)
	e.string(p.ContentType)
	e.strings(p.EKUs)
	e.strings(p.KeyUsage)
	e.int(int64(p.ValidityMonths))
	e.count(len(p.LifetimeActions))
	for _, a := range p.LifetimeActions {
		e.string(a.Action)
		e.int(int64(a.Percentage))
		e.int(int64(a.DaysBeforeExpiry))
	}
}

func decodePolicy(d *decoder) *model.Policy {
	p := &model.Policy{Subject: d.string(), SANs: decodeSANs(d), Issuer: decodeIssuer(d)}
	p.Key = model.KeyProperties{
		Type: d.string(), Size: int(d.int()), Curve: d.string(),
		Exportable: d.optional(), ReuseKey: d.optional(),
	}
	p.ContentType = d.string()
	p.EKUs = d.strings()
	p.KeyUsage = d.strings()
	p.ValidityMonths = int(d.int())
	if n := d.count(); n > 0 {
		p.LifetimeActions = make([]model.LifetimeAction, n)
		for i := range p.LifetimeActions {
			p.LifetimeActions[i] = model.LifetimeAction{
				Action: d.string(), Percentage: int(d.int()), DaysBeforeExpiry: int(d.int()),
			}
		}
	}
	return p
}
