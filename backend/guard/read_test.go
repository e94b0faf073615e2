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

// reads are the reading calls that give one answer.
var reads = map[string]func(context.Context, backend.Capabilities) error{
	"read": func(ctx context.Context, c backend.Capabilities) error {
		_, err := c.Read.Read(ctx, request)
		return err
	},
	"list versions": func(ctx context.Context, c backend.Capabilities) error {
		_, err := c.Versions.Versions(ctx, request)
		return err
	},
	"read version": func(ctx context.Context, c backend.Capabilities) error {
		_, err := c.Versions.Version(ctx, request)
		return err
	},
	"list issuers":  func(ctx context.Context, c backend.Capabilities) error { _, err := c.Catalog.Issuers(ctx); return err },
	"read contacts": func(ctx context.Context, c backend.Capabilities) error { _, err := c.Catalog.Contacts(ctx); return err },
}

func TestAReadEndsWithItsTime(t *testing.T) {
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				caps := guard.Wrap(&fake{read: func(ctx context.Context, _ model.Ref) (model.Page, error) {
					<-ctx.Done()
					return model.Page{}, ctx.Err()
				}}, guard.Options{}).Capabilities()
				start := time.Now()
				err := read(t.Context(), caps)
				if got := time.Since(start); got != time.Minute {
					t.Errorf("ended after %s, want a minute", got)
				}
				var e *backend.Error
				if !errors.As(err, &e) || e.Kind != backend.KindNetwork || e.Op != name || !strings.Contains(e.Error(), "no answer within 1m0s") {
					t.Errorf("error %v, want a network error that names the time and the call", err)
				}
			})
		})
	}
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

func TestVersionsAndTheCatalogPass(t *testing.T) {
	certificate := model.Certificate{Version: "v1"}
	caps := guard.Wrap(&fake{read: func(_ context.Context, ref model.Ref) (model.Page, error) {
		return model.Page{Items: []model.Item{{Ref: ref, Certificate: certificate}}}, nil
	}}, guard.Options{}).Capabilities()
	if list, err := caps.Versions.Versions(t.Context(), request); err != nil || len(list) != 1 || list[0].Version != "v1" {
		t.Errorf("Versions = %+v, %v", list, err)
	}
	if c, err := caps.Versions.Version(t.Context(), request); err != nil || c.Version != "v1" {
		t.Errorf("Version = %+v, %v", c, err)
	}
	if list, err := caps.Catalog.Issuers(t.Context()); err != nil || len(list) != 1 || list[0].Name != "digicert" {
		t.Errorf("Issuers = %+v, %v", list, err)
	}
	if list, err := caps.Catalog.Contacts(t.Context()); err != nil || len(list) != 1 || list[0].Email != "ops@example.com" {
		t.Errorf("Contacts = %+v, %v", list, err)
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

// TestALaterPageHasItsTimeToo: the time begins anew with each page.
func TestALaterPageHasItsTimeToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		caps := guard.Wrap(&fake{sweep: func(ctx context.Context) iter.Seq2[model.Page, error] {
			return func(yield func(model.Page, error) bool) {
				if yield(model.Page{}, nil) {
					<-ctx.Done()
					yield(model.Page{}, ctx.Err())
				}
			}
		}}, guard.Options{}).Capabilities()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start, last := time.Now(), error(nil)
		for _, err := range caps.Sweep.Sweep(ctx) {
			last = err
		}
		if got := time.Since(start); got != time.Minute || backend.KindOf(last) != backend.KindNetwork {
			t.Errorf("ended after %s with %v, want a network error after a minute", got, last)
		}
	})
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
