package repository

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"certty/backend"
	"certty/backend/keystore"
	"certty/backend/text"
	"certty/model"
	"certty/model/x5c"
)

// Collect fetches the certificate of an order that is held, puts its chain in
// order, matches it to the keys and keeps it. Serial is the number that the
// account tells; where the service still gives the certificate that was
// collected before, the error is a State error of StateNotIssued. A certificate for
// a key that is not the order's is kept, and nothing is made of it: the error says
// so, and [Manager.Vouch] takes a person's word that it is right.
func (m *Manager) Collect(ctx context.Context, id, serial string) (model.Record, error) {
	if m.o.Capabilities.Collect == nil {
		return model.Record{}, fmt.Errorf("collect %s: %s", id, m.o.Capabilities.CollectWhy)
	}
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, id)
	if err != nil {
		return model.Record{}, fmt.Errorf("collect %s: %w", id, err)
	}
	sent, err := m.o.Capabilities.Collect.Collect(ctx, m.ref(id))
	if err != nil {
		return h.Record, err
	}
	chain, err := m.arrange(h, sent, serial)
	if err != nil {
		return h.Record, fmt.Errorf("collect %s: %w", id, err)
	}
	record, err := m.keep(ctx, id, chain)
	if err != nil {
		return record, fmt.Errorf("keep the certificate of %s: %w", id, err)
	}
	m.o.Publish(m.collected(id, chain[0]))
	if record.Files == model.FilesWithheld {
		return record, fmt.Errorf("collect %s: %w", id, withheld(&record))
	}
	return record, m.Deliver(ctx, id)
}

// arrange finds the leaf among what the service sent, whatever its order (it
// differs by format), and the way up from it.
func (m *Manager) arrange(h *backend.Holding, sent [][]byte, serial string) (chain []*x509.Certificate, err error) {
	var certificates []*x509.Certificate
	for _, der := range sent {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("read a certificate of the chain: %w", err)
		}
		certificates = append(certificates, c)
	}
	leaf := m.leaf(h, certificates, serial)
	if leaf == nil {
		return nil, errors.New("none of the certificates that came is the order's")
	}
	if known := h.Record.ChainSerial; known != "" && sameSerial(leaf.SerialNumber, known) && (serial == "" || !sameSerial(leaf.SerialNumber, serial)) {
		return nil, &backend.Error{
			Kind: backend.KindState, State: backend.StateNotIssued, Op: "collect", Ref: m.ref(h.Record.Key),
			Message: "the service still gives the certificate that was collected before",
		}
	}
	links, err := x5c.Climb(leaf.Raw, certificates, m.o.Now(), text.Clean)
	if err != nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	for _, link := range links {
		c, err := x509.ParseCertificate(link.DER)
		if err != nil {
			return nil, fmt.Errorf("read a certificate of the chain: %w", err)
		}
		chain = append(chain, c)
	}
	return chain, nil
}

// lacking says what a chain lacks; "" where it is whole: its top is a root, or an
// intermediate whose root the service leaves out.
func lacking(chain []*x509.Certificate) string {
	if len(chain) != 1 || bytes.Equal(chain[0].RawIssuer, chain[0].RawSubject) {
		return ""
	}
	return "the chain lacks the certificate of " + text.Clean(chain[0].Issuer.String())
}

// leaf is the certificate of a key that is held, else the one of the serial
// number, else the only one that is no CA's.
func (m *Manager) leaf(h *backend.Holding, certificates []*x509.Certificate, serial string) *x509.Certificate {
	var bySerial, only *x509.Certificate
	leaves := 0
	for _, c := range certificates {
		if c.IsCA {
			continue
		}
		leaves++
		only = c
		if serial != "" && sameSerial(c.SerialNumber, serial) {
			bySerial = c
		}
	}
	switch {
	case bySerial != nil:
		return bySerial
	case leaves == 1 && serial == "":
		return only
	case leaves == 1:
		// After a replacement the service goes on to give the old one for a while.
		if held := h.Record.ChainSerial; held != "" && sameSerial(only.SerialNumber, held) {
			return only
		}
	}
	return nil
}

// sameSerial compares serial numbers as numbers: their spelling differs by call.
func sameSerial(n *big.Int, hexadecimal string) bool {
	plain := strings.NewReplacer(":", "", " ", "").Replace(hexadecimal)
	other, ok := new(big.Int).SetString(plain, 16)
	return ok && n.Cmp(other) == 0
}

