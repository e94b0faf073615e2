package scmserver

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// BenchmarkFiveThousand is about an account of five thousand certificates: how
// long it takes to make, and to answer the calls that a client reads it with.
func BenchmarkFiveThousand(b *testing.B) {
	root, err := authority()
	if err != nil {
		b.Fatal(err)
	}
	many := smallScenario()
	for i := range 5000 {
		many.Orders = append(many.Orders, Entry{CommonName: fmt.Sprintf("n%d.example.com", i), Organization: orgAcme, Profile: quick, Term: 199, Requested: noon.Add(-time.Hour), Status: StatusIssued})
	}
	fill := func() *Server {
		s := New(Options{CA: root, Account: NewAccount(noon), Now: func() time.Time { return noon }})
		if _, err := s.Fill(b.Context(), many); err != nil {
			b.Fatal(err)
		}
		return s
	}
	b.Run("fill", func(b *testing.B) {
		for b.Loop() {
			fill()
		}
	})
	s := fill()
	a := s.Account()
	for name, ask := range map[string][3]string{
		"page": {http.MethodGet, "/api/ssl/v1?size=200&position=2000", ""}, "count": {http.MethodHead, "/api/ssl/v1?status=Requested", ""},
		"report": {http.MethodPost, reportPath, `{"certificateStatus":2}`},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), ask[0], ask[1], strings.NewReader(ask[2]))
				r.Header.Set("login", a.Login)
				r.Header.Set("password", a.Password)
				r.Header.Set("customerUri", a.CustomerURI)
				w := httptest.NewRecorder()
				if s.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatalf("%d %s", w.Code, w.Body)
				}
			}
		})
	}
}
