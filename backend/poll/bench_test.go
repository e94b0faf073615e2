package poll

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"certty/model"
)

// instant is a fake whose answers take no time, with 10 000 rows.
func instant() *fake {
	f := newFake().issued(10_000)
	f.page, f.read = 0, 0
	return f
}

// BenchmarkFirstSweep lists 10 000 rows in 400 pages and reads every request.
func BenchmarkFirstSweep(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		ctx, cancel := context.WithCancel(b.Context())
		p := New(instant(), &keeper{}, Options{})
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		box := p.Subscribe()
		for {
			s, err := box.Wait(ctx)
			if err != nil {
				b.Fatal(err)
			}
			if s.Snapshot.Len() == 10_000 && allRead(s.Snapshot) {
				break
			}
		}
		cancel()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
	}
}

func allRead(s *model.Snapshot) bool {
	for _, it := range s.Items() {
		if it.Deletion == nil && it.RequestReadAt.IsZero() {
			return false
		}
	}
	return true
}

// pages cuts n rows into pages of 25.
func pages(n int) []model.Page {
	var out []model.Page
	for i := range n {
		if i%25 == 0 {
			out = append(out, model.Page{Fields: model.FieldListing, AsOf: epoch})
		}
		p := &out[len(out)-1]
		p.Items = append(p.Items, model.Item{Ref: certificate(fmt.Sprintf("cert-%06d", i)), Certificate: model.Certificate{
			Issued: true, Enabled: true, Thumbprint: fmt.Sprintf("%040x", i), Subject: "CN=some.example.org"}})
	}
	return out
}

// BenchmarkMerge is what the model costs a sweep: 400 pages merged into a
// snapshot that grows, and into one that knows every row.
func BenchmarkMerge(b *testing.B) {
	list := pages(10_000)
	sweep := func(d *model.Draft) {
		for _, p := range list {
			d.Merge(p)
		}
	}
	b.Run("growing", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sweep(model.NewSnapshot("v", nil, time.Time{}).Draft())
		}
	})
	full := model.NewSnapshot("v", nil, time.Time{}).Draft()
	sweep(full)
	b.Run("known", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sweep(full)
		}
	})
	// The dearest way: a screen is shown every page.
	b.Run("shown", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s := full.Snapshot()
			for _, p := range list {
				s = s.Merge(p)
			}
		}
	})
	b.Run("one answer", func(b *testing.B) {
		b.ReportAllocs()
		answer := model.Page{Fields: model.FieldRequest, AsOf: epoch, Items: []model.Item{{Ref: certificate("cert-005000")}}}
		for b.Loop() {
			full.Merge(answer)
		}
	})
}

// BenchmarkSteadySweep is a sweep of 10 000 rows in which nothing changed.
func BenchmarkSteadySweep(b *testing.B) {
	f := instant()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	p := New(f, &keeper{}, Options{})
	l := newLoop(p)
	l.load(ctx)
	list := pages(10_000)
	for _, page := range list {
		l.listed(page, &sweep{asked: epoch, started: epoch}, epoch)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, page := range list {
			l.listed(page, &sweep{asked: epoch, started: epoch}, epoch)
		}
	}
}

// BenchmarkMemoryPerRow reports what a row costs while it waits to be read and
// when nothing is to be done for it.
func BenchmarkMemoryPerRow(b *testing.B) {
	const rows = 10_000
	for b.Loop() {
		list := pages(rows)
		before := inUse()
		l := newLoop(New(newFake(), &keeper{}, Options{}))
		l.load(b.Context())
		for _, page := range list {
			l.listed(page, &sweep{asked: epoch, started: epoch}, epoch)
		}
		waiting := inUse()
		clear(l.schedule.jobs)
		l.schedule = newSchedule()
		idle := inUse()
		b.ReportMetric(float64(waiting-before)/rows, "B/row-waiting")
		b.ReportMetric(float64(idle-before)/rows, "B/row-idle")
		runtime.KeepAlive(l)
		runtime.KeepAlive(list)
	}
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
