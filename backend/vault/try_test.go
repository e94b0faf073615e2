package vault

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/model"
)

// silent is a server that takes a call and never answers.
type silent struct{ calls int }

func (s *silent) RoundTrip(req *http.Request) (*http.Response, error) {
	s.calls++
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

// TestNoAnswerEndsTheTry: a call that nobody bounds ends by itself, and is not
// made again.
func TestNoAnswerEndsTheTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var server silent
		v, err := New(Options{
			Name: "prod", URL: "https://127.0.0.1:1", Credential: Credential{Kind: CredentialAzureCLI},
			Wrap: func(http.RoundTripper) http.RoundTripper { return &server },
		})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, err = v.Read(t.Context(), model.Ref{Target: "prod", Kind: model.KindRequest, Key: "web"})
		if backend.KindOf(err) != backend.KindNetwork || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want one of the network and the deadline", err)
		}
		if took := time.Since(start); took != tryTime || server.calls != 1 {
			t.Errorf("%d calls took %s, want one of %s", server.calls, took, tryTime)
		}
	})
}
