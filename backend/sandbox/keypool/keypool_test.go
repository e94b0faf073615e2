package keypool_test

import (
	"crypto/rsa"
	"sync"
	"testing"

	"certty/backend/sandbox/keypool"
)

// bits is a size that is made at once.
const bits = 1024

func TestLend(t *testing.T) {
	const each = 3
	draw := func(from keypool.Source) (keys []*rsa.PrivateKey) {
		var mu sync.Mutex
		var all sync.WaitGroup
		for range each {
			all.Go(func() {
				key, err := from(bits)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				keys = append(keys, key)
			})
		}
		all.Wait()
		return keys
	}
	seen := make(map[*rsa.PrivateKey]int)
	for range 2 {
		for _, key := range draw(keypool.Lend()) {
			seen[key]++
		}
	}
	if len(seen) != each {
		t.Errorf("two sandboxes have %d keys together, want the same %d", len(seen), each)
	}
	for key, times := range seen {
		if times != 2 || key.N.BitLen() != bits {
			t.Errorf("a key of %d bits was given %d times to two sandboxes", key.N.BitLen(), times)
		}
	}
}

func TestFresh(t *testing.T) {
	a, err := keypool.Fresh(bits)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := keypool.Fresh(bits); err != nil || a.Equal(b) {
		t.Errorf("%v, or the same key twice", err)
	}
}
