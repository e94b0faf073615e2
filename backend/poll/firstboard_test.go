package poll

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/model"
)

// bigVault is a target with 5 000 certificates, of which 200 have nothing but a
// request in progress, and 20 ms for each answer.
func bigVault() *fake {
	f := newFake()
	f.page, f.read = 20*time.Millisecond, 20*time.Millisecond
	f.issued(4800)
	for i := range 200 {
		f.pending(fmt.Sprintf("cert-%05d-p", i*24), time.Minute)
	}
	return f
}

// firstBoard is how long the list alone takes, page after page, and when the
// poller shows the first rows, all rows, and the status of every request that
// the list gives away, which is that of rows without a certificate.
type firstBoard struct{ chain, first, rows, statuses time.Duration }

func (f firstBoard) ratio(d time.Duration) float64 { return float64(d) / float64(f.chain) }

func measureFirstBoard(ctx context.Context, b backend.Backend, rows int) (m firstBoard, err error) {
	begun := time.Now()
	for _, err := range b.Capabilities().Sweep.Sweep(ctx) {
		if err != nil {
			return m, err
		}
	}
	m.chain = time.Since(begun)

	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	p := New(b, &keeper{}, Options{})
	begun = time.Now()
	go func() { ended <- p.Run(ctx) }()
	defer func() {
		cancel()
		err = <-ended
	}()
	box := p.Subscribe()
	defer box.Close()
	for m.rows == 0 || m.statuses == 0 {
		s, err := box.Wait(ctx)
		if err != nil {
			return m, err
		}
		if s.Snapshot.Len() > 0 && m.first == 0 {
			m.first = time.Since(begun)
		}
		if s.Snapshot.Len() < rows {
			continue
		}
		if m.rows == 0 {
			m.rows = time.Since(begun)
		}
		if !slices.ContainsFunc(s.Snapshot.Items(), func(it *model.Item) bool { return !it.Certificate.Issued && it.RequestReadAt.IsZero() }) {
			m.statuses = time.Since(begun)
		}
	}
	return m, nil
}

// On a clock that only calls move, every row and every status that the list
// gives away stands within 1.25 times the time of the page chain alone, and the
// first rows with the first page.
func TestFirstBoard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, err := measureFirstBoard(t.Context(), bigVault(), 5000)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("the list alone takes %v; first rows after %v, all after %v (%.3f), all statuses after %v (%.3f)",
			m.chain, m.first, m.rows, m.ratio(m.rows), m.statuses, m.ratio(m.statuses))
		if m.first > 20*time.Millisecond {
			t.Errorf("first rows after %v, want them with the first page", m.first)
		}
		if m.ratio(m.rows) > 1.25 || m.ratio(m.statuses) > 1.25 {
			t.Errorf("rows after %.3f and statuses after %.3f times the list alone, want 1.25 at most", m.ratio(m.rows), m.ratio(m.statuses))
		}
	})
}

// BenchmarkFirstBoard is TestFirstBoard over the wall clock, with all that the
// poller itself costs.
func BenchmarkFirstBoard(b *testing.B) {
	for b.Loop() {
		m, err := measureFirstBoard(b.Context(), bigVault(), 5000)
		if err != nil {
			b.Fatal(err)
		}
		report(b, m)
	}
}

func report(b *testing.B, m firstBoard) {
	b.ReportMetric(m.chain.Seconds()*1000, "ms/list-alone")
	b.ReportMetric(m.first.Seconds()*1000, "ms/first-rows")
	b.ReportMetric(m.ratio(m.rows), "x/rows")
	b.ReportMetric(m.ratio(m.statuses), "x/statuses")
}
