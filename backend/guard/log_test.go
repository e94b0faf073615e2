package guard_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
)

// logInto writes a log as text, without the time.
func logInto(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

// TestLog: every call is written down with what it was about, how long it took
// and how it ended, as grave as it is.
func TestLog(t *testing.T) {
	refused := &backend.Error{Kind: backend.KindPermission, Op: "cancel", Ref: request, Code: "Forbidden", Message: "no right", Status: 403, RequestID: "x-9"}
	unsure := &backend.Error{Kind: backend.KindUncertain, Op: "cancel", Ref: request, Message: "no answer"}
	cancel := func(ctx context.Context, c backend.Capabilities) error {
		_, err := c.Cancel.Cancel(ctx, request)
		return err
	}
	read := func(ctx context.Context, c backend.Capabilities) error {
		_, err := c.Read.Read(ctx, request)
		return err
	}
	list := func(ctx context.Context, c backend.Capabilities) error {
		for _, err := range c.Sweep.Sweep(ctx) {
			if err != nil {
				return err
			}
		}
		return nil
	}
	failing := func(context.Context) iter.Seq2[model.Page, error] {
		return func(yield func(model.Page, error) bool) {
			if yield(model.Page{Items: make([]model.Item, 25)}, nil) {
				yield(model.Page{}, refused)
			}
		}
	}
	shop := "target=prod name=shop revision=r1 took=2s"
	begun := "level=INFO msg=\"cancel, begun\" target=prod name=shop revision=r1"
	for _, tt := range []struct {
		name string
		err  error
		fake fake
		call func(context.Context, backend.Capabilities) error
		want []string
	}{
		{"change", nil, fake{}, cancel, []string{begun, "level=INFO msg=cancel " + shop + " result=done request_id=s-1"}},
		{"change refused", refused, fake{}, cancel, []string{begun, "level=INFO msg=cancel " + shop + " result=refused status=403 request_id=x-9 error="}},
		{"change uncertain", unsure, fake{}, cancel, []string{begun, "level=WARN msg=cancel " + shop + " result=uncertain request_id=s-1 error="}},
		{"read", nil, fake{}, read, []string{"level=DEBUG msg=read " + shop}},
		{"no request", &backend.Error{Kind: backend.KindNotFound, Status: 404}, fake{}, read, []string{"level=DEBUG msg=read " + shop + " status=404"}},
		{"throttled", &backend.Error{Kind: backend.KindThrottled, Status: 429, RetryAfter: 9 * time.Second}, fake{}, read,
			[]string{"level=INFO msg=read " + shop + " status=429 retry_after=9s error="}},
		{"given up", context.Canceled, fake{}, read, []string{"level=DEBUG msg=read " + shop + " error="}},
		{"list", nil, fake{sweep: pages(3, 2*time.Second)}, list, []string{"level=DEBUG msg=list target=prod took=6s pages=3 items=0"}},
		{"list broken off", nil, fake{sweep: failing}, list, []string{"level=INFO msg=list target=prod took=0s pages=1 items=25 status=403 request_id=x-9 error="}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				tt.fake.change = func(context.Context, string, model.Ref) (backend.Change, error) {
					time.Sleep(2 * time.Second)
					return backend.Change{ServiceRequestID: "s-1"}, tt.err
				}
				tt.fake.read = func(context.Context, model.Ref) (model.Page, error) {
					time.Sleep(2 * time.Second)
					return model.Page{}, tt.err
				}
				caps := guard.Wrap(&tt.fake, guard.Options{Journal: &memory{}, Log: logInto(&log)}).Capabilities()
				if err := tt.call(t.Context(), caps); (err != nil) != (strings.Contains(tt.want[len(tt.want)-1], "status=") || tt.err != nil) {
					t.Errorf("error %v", err)
				}
				lines := strings.Split(strings.TrimSpace(log.String()), "\n")
				if len(lines) != len(tt.want) {
					t.Fatalf("wrote %q", lines)
				}
				for i, want := range tt.want {
					if !strings.HasPrefix(lines[i], want) {
						t.Errorf("wrote %s\n want %s", lines[i], want)
					}
				}
			})
		})
	}
}

func TestLogOfWhatWasNotSent(t *testing.T) {
	var log bytes.Buffer
	caps := guard.Wrap(&fake{}, guard.Options{Journal: &memory{failBegin: errors.New("the disk is full")}, Log: logInto(&log)}).Capabilities()
	if _, err := caps.Cancel.Cancel(t.Context(), request); err == nil {
		t.Fatal("it was sent")
	}
	if got := log.String(); !strings.Contains(got, `level=WARN msg="cancel, not sent" target=prod name=shop`) || !strings.Contains(got, "the disk is full") {
		t.Errorf("wrote %s", got)
	}
}

// Neither what is sent nor what is answered reaches the log: keys and passwords
// are among it.
func TestLogHoldsNoSecret(t *testing.T) {
	const canary = "canary-7d1f"
	var log bytes.Buffer
	for _, err := range []error{nil, &backend.Error{Kind: backend.KindInvalid, Message: "the password is wrong"}, errors.New("odd")} {
		caps := guard.Wrap(&fake{change: func(context.Context, string, model.Ref) (backend.Change, error) { return backend.Change{}, err }},
			guard.Options{Journal: &memory{}, Log: logInto(&log)}).Capabilities()
		spec := model.ImportSpec{Name: "shop", Data: []byte(canary), Password: canary, Tags: map[string]string{"note": canary}}
		if _, got := caps.Import.Import(t.Context(), spec); (got == nil) != (err == nil) {
			t.Errorf("Import = %v, want %v", got, err)
		}
	}
	if got := log.String(); strings.Contains(got, canary) || strings.Count(got, "msg=import") != 3 {
		t.Errorf("wrote %s", got)
	}
}
