package guard_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// wrap guards a fake with a journal in memory and a clock that moves a second
// with each look.
func wrap(f *fake) (backend.Capabilities, *memory) {
	j := &memory{}
	now := noon
	return guard.Wrap(f, guard.Options{Actor: "ada", Journal: j, Now: func() time.Time {
		now = now.Add(time.Second)
		return now
	}}).Capabilities(), j
}

func TestOutcomes(t *testing.T) {
	typed := func(kind backend.ErrorKind) error {
		return &backend.Error{Kind: kind, Op: "cancel", Ref: request, Status: http.StatusTeapot, RequestID: "x-9", Message: "said so"}
	}
	type want struct {
		result backend.Result
		kind   backend.ErrorKind
		id     string
	}
	tests := map[string]struct {
		err  error
		want want
	}{
		"context canceled": {context.Canceled, want{backend.ResultUncertain, backend.KindUncertain, ""}},
		"deadline":         {fmt.Errorf("send: %w", context.DeadlineExceeded), want{backend.ResultUncertain, backend.KindUncertain, ""}},
		"connection reset": {io.ErrUnexpectedEOF, want{backend.ResultUncertain, backend.KindUncertain, ""}},
		"typed, wrapped":   {fmt.Errorf("cancel: %w", typed(backend.KindGone)), want{backend.ResultRefused, backend.KindGone, "x-9"}},
	}
	uncertain := map[backend.ErrorKind]bool{
		backend.KindUncertain: true, backend.KindPartial: true, backend.KindOther: true, backend.KindUnavailable: true,
	}
	for kind := backend.KindOther; kind <= backend.KindLocal; kind++ {
		w := want{backend.ResultRefused, kind, "x-9"}
		if uncertain[kind] {
			w.result = backend.ResultUncertain
		}
		tests["typed "+kind.String()] = struct {
			err  error
			want want
		}{typed(kind), w}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			caps, j := wrap(&fake{change: func(context.Context, string, model.Ref) (backend.Change, error) {
				return backend.Change{}, test.err
			}})
			_, err := caps.Cancel.Cancel(t.Context(), request)
			o := j.all()[0].Outcome
			if o == nil {
				t.Fatal("no outcome was written")
			}
			if got := (want{o.Result, backend.KindOf(err), o.ServiceRequestID}); got != test.want {
				t.Errorf("ended as %+v, want %+v", got, test.want)
			}
			if !errors.Is(err, test.err) || o.Error == "" {
				t.Errorf("error %v, journalled as %q", err, o.Error)
			}
		})
	}
}

// TestAnAnswerStandsThoughTheTimeIsUp: what the service said is known, whenever
// the call's time ended; without an answer nothing is.
func TestAnAnswerStandsThoughTheTimeIsUp(t *testing.T) {
	for name, test := range map[string]struct {
		err  backend.Error
		up   bool
		want backend.Result
	}{
		"refused":                   {backend.Error{Kind: backend.KindPermission, Status: http.StatusForbidden}, true, backend.ResultRefused},
		"refused here":              {backend.Error{Kind: backend.KindLocal}, true, backend.ResultRefused},
		"a proxy's answer":          {backend.Error{Kind: backend.KindNetwork, Status: http.StatusBadGateway}, true, backend.ResultRefused},
		"no answer":                 {backend.Error{Kind: backend.KindNetwork}, true, backend.ResultUncertain},
		"no connection, in time":    {backend.Error{Kind: backend.KindNetwork}, false, backend.ResultRefused},
		"a proxy's answer, in time": {backend.Error{Kind: backend.KindNetwork, Status: http.StatusBadGateway}, false, backend.ResultRefused},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				caps, j := wrap(&fake{change: func(ctx context.Context, _ string, _ model.Ref) (backend.Change, error) {
					if test.up {
						<-ctx.Done()
					}
					return backend.Change{}, &test.err
				}})
				_, err := caps.Cancel.Cancel(t.Context(), request)
				if o := j.all()[0].Outcome; o == nil || o.Result != test.want || !errors.Is(err, &test.err) {
					t.Errorf("%v, journalled as %+v, want %s", err, o, test.want)
				}
			})
		})
	}
}

func TestAPanicIsUncertain(t *testing.T) {
	var log bytes.Buffer
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	caps, j := wrap(&fake{change: func(context.Context, string, model.Ref) (backend.Change, error) {
		panic("a nil map")
	}})
	_, err := caps.Cancel.Cancel(t.Context(), request)
	var p *guard.PanicError
	if backend.KindOf(err) != backend.KindUncertain || !errors.As(err, &p) || p.Value != "a nil map" {
		t.Errorf("Cancel = %v, want an uncertain error with the panic", err)
	}
	if o := j.all()[0].Outcome; o == nil || o.Result != backend.ResultUncertain || !strings.Contains(o.Error, "a nil map") {
		t.Errorf("journalled as %+v", o)
	}
	if !strings.Contains(log.String(), "change_test.go") {
		t.Errorf("the log does not say where: %s", log.String())
	}
	if _, err := caps.Cancel.Cancel(t.Context(), request); backend.KindOf(err) != backend.KindUncertain {
		t.Errorf("the row is not free again: %v", err)
	}
}

