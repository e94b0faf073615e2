package vault

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

func TestThrottledReadIsNotSleptThrough(t *testing.T) {
	for wait, want := range map[string]time.Duration{"120": 2 * time.Minute, "": 0} {
		s := newService(t)
		s.on("GET /certificates/web/pending", func(w http.ResponseWriter, _ *http.Request) {
			if wait != "" {
				w.Header().Set("Retry-After", wait)
			}
			writeJSON(w, 429, kvError("Throttled", "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached", ""))
		})
		_, err := s.vault(t).Read(t.Context(), webRequest())
		if e := fails(t, err, backend.KindThrottled); e.RetryAfter != want || e.Status != 429 {
			t.Errorf("error %+v, want to wait %v", e, want)
		}
		if n := s.count("GET"); n != 1 {
			t.Errorf("%d calls, want one", n)
		}
	}
}

func TestReadIsRepeatedAFewTimes(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates/web/pending", func(w http.ResponseWriter, _ *http.Request) {
		if s.count("GET") < 3 {
			writeJSON(w, 503, "")
			return
		}
		writeJSON(w, 200, operation(nil))
	})
	if _, err := s.vault(t).Read(t.Context(), webRequest()); err != nil {
		t.Errorf("two failures and a success: %v", err)
	}
	s = newService(t)
	s.on("GET /certificates/web/pending", answering(500, "<title>Oops</title>"))
	_, err := s.vault(t).Read(t.Context(), webRequest())
	fails(t, err, backend.KindUnavailable)
	if n := s.count("GET"); n != 3 {
		t.Errorf("%d calls, want three", n)
	}
}

// TestEndlessAnswer is given up, and not asked for again.
func TestEndlessAnswer(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates/web/pending", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		chunk := bytes.Repeat([]byte(" "), 1<<20)
		for range 4 * maxBody >> 20 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	_, err := s.vault(t).Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindOther); !strings.Contains(e.Message, "larger than 16 MB") {
		t.Errorf("message %q", e.Message)
	}
	if n := s.count("GET"); n != 1 {
		t.Errorf("%d calls, want one", n)
	}
}

func TestUnreadableReads(t *testing.T) {
	tests := map[string]struct {
		answer http.HandlerFunc
		kind   backend.ErrorKind
	}{
		"truncated JSON": {answering(200, `{"id":"https://x/certificates/web/pen`), backend.KindOther},
		"other JSON":     {answering(200, `{"status_details":"x"}`), backend.KindOther},
		"list":           {answering(200, `[]`), backend.KindOther},
		"empty":          {answering(200, ""), backend.KindOther},
		"page":           {answering(200, "<html><title>Sign in to the network</title></html>"), backend.KindOther},
		"404 of a proxy": {answering(404, "<title>Not found</title>"), backend.KindOther},
		"other 404":      {answering(404, kvError("ResourceNotFound", "x", "")), backend.KindNotFound},
		"cut off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9")
			w.WriteHeader(200)
		}, backend.KindNetwork},
		"dropped": {drop, backend.KindNetwork},
		"too large": {func(w http.ResponseWriter, _ *http.Request) {
			chunk := make([]byte, 1<<20)
			for range 17 {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, backend.KindOther},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("GET /certificates/web/pending", tc.answer)
			_, err := s.vault(t).Read(t.Context(), webRequest())
			fails(t, err, tc.kind)
		})
	}
}

// TestUnchanged answers 304: it is no news and no failure, and no ground for a
// change either.
func TestUnchanged(t *testing.T) {
	s := newService(t)
	s.on("/", answering(304, ""))
	v := s.vault(t)
	for _, ref := range []model.Ref{webRequest(), webCertificate()} {
		if page, err := v.Read(t.Context(), ref); err != nil || page.Fields != 0 || len(page.Items) != 0 || page.AsOf.IsZero() {
			t.Errorf("%v reads as %+v, %v; want no news", ref, page, err)
		}
	}
	for name, sweep := range map[string]backend.Sweeper{"live": v, "deleted": v.Capabilities().SweepDeleted} {
		pages := 0
		for page, err := range sweep.Sweep(t.Context()) {
			pages++
			if err != nil || len(page.Items) != 0 || page.Summary == nil || page.Summary.Complete {
				t.Errorf("%s: %+v, %v; want a sweep that was cut short and says nothing", name, page, err)
			}
		}
		if pages != 1 {
			t.Errorf("%s: %d pages", name, pages)
		}
	}
	_, err := v.Cancel(t.Context(), webRequest())
	if e := fails(t, err, backend.KindOther); !strings.Contains(e.Message, "nothing has changed") {
		t.Errorf("message %q", e.Message)
	}
	if n := len(s.seen()) - s.count(http.MethodGet); n != 0 {
		t.Errorf("%d changing calls", n)
	}
}
