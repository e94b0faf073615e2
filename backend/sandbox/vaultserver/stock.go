package vaultserver

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"strconv"
	"sync"

	"certty/backend/sandbox/keypool"
)

// stock keeps an RSA 2048 key ready, the kind a policy gets when it does not
// say: making one takes a tenth of a second and more, and a create shall
// be answered at once. Other keys are made when they are asked for. One with
// nothing but its source is empty and not being filled.
type stock struct {
	source keypool.Source

	mu    sync.Mutex
	ready []crypto.Signer
	fill  chan struct{} // wakes the maker; nil when there is none
	quit  chan struct{}
}

// stocked is how many keys are kept.
const stocked = 1

// StockKeys makes the key for the next request ahead, in the background, until
// the server is closed.
func (s *Server) StockKeys() { s.keys.open() }

func (k *stock) open() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fill != nil {
		return
	}
	k.fill, k.quit = make(chan struct{}, 1), make(chan struct{})
	k.fill <- struct{}{}
	go k.make(k.fill, k.quit)
}

// close ends the maker after the key it is at; nobody waits for that one.
func (k *stock) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.quit != nil {
		close(k.quit)
	}
	k.fill, k.quit = nil, nil
}

func (k *stock) make(fill, quit <-chan struct{}) {
	for {
		select {
		case <-quit:
			return
		case <-fill:
		}
		for k.missing() {
			key, err := newKey(&KeyProperties{Kty: "RSA", Size: 2048}, k.source)
			if err != nil {
				return // then they are made when they are asked for
			}
			k.put(key)
			select {
			case <-quit:
				return
			default:
			}
		}
	}
}

func (k *stock) missing() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.ready) < stocked
}

func (k *stock) put(key crypto.Signer) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ready = append(k.ready, key)
}

// take gives a key of the wanted kind, from the stock where it has one.
func (k *stock) take(p *KeyProperties) (crypto.Signer, error) {
	if wantedKind(p) == "RSA 2048" {
		if key := k.pop(); key != nil {
			return key, nil
		}
	}
	return newKey(p, k.source)
}

func (k *stock) pop() crypto.Signer {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := len(k.ready)
	if n == 0 {
		return nil
	}
	key := k.ready[n-1]
	k.ready = k.ready[:n-1]
	select {
	case k.fill <- struct{}{}:
	default: // it is awake already, or there is nobody
	}
	return key
}

// kindOf is a public key's kind in words: "RSA 2048", "EC P-256".
func kindOf(pub crypto.PublicKey) string {
	switch pub := pub.(type) {
	case *rsa.PublicKey:
		return "RSA " + strconv.Itoa(pub.N.BitLen())
	case *ecdsa.PublicKey:
		return "EC " + pub.Curve.Params().Name
	}
	return ""
}

// wantedKind is the kind that a complete policy asks for, in the same words.
func wantedKind(p *KeyProperties) string {
	if p.Curve != "" {
		return "EC " + p.Curve
	}
	return "RSA " + strconv.Itoa(p.Size)
}