func TestAChangeIsDetachedFromItsCaller(t *testing.T) {
	type key struct{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
	caps, j := wrap(&fake{change: func(inner context.Context, _ string, _ model.Ref) (backend.Change, error) {
		cancel()
		if inner.Value(key{}) != "kept" {
			t.Error("the context lost its values")
		}
		return backend.Change{}, inner.Err()
	}})
	if _, err := caps.Cancel.Cancel(ctx, request); err != nil {
		t.Errorf("Cancel = %v, although only the caller hung up", err)
	}
	if o := j.all()[0].Outcome; o == nil || o.Result != backend.ResultDone {
		t.Errorf("journalled as %+v, want done", o)
	}
}

func TestAChangeEndsWithItsTime(t *testing.T) {
	for name, test := range map[string]struct {
		limit, want time.Duration
		give        func(error) error
	}{
		"default": {0, 15 * time.Minute, func(err error) error { return err }},
		"set":     {time.Minute, time.Minute, func(err error) error { return err }},
		"network": {time.Minute, time.Minute, func(err error) error {
			return &backend.Error{Kind: backend.KindNetwork, Op: "cancel", Ref: request, Err: err}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				j := &memory{}
				f := &fake{change: func(ctx context.Context, _ string, _ model.Ref) (backend.Change, error) {
					<-ctx.Done()
					return backend.Change{}, test.give(ctx.Err())
				}}
				caps := guard.Wrap(f, guard.Options{Journal: j, ChangeTimeout: test.limit}).Capabilities()
				start := time.Now()
				_, err := caps.Cancel.Cancel(t.Context(), request)
				if got := time.Since(start); got != test.want {
					t.Errorf("ended after %s, want %s", got, test.want)
				}
				if backend.KindOf(err) != backend.KindUncertain || !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("Cancel = %v, want an uncertain error", err)
				}
				if o := j.all()[0].Outcome; o == nil || o.Result != backend.ResultUncertain {
					t.Errorf("journalled as %+v, want uncertain", o)
				}
			})
		})
	}
}

func TestOneChangePerRow(t *testing.T) {
	inside, release := make(chan string), make(chan struct{})
	caps, j := wrap(&fake{change: func(_ context.Context, op string, ref model.Ref) (backend.Change, error) {
		if ref.Key == "shop" {
			inside <- op
			<-release
		}
		return backend.Change{}, nil
	}})
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := caps.Merge.Merge(t.Context(), request, nil); err != nil {
			t.Error(err)
		}
	})
	<-inside

	// The same row, by another name for it.
	_, err := caps.Create.Create(t.Context(), model.CreateSpec{Name: "shop"})
	if backend.KindOf(err) != backend.KindConflict || !strings.Contains(err.Error(), "merge") {
		t.Errorf("Create = %v, want a conflict that names the running merge", err)
	}
	if got := j.all(); len(got) != 1 {
		t.Errorf("the refused call is in the journal: %+v", got)
	}
	if _, err := caps.Create.Create(t.Context(), model.CreateSpec{Name: "other"}); err != nil {
		t.Errorf("another row: %v", err)
	}
	release <- struct{}{}
	wg.Wait()
	wg.Go(func() { <-inside; release <- struct{}{} })
	if _, err := caps.Create.Create(t.Context(), model.CreateSpec{Name: "shop"}); err != nil {
		t.Errorf("after the merge: %v", err)
	}
	wg.Wait()
}

func TestJournalTroubleAfterTheCall(t *testing.T) {
	j := &memory{failWrite: errors.New("the disk is full")}
	answer := backend.Change{ServiceRequestID: "x-1"}
	var told []error
	caps := guard.Wrap(&fake{change: func(context.Context, string, model.Ref) (backend.Change, error) {
		return answer, nil
	}}, guard.Options{Journal: j, OnJournalTrouble: func(err error) { told = append(told, err) }}).Capabilities()

	got, err := caps.Cancel.Cancel(t.Context(), request)
	if err != nil || got.ServiceRequestID != "x-1" {
		t.Errorf("Cancel = %+v, %v; want the call's own result", got, err)
	}
	if len(told) != 1 || !errors.Is(told[0], j.failWrite) ||
		!strings.Contains(told[0].Error(), request.String()) || !strings.Contains(told[0].Error(), "done") {
		t.Errorf("told %v, want what was done and why it is not in the journal", told)
	}
}

func TestJournalTroubleIsLoggedByDefault(t *testing.T) {
	var log bytes.Buffer
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	caps := guard.Wrap(&fake{}, guard.Options{Journal: &memory{failWrite: errors.New("the disk is full")}}).Capabilities()
	if _, err := caps.Cancel.Cancel(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "the disk is full") {
		t.Errorf("the log holds %q", log.String())
	}
}
