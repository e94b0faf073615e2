package vaultserver

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestStateOutlivesTheServer(t *testing.T) {
	dir := t.TempDir()
	b := openBench(t, dir)
	csr := b.create("Shop", "Unknown").csr()
	b.create("slow", IssuerSlow)
	b.send(http.MethodPatch, "/certificates/slow/pending", cancel).want(http.StatusOK)
	paths := []string{"/certificates/Shop", "/certificates/Shop/pending", "/certificates/slow/pending", "/certificates/slow/policy"}
	var before []string
	for _, path := range paths {
		before = append(before, b.get(path).want(http.StatusOK).text)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}

	again := openBench(t, dir)
	for i, path := range paths {
		if got := again.get(path).want(http.StatusOK).text; got != before[i] {
			t.Errorf("%s was %s\nis %s", path, before[i], got)
		}
	}
	// What has not ended goes on.
	again.clock.advance(15 * time.Minute)
	if got := again.get("/certificates/slow/pending").string("status"); got != "cancelled" {
		t.Errorf("the cancellation is %s", got)
	}
	again.send(http.MethodPost, "/certificates/shop/pending/merge", again.signed(csr)).want(http.StatusCreated)
}

func TestStateIsPrivate(t *testing.T) {
	dir := t.TempDir()
	b := openBench(t, dir)
	b.create("shop", "Unknown")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		if strings.Contains(filepath.Base(path), ".new-") {
			t.Errorf("%s was left behind", path)
		}
		files++
		return nil
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
}

func TestBrokenStateIsNamed(t *testing.T) {
	for name, content := range map[string]string{"no JSON": "{", "no object": "{}", "other name": `{"Name":"other"}`} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			first := openBench(t, dir)
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, objectsFolder, "shop.json")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			b := &bench{Server: New(Options{Dir: dir, CA: first.ca, Identity: first.identity, Now: first.now}), t: t, clock: first.clock}
			err := b.Load()
			if err == nil || !strings.Contains(err.Error(), path) {
				t.Fatalf("loading: %v, want an error that names %s", err, path)
			}
			b.get("/certificates").want(http.StatusInternalServerError)
			b.get("/certificates/shop/pending").want(http.StatusInternalServerError)
			if _, err := b.Fill(t.Context(), nil); err == nil {
				t.Error("a state that can't be read was filled")
			}
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// What is filled while the stored state is being loaded outlives that.
func TestFillWaitsForTheStoredState(t *testing.T) {
	from := openBench(t, t.TempDir())
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Dir: t.TempDir(), CA: from.ca, Identity: from.identity, Now: from.now})
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if filled, err := s.Fill(ended, nil); filled || !errors.Is(err, context.Canceled) {
			t.Errorf("it did not wait: filled %t, %v", filled, err)
		}
		entries := []Entry{{Name: "shop", Policy: Policy{Key: &KeyProperties{Kty: "EC", Curve: "P-256"}, X509: &X509Properties{Subject: "CN=shop"}, Issuer: &IssuerParameters{Name: "Self"}}, Issued: []Issue{{At: noon}}}}
		var filled bool
		var err error
		go func() { filled, err = s.Fill(t.Context(), entries) }()
		synctest.Wait() // it waits, or is done too early
		if err := s.Load(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if empty, loadErr := s.empty(); !filled || err != nil || empty || loadErr != nil {
			t.Errorf("filled %t (%v) and is empty %t (%v)", filled, err, empty, loadErr)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestUnwritableStateIsToldOnClose(t *testing.T) {
	dir := t.TempDir()
	first := openBench(t, dir)
	s := New(Options{Dir: filepath.Join(dir, "other"), CA: first.ca, Identity: first.identity, Now: first.now})
	if err := s.Load(); err != nil {
		t.Fatal(err)
	}
	b := &bench{Server: s, t: t, clock: first.clock}
	if err := os.RemoveAll(filepath.Join(dir, "other")); err != nil {
		t.Fatal(err)
	}
	b.create("shop", "Unknown")
	if err := s.Close(); err == nil {
		t.Error("lost state was not told")
	}
}

func TestIdentityIsKept(t *testing.T) {
	dir := t.TempDir()
	one, err := OpenIdentity(dir, noon)
	if err != nil {
		t.Fatal(err)
	}
	two, err := OpenIdentity(dir, noon.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if one.ClientSecret != two.ClientSecret || one.TenantID != two.TenantID || !one.Created.Equal(two.Created) {
		t.Error("another identity the second time")
	}
	if other, err := OpenIdentity(t.TempDir(), noon); err != nil || other.ClientSecret == one.ClientSecret {
		t.Errorf("two folders share a secret, %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, identityFile), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenIdentity(dir, noon); err == nil {
		t.Error("an empty identity was taken")
	}
}

func TestRequestsWaitForTheState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		first := openBench(t, dir)
		b := &bench{Server: New(Options{Dir: filepath.Join(dir, "other"), CA: first.ca, Identity: first.identity, Now: first.now}), t: t, clock: first.clock}
		status := make(chan int, 1)
		go func() { status <- b.get("/certificates").status }()
		synctest.Wait() // the request can get no further by itself
		select {
		case s := <-status:
			t.Fatalf("answered %d before the state was there", s)
		default:
		}
		// The challenge needs no state.
		b.request(http.MethodGet, "/certificates"+version74, "", "Authorization", "").want(http.StatusUnauthorized)
		if err := b.Load(); err != nil {
			t.Fatal(err)
		}
		if s := <-status; s != http.StatusOK {
			t.Errorf("status %d", s)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestFillOnce(t *testing.T) {
	b := newBench(t)
	entries := []Entry{{Name: "shop", Policy: Policy{Key: &KeyProperties{Kty: "EC"}, X509: &X509Properties{Subject: "CN=a"}}, Asked: &Asked{At: noon}}}
	if filled, err := b.Fill(t.Context(), entries); !filled || err != nil {
		t.Fatal(filled, err)
	}
	before := b.get("/certificates/shop/pending").text
	if filled, err := b.Fill(t.Context(), entries); filled || err != nil {
		t.Errorf("filled again: %v, %v", filled, err)
	}
	if got := b.get("/certificates/shop/pending").text; got != before {
		t.Error("filling again changed the state")
	}
}

func TestFillIsAllOrNothing(t *testing.T) {
	b := newBench(t)
	good := Policy{Key: &KeyProperties{Kty: "EC"}, X509: &X509Properties{Subject: "CN=a"}}
	for _, bad := range []Entry{
		{Name: "bad", Policy: Policy{}},
		{Name: "bad", Policy: good, Asked: &Asked{At: noon, Outcome: Failed}}, // nobody refuses a manual request
	} {
		if _, err := b.Fill(t.Context(), []Entry{{Name: "good", Policy: good, Asked: &Asked{At: noon}}, bad}); err == nil {
			t.Error("a bad entry was taken")
		}
		b.get("/certificates/good").want(http.StatusNotFound)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Fill(ended, []Entry{{Name: "good", Policy: good, Asked: &Asked{At: noon}}}); err == nil {
		t.Error("filled after the context had ended")
	}
}

func TestStockGivesDistinctKeys(t *testing.T) {
	b := newBench(t)
	b.StockKeys()
	b.StockKeys() // once is enough
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	for range 4 {
		wg.Go(func() {
			key, err := b.keys.take(&KeyProperties{Kty: "RSA", Size: 2048})
			if err != nil {
				t.Error(err)
				return
			}
			der, err := marshalKey(key)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if seen[string(der)] {
				t.Error("one key was given twice")
			}
			seen[string(der)] = true
		})
	}
	wg.Wait()
}
