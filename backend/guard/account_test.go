package guard_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
)

// accountReads are the reading calls of a CA account, with what the fake
// answers.
var accountReads = map[string]struct {
	call   func(context.Context, backend.Capabilities) (any, error)
	answer any
	limit  time.Duration
}{
	"find order": {func(ctx context.Context, c backend.Capabilities) (any, error) {
		return c.Order.FindOrders(ctx, model.OrderTrace{Reference: "r"})
	}, backend.FoundOrders{Carrying: []model.Order{{ID: "7"}}}, time.Minute},
	"find renewal": {func(ctx context.Context, c backend.Capabilities) (any, error) {
		return c.Renew.FindRenewal(ctx, anOrder)
	}, &model.Order{ID: "8"}, time.Minute},
	"collect": {func(ctx context.Context, c backend.Capabilities) (any, error) {
		return c.Collect.Collect(ctx, anOrder)
	}, [][]byte{{1}}, time.Minute},
	// A call for each domain and each organization.
	"sync account": {func(ctx context.Context, c backend.Capabilities) (any, error) {
		return c.Account.Account(ctx, nil)
	}, model.Account{Profiles: []model.Profile{{ID: 1}}}, 10 * time.Minute},
	"list validations": {func(ctx context.Context, c backend.Capabilities) (any, error) {
		return c.Account.Validations(ctx)
	}, []model.DomainValidation{{Domain: "example.com"}}, time.Minute},
	"read validation": {func(ctx context.Context, c backend.Capabilities) (any, error) {
		return c.Validation.Validation(ctx, anOrder)
	}, model.OrderValidation{Trouble: "no answer of the DNS"}, time.Minute},
	"read validation of a domain": {func(ctx context.Context, c backend.Capabilities) (any, error) {
		return c.Validation.DomainValidation(ctx, "example.com")
	}, model.DomainValidation{Domain: "example.com"}, time.Minute},
}

// TestAReadOfAnAccountPasses: an answer that got lost here would be read as
// "there is no such order", and the order would be placed again.
func TestAReadOfAnAccountPasses(t *testing.T) {
	caps := guard.Wrap(&fake{}, guard.Options{Journal: &memory{}}).Capabilities()
	for name, test := range accountReads {
		t.Run(name, func(t *testing.T) {
			if got, err := test.call(t.Context(), caps); err != nil || !reflect.DeepEqual(got, test.answer) {
				t.Errorf("%+v, %v; want the backend's %+v", got, err, test.answer)
			}
		})
	}
}

func TestAReadOfAnAccountEndsWithItsTime(t *testing.T) {
	for name, test := range accountReads {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				caps := guard.Wrap(&fake{read: endless}, guard.Options{Journal: &memory{}}).Capabilities()
				start := time.Now()
				_, err := test.call(t.Context(), caps)
				if got := time.Since(start); got != test.limit {
					t.Errorf("ended after %s, want %s", got, test.limit)
				}
				e, ok := errors.AsType[*backend.Error](err)
				if !ok || e.Kind != backend.KindNetwork || !strings.HasPrefix(name, e.Op) || !strings.Contains(e.Error(), "no answer within") {
					t.Errorf("error %v, want a network error that names the time and the call", err)
				}
			})
		})
	}
}

// endless answers when it is given up.
func endless(ctx context.Context, _ model.Ref) (model.Page, error) {
	<-ctx.Done()
	return model.Page{}, ctx.Err()
}

// TestAProbeEndsWithItsTime: whoever asks what is wrong is not left without an
// answer by what is wrong.
func TestAProbeEndsWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		account := guard.Wrap(&fake{read: endless}, guard.Options{}).Capabilities().Account
		start := time.Now()
		if got := account.Probe(t.Context()); len(got) != 1 || got[0].What != "sign-in" || got[0].Err == nil {
			t.Errorf("Probe = %+v", got)
		}
		if got := time.Since(start); got != time.Minute {
			t.Errorf("Probe ended after %s, want a minute", got)
		}
		start = time.Now()
		if got, known := account.Password(t.Context()); !known || got.What != "password expiry" || got.Err == nil {
			t.Errorf("Password = %+v, %v", got, known)
		}
		if got := time.Since(start); got != time.Minute {
			t.Errorf("Password ended after %s, want a minute", got)
		}
	})
}

// TestChangesOfAnAccountPass: page by page, each within its time.
func TestChangesOfAnAccountPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		caps := guard.Wrap(&fake{sweep: pages(3, 50*time.Second)}, guard.Options{}).Capabilities()
		got := 0
		for page, err := range caps.Changes.Changes(t.Context(), nil) {
			if err != nil || page.Fields != model.FieldListing {
				t.Errorf("page %d is %+v, %v", got, page, err)
			}
			got++
		}
		if got != 3 {
			t.Errorf("%d pages, want 3", got)
		}
	})
}
