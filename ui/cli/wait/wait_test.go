package wait

import (
	"slices"
	"strings"
	"testing"
	"time"

	"certty/model"
	"certty/ui/cli/command"
)

func TestWaitable(t *testing.T) {
	for word, want := range map[string]string{
		"completed": "completed", "Issued": "issued", "waits: merge": "waits: merge", "waits-merge": "waits: merge", "SOFT DELETED": "soft-deleted", "": "", "merged": "",
	} {
		if got, err := waitable(word); got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q (%v)", word, got, err)
		}
	}
}

// TestStatesForTheShell: each state is offered in a form without quotes, which
// means that state.
func TestStatesForTheShell(t *testing.T) {
	known := waitables()
	for i, word := range plainStates() {
		got, err := waitable(word)
		if err != nil || got != known[i] {
			t.Errorf("%q is %q (%v), want %q", word, got, err, known[i])
		}
		if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz-") != "" {
			t.Errorf("%q is not plain", word)
		}
	}
	complete, ok := New(&command.Env{}).GetFlagCompletionFunc("for")
	if !ok {
		t.Fatal("--for is not completed")
	}
	if got, _ := complete(nil, nil, ""); !slices.Contains(got, "waits-merge") || !slices.Contains(got, "issued") {
		t.Errorf("offered: %q", got)
	}
}

// TestReached: what counts as reached and what as ended otherwise.
func TestReached(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	issued := model.Certificate{Issued: true, Enabled: true, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(100 * time.Hour)}
	request := func(p model.Phase, c model.Certificate) model.Item {
		return model.Item{RequestReadAt: now, CertificateReadAt: now, Certificate: c, Request: &model.Request{Phase: p, Status: string(p)}}
	}
	order := func(p model.OrderPhase) model.Item {
		return model.Item{RequestReadAt: now, Order: &model.Order{ID: "1", Phase: p, Status: string(p)}}
	}
	for _, tt := range []struct {
		name           string
		it             model.Item
		want           string
		reached, ended bool
	}{
		{"in progress", request(model.PhaseInProgress, model.Certificate{}), forCompleted, false, false},
		{"a renewal in progress is not issued", request(model.PhaseInProgress, issued), forIssued, false, false},
		{"completed", request(model.PhaseCompleted, issued), forCompleted, true, true},
		{"failed", request(model.PhaseFailed, model.Certificate{}), forCompleted, false, true},
		{"failed, as it is waited for", request(model.PhaseFailed, model.Certificate{}), "failed", true, true},
		{"imported, without a request", model.Item{Certificate: issued}, forIssued, true, true},
		{"no request is none that completed", model.Item{Certificate: issued}, forCompleted, false, true},
		{"valid may come", model.Item{}, "valid", false, false},
		{"waits for the merge", request(model.PhaseInProgress, model.Certificate{}), "waits: merge", true, false},
		{"an order that is issued", order(model.OrderIssued), forCompleted, true, true},
		{"an order that is revoked", order(model.OrderRevoked), forIssued, false, true},
		{"an order that goes on", order(model.OrderApplied), forIssued, false, false},
	} {
		if got := reached(&tt.it, tt.want, now); got != tt.reached {
			t.Errorf("%s: reached %v", tt.name, got)
		}
		if got := ended(&tt.it, tt.want); got != tt.ended {
			t.Errorf("%s: ended %v", tt.name, got)
		}
	}
}
