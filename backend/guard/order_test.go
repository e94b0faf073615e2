package guard_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
)

// anOrder names an order with its certificate.
var anOrder = model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "7", Revision: "a1"}

// TestIntentOfAnOrderStandsBeforeTheCall: what costs money is written down
// before it is sent, with what finds it again.
func TestIntentOfAnOrderStandsBeforeTheCall(t *testing.T) {
	spec := model.OrderSpec{CommonName: "shop", SANs: []string{"a", "b"}, OrganizationID: 10, ProfileID: 101, Term: 199, Reference: "certty:0:1", Description: "private words"}
	placed := model.Page{Fields: model.FieldListing, Items: []model.Item{{Order: &model.Order{ID: "8"}}}}
	read := model.Page{Fields: model.FieldOrder, Items: []model.Item{{Order: &model.Order{ID: "7"}, Certificate: model.Certificate{Serial: "b2"}}}}
	both := model.Page{Fields: model.FieldOrder, Items: []model.Item{{Order: &model.Order{ID: "7"}}, {Order: &model.Order{ID: "9"}}}}
	for name, test := range map[string]struct {
		call     func(context.Context, backend.Capabilities) (backend.Change, error)
		ref      model.Ref
		detail   string
		page     model.Page
		revision string
	}{
		"order": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Order.Order(ctx, spec)
		},
			model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "certty:0:1"},
			`"shop", 2 SANs, organization 10, profile 101, 199 days, reference certty:0:1`, placed, "8"},
		"renew": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Renew.Renew(ctx, anOrder, model.RenewSpec{})
		}, anOrder, "with the old key", both, "9"},
		"renew, new key": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Renew.Renew(ctx, anOrder, model.RenewSpec{CSR: []byte("a CSR")})
		}, anOrder, "with a new CSR", both, "9"},
		"replace": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Replace.Replace(ctx, anOrder, model.ReplaceSpec{CommonName: "shop", Reason: "private words"})
		}, anOrder, `"shop"`, read, "7@b2"},
		"revoke": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Revoke.Revoke(ctx, anOrder, model.Revocation{Reason: model.ReasonKeyCompromise, Message: "private words"})
		}, anOrder, "key compromise", read, "7@b2"},
		"approve": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Approve.Approve(ctx, anOrder, "private words")
		}, anOrder, "", read, "7@b2"},
		"decline": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Approve.Decline(ctx, anOrder, "private words")
		}, anOrder, "", model.Page{}, ""},
		"recheck": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Recheck.Recheck(ctx, anOrder)
		}, anOrder, "", read, "7@b2"},
		"recheck domain": {func(ctx context.Context, c backend.Capabilities) (backend.Change, error) {
			return c.Recheck.RecheckDomain(ctx, "example.com")
		}, model.Ref{Target: "prod", Key: "example.com"}, "", model.Page{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var j *memory
			name, calls := strings.TrimSuffix(name, ", new key"), 0
			f := &fake{change: func(_ context.Context, op string, ref model.Ref) (backend.Change, error) {
				calls++
				if op != name || ref != test.ref {
					t.Errorf("called %s %s, want %s %s", op, ref, name, test.ref)
				}
				want := backend.Intent{At: noon.Add(time.Second), Actor: "ada", Op: name, Ref: test.ref, Detail: test.detail}
				if got := j.all(); len(got) != 1 || got[0].Intent != want || got[0].Outcome != nil {
					t.Errorf("during the call the journal holds %+v, want only %+v", got, want)
				}
				return backend.Change{Page: test.page}, nil
			}}
			var caps backend.Capabilities
			caps, j = wrap(f)
			if _, err := test.call(t.Context(), caps); err != nil {
				t.Fatal(err)
			}
			if calls != 1 {
				t.Errorf("the backend was called %d times", calls)
			}
			got := j.all()
			if o := got[0].Outcome; o == nil || o.Result != backend.ResultDone || o.Revision != test.revision {
				t.Errorf("outcome %+v, want revision %q", o, test.revision)
			}
			if strings.Contains(got[0].Intent.Detail, "private words") {
				t.Errorf("the journal holds what was told to the CA only: %q", got[0].Intent.Detail)
			}
		})
	}
}

// TestOrderWithoutIntentIsNotSent: without the journal nothing finds it again.
func TestOrderWithoutIntentIsNotSent(t *testing.T) {
	j := &memory{failBegin: errors.New("the disk is full")}
	f := &fake{change: func(context.Context, string, model.Ref) (backend.Change, error) {
		t.Error("the call was made")
		return backend.Change{}, nil
	}}
	_, err := guard.Wrap(f, guard.Options{Journal: j}).Capabilities().Order.Order(t.Context(), model.OrderSpec{Reference: "r"})
	if backend.KindOf(err) != backend.KindLocal || !errors.Is(err, j.failBegin) {
		t.Errorf("Order = %v", err)
	}
}

// TestReadOnlyLetsNoKeyOut: SCM's keystore is a GET that leads to a private key.
func TestReadOnlyLetsNoKeyOut(t *testing.T) {
	for path, passes := range map[string]bool{
		"/api/ssl/v1/keystore/135/p12":         false,
		"/private/api/ssl/v2/keystore/135/key": false,
		"/api/ssl/v1/135":                      true,
		"/certificates/keystore/pending":       true,
		"/certificates/ssl/keystore":           true,
	} {
		sent := false
		transport := guard.ReadOnlyTransport(tripper(func(*http.Request) (*http.Response, error) {
			sent = true
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		}), nil)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://scm.example"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transport.RoundTrip(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		if sent != passes || (err == nil) != passes {
			t.Errorf("%s: sent %v, %v", path, sent, err)
		}
	}
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
