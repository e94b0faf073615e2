package walk

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"certty/backend/sandbox"
	"certty/backend/sandbox/scenario"
	"certty/backend/sandbox/scmserver"
	"certty/ui/ptytest"
)

// BenchmarkMemoryOfOrders is the memory of a console at rest that has 10 000
// imported certificates of a vault and so many orders of a CA account on its
// board, over a whole minute, in which each target is read once, and what one more
// order costs: vault and account run in the process of the benchmark. Run it with
// -benchtime 1x.
func BenchmarkMemoryOfOrders(b *testing.B) {
	var last float64
	before := 0
	for _, orders := range []int{0, 10_000, 20_000} {
		b.Run(strconv.Itoa(orders), func(b *testing.B) {
			for b.Loop() {
				rest := measureOrders(b, orders)
				if orders > before {
					b.ReportMetric((rest-last)*1000/float64(orders-before), "KB/order")
				}
				last, before = rest, orders
			}
		})
	}
}

// measureOrders gives the mean resident memory at rest in megabytes.
func measureOrders(b *testing.B, orders int) float64 {
	b.Helper()
	const certificates, settle, cycle = 10_000, 30, 60
	s := newStock(b, certificates, 0, 0)
	h := newHome(b, s.service)
	h.addAccount(orders)
	term := h.startWith(ptytest.Options{Path: ptytest.Build(b, "certty"), Cols: 160, Rows: 50})
	// That takes longer than anything else that a walk waits for.
	full := []string{"● prod 10000", fmt.Sprintf("● sectigo %d", orders), fmt.Sprintf("%[1]d of %[1]d", certificates+orders)}
	for limit := time.Now().Add(5 * time.Minute); !term.Screen().Contains(full...); {
		if time.Now().After(limit) {
			b.Fatalf("never every row:\n%s", term.Screen())
		}
		time.Sleep(50 * time.Millisecond) // between two looks at the screen
	}
	waitUntil(b, "every request to be read", func() bool { return s.count("GET /certificates/row-") >= certificates })
	time.Sleep(settle * time.Second) // until what was read is saved, and what that took is given back
	peak := resident(b, term.PID(), "VmHWM")
	listed, worked := s.count("GET /certificates"), ticks(b, term.PID())
	var sizes []float64
	for range cycle {
		time.Sleep(time.Second) // the span that is measured
		sizes = append(sizes, resident(b, term.PID(), "VmRSS"))
	}
	worked = ticks(b, term.PID()) - worked
	if pages := s.count("GET /certificates") - listed; pages < certificates/pageOf {
		b.Errorf("%d pages were listed meanwhile, which is no whole cycle", pages)
	}
	var sum float64
	for _, size := range sizes {
		sum += size
	}
	mean := sum / cycle
	b.ReportMetric(mean, "MB-mean")
	b.ReportMetric(slices.Min(sizes), "MB-low")
	b.ReportMetric(slices.Max(sizes), "MB-high")
	b.ReportMetric(peak, "MB-first-read")
	b.ReportMetric(float64(worked)/cycle, "%CPU") // a tick is 10 ms
	b.ReportMetric(0, "ns/op")
	term.Keys("q")
	term.Wait()
	return mean
}

// addAccount configures an account with orders of three years, each with two
// names and a comment.
func (h *home) addAccount(orders int) {
	h.tb.Helper()
	now := time.Now()
	account := scenario.SCM(now)
	account.Orders = nil
	for i := range orders {
		name := fmt.Sprintf("host-%05d.shop.example.com", i)
		asked := now.Add(-time.Duration(orders-i) * (3 * 365 * 24 * time.Hour / time.Duration(orders)))
		account.Orders = append(account.Orders, scmserver.Entry{
			CommonName: name, Names: []string{name, "www." + name}, Organization: scenario.OrgExample, Profile: scenario.ProfileQuick, Term: 199,
			Requested: asked, Since: asked, Status: scmserver.StatusIssued, Comments: fmt.Sprintf("certty:%016x:1 shop number %d", i, i),
			ExternalRequester: fmt.Sprintf("team-%d@example.com", i%20),
		})
	}
	box, err := sandbox.Start(h.tb.Context(), sandbox.Options{Dir: filepath.Join(h.dir, "sandbox")})
	if err != nil {
		h.tb.Fatal(err)
	}
	h.tb.Cleanup(func() {
		if err := box.Close(); err != nil {
			h.tb.Error(err)
		}
	})
	a := box.Access()
	if filled, err := box.SCM().Fill(h.tb.Context(), account); err != nil || !filled {
		h.tb.Fatalf("filled %t, %v", filled, err)
	}
	path := filepath.Join(h.dir, "config", "certty", "config.yaml")
	config, err := os.ReadFile(path)
	if err != nil {
		h.tb.Fatal(err)
	}
	h.write("config/certty/config.yaml", string(config)+fmt.Sprintf(`  - name: sectigo
    kind: scm
    url: %s
    ca_file: %s
    customer_uri: %s
    credential: {kind: password, login: %s, password: {file: %s}}
`, a.SCM.URL, a.CAFile, a.SCM.CustomerURI, a.SCM.Login, h.write("password", a.SCM.Password)))
}
