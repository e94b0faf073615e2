package walk

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"certty/ui/ptytest"
)

// pageOf is the size of Key Vault's list pages.
const pageOf = 25

// stock answers for a vault of many certificates, the first of which are
// requests in progress, each answer after a while.
type stock struct {
	*service
	certificates, requests int
	delay                  time.Duration
	// merged gives every issued certificate the completed request it came from,
	// with its CSR, as those have that were made in the vault.
	merged bool
	// csr is the CSR of all of them, in base64. Of an RSA 2048 key it has about
	// 600 bytes.
	csr string
}

func newStock(tb testing.TB, certificates, requests int, delay time.Duration) *stock {
	tb.Helper()
	s := &stock{service: newService(tb, "prod"), certificates: certificates, requests: requests, delay: delay}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "shop.example.com"}}, key)
	if err != nil {
		tb.Fatal(err)
	}
	s.csr = base64.StdEncoding.EncodeToString(csr)
	s.answers(s.page)
	s.answersElse(s.row)
	return s
}

func stockName(i int) string { return fmt.Sprintf("row-%05d", i) }

func (s *stock) page(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.delay) // the service's time for an answer
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	to := min(from+pageOf, s.certificates)
	var b strings.Builder
	b.WriteString(`{"value":[`)
	for i := from; i < to; i++ {
		if i > from {
			b.WriteString(",")
		}
		if i < s.requests {
			fmt.Fprintf(&b, `{"id":"%s/certificates/%s","attributes":{"enabled":false,"created":1700000000,"updated":1700000000}}`, s.URL, stockName(i))
		} else {
			b.WriteString(listed(s.URL, stockName(i), fmt.Sprintf(`,"subject":"CN=%s.example.com, O=Example, C=DE","tags":{"team":"team-%d","stage":"prod"}`, stockName(i), i%20)))
		}
	}
	b.WriteString(`],"nextLink":`)
	if to < s.certificates {
		fmt.Fprintf(&b, `"%s/certificates?api-version=7.5&from=%d"`, s.URL, to)
	} else {
		b.WriteString("null")
	}
	b.WriteString("}")
	answer(http.StatusOK, b.String())(w, r)
}

func (s *stock) row(w http.ResponseWriter, r *http.Request) {
	time.Sleep(s.delay)
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/certificates/"), "/")
	i, _ := strconv.Atoi(strings.TrimPrefix(name, "row-"))
	if rest != "pending" || i >= s.requests && !s.merged {
		s.issued(w, r)
		return
	}
	status := fmt.Sprintf(`"status":"completed","target":"%s/certificates/%s"`, s.URL, name)
	if i < s.requests {
		w.Header().Set("Retry-After", "10")
		status = `"status":"inProgress","status_details":"Pending certificate created."`
	}
	answer(http.StatusOK, fmt.Sprintf(`{"id":"%s/certificates/%s/pending","issuer":{"name":"Unknown"},"csr":"%s",%s,"cancellation_requested":false,"request_id":"%032d"}`,
		s.URL, name, s.csr, status, i))(w, r)
}

// chain walks the list alone, one page after the other, as fast as it can be
// walked.
func (s *stock) chain(b *testing.B) time.Duration {
	b.Helper()
	client := s.Client()
	start := time.Now()
	for from := 0; from < s.certificates; from += pageOf {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, s.URL+"/certificates?from="+strconv.Itoa(from), nil)
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+serviceToken)
		resp, err := client.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		if err := resp.Body.Close(); err != nil {
			b.Fatal(err)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}

// BenchmarkSweep is the whole program on 5 000 certificates, 200 of them
// requests in progress, at 20 ms an answer: from its start to the first rows,
// to every row and the status of every request, and beside them the chain of
// pages alone. Run it with -benchtime 1x.
func BenchmarkSweep(b *testing.B) {
	const certificates, requests = 5000, 200
	path := ptytest.Build(b, "certty")
	var first, full, alone time.Duration
	n := 0
	for b.Loop() {
		s := newStock(b, certificates, requests, 20*time.Millisecond)
		h := newHome(b, s.service)
		start := time.Now()
		term := h.startWith(ptytest.Options{Path: path})
		term.WaitText("row-0")
		first += time.Since(start)
		term.WaitText(fmt.Sprintf("%d of %d", certificates, certificates), fmt.Sprintf("%d waiting", requests))
		full += time.Since(start)
		term.Keys("q")
		term.Wait()
		alone += s.chain(b)
		n++
	}
	per := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(n) }
	b.ReportMetric(per(first), "ms-first-rows")
	b.ReportMetric(per(full), "ms-all")
	b.ReportMetric(per(alone), "ms-chain")
	b.ReportMetric(full.Seconds()/alone.Seconds(), "×chain")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkMemory is the memory of a console that has listed 10 000
// certificates and read the request of each, and what it costs at rest: the
// vault runs in the process of the benchmark. In an imported vault nearly no
// certificate has a request, in the other each has a completed one. Run it with
// -benchtime 1x.
func BenchmarkMemory(b *testing.B) {
	for _, merged := range []bool{false, true} {
		name := map[bool]string{false: "imported", true: "merged"}[merged]
		b.Run(name, func(b *testing.B) { measureMemory(b, merged) })
	}
}

