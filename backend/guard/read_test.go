package guard_test

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
)

func TestAReadEndsWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		caps := guard.Wrap(&fake{read: func(ctx context.Context, _ model.Ref) (model.Page, error) {
			<-ctx.Done()
			return model.Page{}, ctx.Err()
		}}, guard.Options{}).Capabilities()
		start := time.Now()
		_, err := caps.Read.Read(t.Context(), request)
		if got := time.Since(start); got != time.Minute {
			t.Errorf("ended after %s, want a minute", got)
		}
		if backend.KindOf(err) != backend.KindNetwork || !strings.Contains(err.Error(), "no answer within 1m0s") {
			t.Errorf("Read = %v, want a network error that names the time", err)
		}
	})
}

func TestAReadEndsWithItsCaller(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	caps := guard.Wrap(&fake{read: func(inner context.Context, _ model.Ref) (model.Page, error) {
		cancel()
		<-inner.Done()
		return model.Page{}, inner.Err()
	}}, guard.Options{}).Capabilities()
	if _, err := caps.Read.Read(ctx, request); err != context.Canceled { //nolint:errorlint // it passes as it is
		t.Errorf("Read = %v, want the caller's cancellation as it is", err)
	}
}

func TestAReadPasses(t *testing.T) {
	want := &backend.Error{Kind: backend.KindNotFound, Op: "read", Ref: request}
	caps := guard.Wrap(&fake{read: func(_ context.Context, ref model.Ref) (model.Page, error) {
		return model.Page{Items: []model.Item{{Ref: ref}}}, want
	}}, guard.Options{}).Capabilities()
	page, err := caps.Read.Read(t.Context(), request)
	if len(page.Items) != 1 || page.Items[0].Ref != request || !errors.Is(err, want) {
		t.Errorf("Read = %+v, %v", page, err)
	}
}

// pages yields n pages, each after a wait that ends early with the context.
func pages(n int, wait time.Duration) func(context.Context) iter.Seq2[model.Page, error] {
	return func(ctx context.Context) iter.Seq2[model.Page, error] {
		return func(yield func(model.Page, error) bool) {
			for range n {
				select {
				case <-time.After(wait):
				case <-ctx.Done():
					yield(model.Page{}, ctx.Err())
					return
				}
				if !yield(model.Page{Fields: model.FieldListing}, nil) {
					return
				}
			}
		}
	}
}

func TestASweepMayTakeItsTimeButNotAPage(t *testing.T) {
	for name, test := range map[string]struct {
		wait, use time.Duration
		pages     int
		fails     bool
	}{
		"steady":          {50 * time.Second, 0, 20, false},
		"slow to be used": {time.Second, time.Hour, 3, false},
		"stuck":           {61 * time.Second, 0, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				caps := guard.Wrap(&fake{sweep: pages(max(1, test.pages), test.wait)}, guard.Options{}).Capabilities()
				var got int
				var last error
				for _, err := range caps.Sweep.Sweep(t.Context()) {
					if err == nil {
						got++
					}
					last = err
					time.Sleep(test.use)
				}
				if got != test.pages || (last != nil) != test.fails {
					t.Errorf("%d pages and %v", got, last)
				}
				if test.fails && (backend.KindOf(last) != backend.KindNetwork || !strings.Contains(last.Error(), "no answer within")) {
					t.Errorf("error %v, want a network error that names the time", last)
				}
			})
		})
	}
}

func TestASweepEndsWithItsReader(t *testing.T) {
	ended := false
	caps := guard.Wrap(&fake{sweep: func(ctx context.Context) iter.Seq2[model.Page, error] {
		return func(yield func(model.Page, error) bool) {
			defer func() { ended = true }()
			for yield(model.Page{}, ctx.Err()) {
			}
		}
	}}, guard.Options{}).Capabilities()
	for range caps.Sweep.Sweep(t.Context()) {
		break
	}
	if !ended {
		t.Error("the backend's sweep goes on")
	}
}