// keep commits the chain.
func (m *Manager) keep(ctx context.Context, id string, chain []*x509.Certificate) (model.Record, error) {
	var record model.Record
	publicKey, err := x5c.PublicKeyID(chain[0].Raw)
	if err != nil {
		return record, err
	}
	err = m.o.Shelf.Change(ctx, m.o.Target, id, func(h *backend.Holding) error {
		r := &h.Record
		_, held := h.Key(publicKey)
		// Another program may have been faster; then its files are written or due.
		again := r.Step == model.StepCollected && sameSerial(chain[0].SerialNumber, r.ChainSerial)
		h.Chain = h.Chain[:0:0]
		for _, c := range chain {
			h.Chain = append(h.Chain, c.Raw)
		}
		r.ChainSerial = model.SerialText(chain[0].SerialNumber)
		r.Step, r.StepAt, r.Trouble = model.StepCollected, m.o.Now(), lacking(chain)
		if !again {
			r.Keystore, r.Files, r.FilesAt = model.KeystoreNone, model.FilesNone, time.Time{}
			if r.KeystoreType != "" && held {
				r.Keystore = model.KeystoreWaits
			}
			if h.Deploy != nil {
				r.Files = model.FilesDue
			}
			if foreign(h, chain[0].Raw) {
				r.Files = model.FilesWithheld
			}
		}
		if r.Files == model.FilesWithheld {
			r.Trouble = oneLine(withheld(r))
		} else {
			r.Decided = false // its key fits, as far as any is known
		}
		record = *r
		return nil
	})
	if err == nil {
		m.tell(record, "")
	}
	return record, err
}

// collected is the news of a certificate that is here.
func (m *Manager) collected(id string, leaf *x509.Certificate) model.Page {
	return model.Page{Fields: model.FieldCollected, AsOf: m.o.Now(), Items: []model.Item{{
		Ref: m.ref(id),
		Certificate: model.Certificate{
			Issued: true, Enabled: true, DER: leaf.Raw, Serial: model.SerialText(leaf.SerialNumber),
			Subject: text.Clean(leaf.Subject.String()), Issuer: text.Clean(leaf.Issuer.String()),
			NotBefore: leaf.NotBefore, NotAfter: leaf.NotAfter, KeyType: x5c.KeyType(leaf.PublicKey),
			SANs: cleaned(x5c.NamesOf(leaf)),
		},
	}}}
}

func cleaned(s model.SANs) model.SANs {
	for _, names := range [][]string{s.DNS, s.Emails, s.UPNs, s.URIs, s.IPs} {
		for i := range names {
			names[i] = text.Clean(names[i])
		}
	}
	return s
}

// Keystore makes the keystore of a collected certificate. The password opens the
// key and protects the keystore; [keystore.ErrPassword] when it is another one.
// The record says that it was made once [Manager.KeystoreSaved] is called.
func (m *Manager) Keystore(ctx context.Context, id string, form keystore.Type, password []byte) ([]byte, error) {
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, id)
	if err != nil {
		return nil, fmt.Errorf("make the keystore of %s: %w", id, err)
	}
	data, err := m.encode(h, form, password)
	if err != nil {
		return nil, fmt.Errorf("make the keystore of %s: %w", id, err)
	}
	return data, nil
}

func (m *Manager) encode(h *backend.Holding, form keystore.Type, password []byte) ([]byte, error) {
	if len(h.Chain) == 0 {
		return nil, errors.New("the certificate is not here yet")
	}
	publicKey, err := x5c.PublicKeyID(h.Chain[0])
	if err != nil {
		return nil, err
	}
	held, ok := h.Key(publicKey)
	if !ok {
		return nil, errors.New("its private key was not made here")
	}
	key, err := keystore.Unlock(held.Locked, password)
	if err != nil {
		return nil, err
	}
	chain, err := parse(h.Chain)
	if err != nil {
		return nil, err
	}
	return m.o.Keys.Encode(form, key, chain, password, m.o.Now())
}

func parse(chain [][]byte) ([]*x509.Certificate, error) {
	var out []*x509.Certificate
	for _, der := range chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("read the kept chain: %w", err)
		}
		out = append(out, c)
	}
	return out, nil
}

// KeystoreSaved notes that the keystore of an order lies where it was wanted. Files
// that waited for it are due then.
func (m *Manager) KeystoreSaved(ctx context.Context, id string) error {
	var record model.Record
	err := m.o.Shelf.Change(ctx, m.o.Target, id, func(h *backend.Holding) error {
		h.Record.Keystore = model.KeystoreMade
		if h.Record.Files == model.FilesWaiting {
			h.Record.Files = model.FilesDue
		}
		record = h.Record
		return nil
	})
	if err == nil {
		m.tell(record, "")
	}
	return err
}

// Chain gives the collected chain of an order, DER, leaf first.
func (m *Manager) Chain(ctx context.Context, id string) ([][]byte, error) {
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, id)
	if err != nil {
		return nil, err
	}
	return h.Chain, nil
}
