// Package keypool is where the sandbox's RSA keys come from. They are what a
// sandbox costs most to start: [Fresh] makes each one, and [Lend] lends those that
// an earlier sandbox of the same process had made, for tests, which start many.
package keypool

import (
	"crypto/rand"
	"crypto/rsa"
	"sync"
)

// Source gives an RSA key of a size in bits that nothing else of its sandbox has.
// It is safe for concurrent use.
type Source func(bits int) (*rsa.PrivateKey, error)

// Or is the source, or Fresh where it is nil.
func Or(s Source) Source {
	if s == nil {
		return Fresh
	}
	return s
}

// Fresh makes a key.
func Fresh(bits int) (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, bits) }

// maker makes its key when it is first asked for it.
type maker func() (*rsa.PrivateKey, error)

// pool are the keys of this process by their size.
var pool struct {
	sync.Mutex
	made map[int][]maker
}

// Lend returns the source of one sandbox. Two sources give the same keys; what
// tells certificates apart by their keys must not see two of their sandboxes.
func Lend() Source {
	var mu sync.Mutex
	lent := make(map[int]int)
	return func(bits int) (*rsa.PrivateKey, error) {
		mu.Lock()
		n := lent[bits]
		lent[bits]++
		mu.Unlock()
		return nth(bits, n)()
	}
}

func nth(bits, n int) maker {
	pool.Lock()
	defer pool.Unlock()
	if pool.made == nil {
		pool.made = make(map[int][]maker)
	}
	for len(pool.made[bits]) <= n {
		pool.made[bits] = append(pool.made[bits], sync.OnceValues(func() (*rsa.PrivateKey, error) { return Fresh(bits) }))
	}
	return pool.made[bits][n]
}
