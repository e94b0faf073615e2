package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

func openForTest(tb testing.TB, dir string) *Store {
	tb.Helper()
	s, err := Open(tb.Context(), Options{StateDir: dir + "/state", CacheDir: dir + "/cache"})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	return s
}

// fullItem is a row of which everything was read.
func fullItem(target string, i int) model.Item {
	random := rand.New(rand.NewPCG(uint64(i), 1))
	blob := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	name := fmt.Sprintf("shop-frontend-%05d", i)
	at := time.Date(2026, 11, 1, 0, 0, i, 0, time.UTC)
	host := name + ".example.com"
	return model.Item{
		Ref: model.Ref{Target: target, Kind: model.KindCertificate, Key: name},
		Certificate: model.Certificate{
			Version: fmt.Sprintf("%032x", i), Issued: true, Enabled: true,
			Subject: "CN=" + host + ", O=Example GmbH, C=DE", Thumbprint: fmt.Sprintf("%040x", i),
			NotBefore: at, NotAfter: at.AddDate(0, 0, 199), Created: at, Updated: at,
			Tags: map[string]string{"owner": "shop", "stage": "prod"}, RecoveryLevel: "Recoverable+Purgeable",
			DER: blob(1500), Issuer: "CN=Example Issuing CA 3, O=Example", Serial: fmt.Sprintf("%032x", i),
			SANs: model.SANs{DNS: []string{host, "www." + host}}, KeyType: "RSA 2048",
		},
		Request: &model.Request{
			ID: fmt.Sprintf("%032x", i), Status: "completed", Phase: model.PhaseCompleted,
			Issuer: model.Issuer{Name: "Unknown"}, CSR: blob(900), Target: "https://v.example/certificates/" + name, Since: at,
		},
		ListedAt: at, RequestReadAt: at, CertificateReadAt: at,
	}
}

func fullSnapshot(target string, n int) *model.Snapshot {
	items := make([]*model.Item, n)
	for i := range items {
		it := fullItem(target, i)
		items[i] = &it
	}
	return model.NewSnapshot(target, items, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
}

// changedSnapshot is fullSnapshot, each row with other content.
func changedSnapshot(target string, n int) *model.Snapshot {
	s := fullSnapshot(target, n)
	for _, it := range s.Items() {
		it.Certificate.Enabled = false
	}
	return s
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	s := openForTest(b, dir)
	if err := s.SaveSnapshot(b.Context(), fullSnapshot("prod", 1000)); err != nil {
		b.Fatal(err)
	}
	s.Close()
	for b.Loop() {
		s, err := Open(b.Context(), Options{StateDir: dir + "/state", CacheDir: dir + "/cache"})
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

func BenchmarkLoadSnapshot(b *testing.B) {
	for _, what := range []string{"listed", "request", "everything"} {
		for _, n := range []int{1000, 10_000} {
			b.Run(fmt.Sprintf("%s %d", what, n), func(b *testing.B) {
				s := openForTest(b, b.TempDir())
				if err := s.SaveSnapshot(b.Context(), partSnapshot(what, n)); err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					snap, err := s.LoadSnapshot(b.Context(), "prod")
					if err != nil || snap.Len() != n {
						b.Fatal(snap.Len(), err)
					}
				}
			})
		}
	}
}

// partSnapshot holds rows of which only a list was read, or their requests as
// well, or everything.
func partSnapshot(what string, n int) *model.Snapshot {
	items := make([]*model.Item, n)
	for i := range items {
		it := fullItem("prod", i)
		if what != "everything" {
			c := &it.Certificate
			c.Version, c.DER, c.Issuer, c.Serial, c.SANs, c.KeyType = "", nil, "", "", model.SANs{}, ""
		}
		if what == "listed" {
			it.Request = nil
		}
		items[i] = &it
	}
	return model.NewSnapshot("prod", items, time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
}

// listing is a page in which every row was seen again.
func listing(s *model.Snapshot, at time.Time) model.Page {
	p := model.Page{Fields: model.FieldListing, AsOf: at}
	for _, it := range s.Items() {
		p.Items = append(p.Items, model.Item{Ref: it.Ref, Certificate: it.Certificate})
	}
	return p
}

func BenchmarkSaveSnapshot(b *testing.B) {
	b.Run("one row of 10000", func(b *testing.B) {
		s := openForTest(b, b.TempDir())
		prev := fullSnapshot("prod", 10_000)
		if err := s.SaveSnapshot(b.Context(), prev); err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			it := fullItem("prod", 77)
			it.Certificate.Subject = fmt.Sprint(i)
			next := prev.Merge(model.Page{Fields: model.FieldListing, AsOf: it.ListedAt.Add(time.Hour), Items: []model.Item{it}})
			if err := s.SaveSnapshot(b.Context(), next); err != nil {
				b.Fatal(err)
			}
			prev = next
		}
	})
	b.Run("10000 seen again", func(b *testing.B) {
		s := openForTest(b, b.TempDir())
		prev := fullSnapshot("prod", 10_000)
		if err := s.SaveSnapshot(b.Context(), prev); err != nil {
			b.Fatal(err)
		}
		at := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
		for b.Loop() {
			at = at.Add(time.Minute)
			next := prev.Merge(listing(prev, at))
			if err := s.SaveSnapshot(b.Context(), next); err != nil {
				b.Fatal(err)
			}
			prev = next
		}
	})
	b.Run("10000 new", func(b *testing.B) {
		s := openForTest(b, b.TempDir())
		snaps := [...]*model.Snapshot{fullSnapshot("prod", 10_000), changedSnapshot("prod", 10_000)}
		for i := 0; b.Loop(); i++ {
			if err := s.SaveSnapshot(b.Context(), snaps[i%2]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkBegin(b *testing.B) {
	s := openForTest(b, b.TempDir())
	intent := backend.Intent{At: time.Now(), Actor: "ada", Op: "merge", Detail: "x5t#S256=00"}
	for b.Loop() {
		if _, err := s.Begin(b.Context(), intent); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkItemCodec(b *testing.B) {
	it := fullItem("prod", 1)
	value := appendItem(nil, &it)
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			value = appendItem(value[:0], &it)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			got, _, err := decodeItem("prod", value)
			if err != nil || !bytes.Equal(got.Certificate.DER, it.Certificate.DER) {
				b.Fatal(err)
			}
		}
	})
}
