package poll

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"certty/backend/scm"
)

// BenchmarkMemoryPerOrder reports what a row of an SCM account costs on the heap:
// 10 000 orders of three years with two names, a reference and the rest that a
// report tells, decoded from a service's answers.
func BenchmarkMemoryPerOrder(b *testing.B) {
	const rows = 10_000
	now := time.Now()
	web := httptest.NewServer(ordersOf(rows, now))
	defer web.Close()
	account, err := scm.New(scm.Options{Name: "v", URL: strings.Replace(web.URL, "http:", "https:", 1) + "/api", CustomerURI: "acme",
		Wrap:       func(inner http.RoundTripper) http.RoundTripper { return plain{inner} },
		Credential: scm.Credential{Kind: scm.CredentialPassword, Login: "api", Secret: func(context.Context) (string, error) { return "Secret-1", nil }}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		before := inUse()
		l := newLoop(New(account, &keeper{}, Options{}))
		l.load(b.Context())
		for page, err := range account.Sweep(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			l.listed(page, &sweep{started: now, asked: now}, time.Now())
		}
		if got := len(l.known.Items()); got != rows || l.known.Items()[rows/2].Order.Profile == "" {
			b.Fatalf("%d rows", got)
		}
		web.CloseClientConnections()
		b.ReportMetric(float64(inUse()-before)/rows, "B/order")
		runtime.KeepAlive(l)
	}
}

// plain calls the test's server without TLS.
type plain struct{ http.RoundTripper }

func (p plain) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme = "http"
	return p.RoundTripper.RoundTrip(r)
}

// ordersOf answers the list and the report of n issued orders.
func ordersOf(n int, now time.Time) http.Handler {
	const iso = "2006-01-02T15:04:05.000Z"
	mux := http.NewServeMux()
	name := func(i int) string { return fmt.Sprintf("host-%05d.shop.example.com", i) }
	mux.HandleFunc("GET /api/ssl/v1", func(w http.ResponseWriter, r *http.Request) {
		position, _ := strconv.Atoi(r.URL.Query().Get("position"))
		size, _ := strconv.Atoi(r.URL.Query().Get("size"))
		w.Header().Set("X-Total-Count", strconv.Itoa(n))
		rowsBetween(w, position, min(position+size, n), "[", "]", func(i int) string {
			return fmt.Sprintf(`{"sslId":%d,"commonName":%q,"subjectAlternativeNames":[%q],"serialNumber":"%032X"}`, i+1, name(i), "www."+name(i), i+1)
		})
	})
	mux.HandleFunc("POST /api/report/v1/ssl-certificates", func(w http.ResponseWriter, r *http.Request) {
		var body struct{ From, To, CertificateDateAttribute string }
		_ = json.NewDecoder(r.Body).Decode(&body)
		from, _ := time.Parse(iso, body.From)
		to, _ := time.Parse(iso, body.To)
		requested := func(i int) time.Time {
			return now.Add(-time.Duration(i) * (3 * 365 * 24 * time.Hour / time.Duration(n)))
		}
		first, last := 0, n
		for first < n && !requested(first).Before(to) {
			first++
		}
		for last > first && requested(last-1).Before(from) {
			last--
		}
		if body.CertificateDateAttribute != "4" {
			last = first
		}
		rowsBetween(w, first, last, `{"statusCode":0,"reports":[`, `]}`, func(i int) string {
			at := requested(i).Format(iso)
			return fmt.Sprintf(`{"id":%d,"orgId":10,"organizationName":"Example Trading Company","commonName":%q,"status":"Issued",
				"backendCertId":"20450%05d","requester":"API Administrator","externalRequester":"team-%d@example.com","requestedVia":"REST API",
				"comments":"certty:0123456789abcdef:1 shop number %d","term":199,"serialNumber":"%032X","typeId":101,"type":"Sectigo OV SSL",
				"subjAltNames":"%s; www.%s","issuer":"CN=Sectigo RSA Organization Validation Secure Server CA, O=Sectigo Limited, C=GB",
				"sha1":"%040x","publicKeyAlg":"RSA","publicKeySize":"2048","requested":%q,"approved":%q,"issued":%q,"expires":%q}`,
				i+1, name(i), i, i%20, i, i+1, name(i), name(i), i, at, at, at, requested(i).AddDate(0, 0, 199).Format(iso))
		})
	})
	return mux
}

func rowsBetween(w http.ResponseWriter, from, to int, open, end string, row func(int) string) {
	var body strings.Builder
	body.WriteString(open)
	for i := from; i < to; i++ {
		if i > from {
			body.WriteByte(',')
		}
		body.WriteString(row(i))
	}
	body.WriteString(end)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(body.String()))
}
