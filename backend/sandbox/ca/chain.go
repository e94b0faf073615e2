package ca

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
)

// Chain is a certificate with its issuers.
type Chain struct {
	Leaf, Intermediate, Root *x509.Certificate
}

// Order is the order in which a chain is delivered. CAs differ, and people
// paste what they got.
type Order string

// The orders of delivery.
const (
	// LeafFirst is leaf, intermediate, root, as TLS sends it.
	LeafFirst Order = "leaf-first"
	// RootFirst is root, intermediate, leaf.
	RootFirst Order = "root-first"
	// Shuffled is an order that neither starts nor ends with the leaf. It is
	// always the same, so that what was seen once can be seen again.
	Shuffled Order = "shuffled"
)

// ParseOrder reads an order; "" is LeafFirst.
func ParseOrder(s string) (Order, error) {
	switch o := Order(s); o {
	case "":
		return LeafFirst, nil
	case LeafFirst, RootFirst, Shuffled:
		return o, nil
	}
	return "", fmt.Errorf("order %q is none of leaf-first, root-first, shuffled", s)
}

// DER is the chain, leaf first, each certificate in DER.
func (c Chain) DER() [][]byte {
	return [][]byte{c.Leaf.Raw, c.Intermediate.Raw, c.Root.Raw}
}

// PEM is the chain as PEM blocks in the given order.
func (c Chain) PEM(order Order) []byte {
	var certs []*x509.Certificate
	switch order {
	case RootFirst:
		certs = []*x509.Certificate{c.Root, c.Intermediate, c.Leaf}
	case Shuffled:
		certs = []*x509.Certificate{c.Intermediate, c.Leaf, c.Root}
	default: // LeafFirst
		certs = []*x509.Certificate{c.Leaf, c.Intermediate, c.Root}
	}
	var b bytes.Buffer
	for _, cert := range certs {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
	}
	return b.Bytes()
}