func measureMemory(b *testing.B, merged bool) {
	b.Helper()
	const certificates, settle, span = 10_000, 5, 10
	path := ptytest.Build(b, "certty")
	for b.Loop() {
		s := newStock(b, certificates, 20, 0)
		s.merged = merged
		h := newHome(b, s.service)
		term := h.startWith(ptytest.Options{Path: path})
		term.WaitText(fmt.Sprintf("%d of %d", certificates, certificates), "20 waiting")
		waitUntil(b, "every row to be read", func() bool { return s.count("GET /certificates/row-") >= certificates })
		time.Sleep(settle * time.Second) // until what was read is saved
		worked := ticks(b, term.PID())
		time.Sleep(span * time.Second) // the span that is measured
		worked = ticks(b, term.PID()) - worked
		b.ReportMetric(resident(b, term.PID(), "VmRSS"), "MB")
		b.ReportMetric(resident(b, term.PID(), "VmHWM"), "MB-peak")
		b.ReportMetric(float64(worked)/span, "%CPU-at-rest") // a tick is 10 ms
		b.ReportMetric(0, "ns/op")
		term.Keys("q")
		term.Wait()
	}
}

// resident is a size of a process in megabytes, as proc(5) has it.
func resident(b *testing.B, pid int, field string) float64 {
	b.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		b.Skip("needs /proc: ", err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kB, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kB / 1000 * 1.024
		}
	}
	b.Fatalf("no %s in %s", field, status)
	return 0
}

// ticks is the processor time of a process in clock ticks, as proc(5) has it.
func ticks(b *testing.B, pid int) int {
	b.Helper()
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		b.Skip("needs /proc: ", err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		b.Fatal(err)
	}
	system, err := strconv.Atoi(fields[12])
	if err != nil {
		b.Fatal(err)
	}
	return user + system
}

// TestOneChangedRow: news of one row costs at most 250 bytes on the line,
// however wide the screen is.
func TestOneChangedRow(t *testing.T) {
	for _, cols := range []int{80, 120, 200, 300} {
		t.Run(strconv.Itoa(cols), func(t *testing.T) {
			t.Parallel()
			oneChangedRow(t, cols)
		})
	}
}

// nothingToDo counts the rows whose last column, which says what comes next, is
// empty: they end with the life that is left, in percent or days. Anything else
// that is said there, and be it cut to one letter, is said behind that.
func nothingToDo(s ptytest.Screen) (rows int) {
	for _, line := range s.Lines {
		board, _, _ := strings.Cut(line, "│")
		if restful.MatchString(strings.TrimRight(board, " ")) {
			rows++
		}
	}
	return rows
}

var restful = regexp.MustCompile(`● valid +row-[0-9]+ .*[0-9](%|d)$`)

func oneChangedRow(t *testing.T, cols int) {
	t.Helper()
	const most, changed = 250, 5
	s := newService(t, "prod")
	row := func(i int, more time.Duration) string {
		return listedUntil(s.URL, stockName(i), time.Duration(1000+200*i)*time.Hour+more, "")
	}
	rows := func(news string) http.HandlerFunc {
		items := make([]string, 15)
		for i := range items {
			items[i] = row(i, 0)
		}
		items[changed] = news
		return answer(http.StatusOK, `{"value":[`+strings.Join(items, ",")+`]}`)
	}
	s.answers(rows(row(changed, 0)))
	first := row(0, 0) // the row in the pane is read, and says what the list says
	s.answersElse(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/pending") {
			s.issued(w, r)
			return
		}
		answer(http.StatusOK, first)(w, r)
	})
	term := newHome(t, s).startWith(ptytest.Options{Path: ptytest.Build(t, "certty"), Cols: cols, Rows: 24})
	line := func(screen ptytest.Screen) string { return screen.Lines[max(0, screen.Line(stockName(changed)))] }
	term.WaitFor("every row to be read", func(screen ptytest.Screen) bool {
		return screen.Contains("● prod") && strings.Contains(line(screen), "67%") && nothingToDo(screen) == 15
	})
	longer := row(changed, 150*time.Hour)
	for _, news := range []struct{ row, shows string }{
		{longer, "68%"},
		{strings.Replace(longer, `"enabled":true`, `"enabled":false`, 1), "disabled"},
	} {
		for now := time.Now().Second(); now < 1 || now > 50; now = time.Now().Second() {
			time.Sleep(100 * time.Millisecond) // ages change on the whole minute
		}
		mark := term.Mark()
		s.answers(rows(news.row))
		insist(t, term, "r", "the changed row", func(screen ptytest.Screen) bool { return strings.Contains(line(screen), news.shows) })
		if sent := term.BytesSince(mark); len(sent) > most {
			t.Errorf("%s: %d bytes were sent, at most %d: %q", news.shows, len(sent), most, sent)
		} else {
			t.Logf("%s: %d bytes", news.shows, len(sent))
		}
	}
}
