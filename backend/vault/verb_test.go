package vault

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestVerbOverride sends every change through a network that lets GET and POST
// through only. Reads stay what they are.
func TestVerbOverride(t *testing.T) {
	for _, header := range []string{"X-HTTP-METHOD", "X-HTTP-REQUEST"} {
		for name, ch := range changes {
			t.Run(header+" "+name, func(t *testing.T) {
				s := newService(t)
				verb, path, _ := strings.Cut(ch.pattern, " ")
				for pattern, read := range ch.first {
					s.on(pattern, read)
				}
				var named []string
				var body string
				s.on(exactly("POST "+path), func(w http.ResponseWriter, r *http.Request) {
					named = append(named, r.Header.Get(header))
					raw, _ := io.ReadAll(r.Body)
					body = string(raw)
					if r.ContentLength != int64(len(raw)) {
						t.Errorf("a body of %d bytes is said to have %d", len(raw), r.ContentLength)
					}
					writeJSON(w, 400, kvError("BadParameter", "x", ""))
				})
				blocked := s.blocking("PATCH", "DELETE")
				err := ch.call(t.Context(), s.vault(t, func(o *Options) { o.VerbOverride = header }))
				want := []string{map[string]string{"POST": ""}[verb]}
				if verb != http.MethodPost {
					want = []string{verb}
				}
				if err == nil || !slices.Equal(named, want) || *blocked != 0 {
					t.Errorf("%s was named as %q, %d calls were blocked, error %v", verb, named, *blocked, err)
				}
				if (body == "") != (verb == http.MethodDelete || name == "recover") {
					t.Errorf("the body of a %s is %q", verb, body)
				}
			})
		}
	}
}

// blocking refuses verbs as a proxy does, and counts them.
func (s *service) blocking(verbs ...string) *int {
	blocked := 0
	inner := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if slices.Contains(verbs, r.Method) {
			blocked++
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		inner.ServeHTTP(w, r)
	})
	return &blocked
}

// TestVerbsAreSentByDefault has no header where none was asked for.
func TestVerbsAreSentByDefault(t *testing.T) {
	s := newService(t)
	var headers http.Header
	s.on("DELETE /certificates/web", func(w http.ResponseWriter, r *http.Request) {
		headers = r.Header
		writeJSON(w, 200, deletedBundle(t, nil))
	})
	if _, err := s.vault(t).Delete(t.Context(), webCertificate()); err != nil {
		t.Fatal(err)
	}
	for name := range headers {
		if strings.HasPrefix(strings.ToLower(name), "x-http") {
			t.Errorf("%s was sent", name)
		}
	}
}
