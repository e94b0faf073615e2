package guard

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"certty/backend"
	"certty/model"
)

// A log holds what was called, on what, how long it took and how it ended; never
// what was sent or answered, for that may hold keys and passwords. Reads that
// went well are many and stand at Debug; what failed, and each change, at Info;
// a change whose end is not known at Warn.

// noteRead writes down a call that changes nothing.
func noteRead(ctx context.Context, log *slog.Logger, op string, ref model.Ref, took time.Duration, err error, more ...slog.Attr) {
	level := slog.LevelDebug
	switch kind := backend.KindOf(err); {
	case err == nil || errors.Is(err, context.Canceled):
	case kind == backend.KindNotFound || kind == backend.KindGone:
		// Most certificates have no request: that is an answer like another.
	default:
		level = slog.LevelInfo
	}
	note(ctx, log, level, op, ref, took, err, more...)
}

// noteChange writes down how a change ended.
func noteChange(ctx context.Context, log *slog.Logger, op string, ref model.Ref, took time.Duration, o backend.Outcome, err error) {
	level := slog.LevelInfo
	if o.Result == backend.ResultUncertain {
		level = slog.LevelWarn
	}
	more := []slog.Attr{slog.String("result", string(o.Result))}
	if e, ok := errors.AsType[*backend.Error](err); o.ServiceRequestID != "" && (!ok || e.RequestID == "") {
		more = append(more, slog.String("request_id", o.ServiceRequestID))
	}
	note(ctx, log, level, op, ref, took, err, more...)
}

func note(ctx context.Context, log *slog.Logger, level slog.Level, op string, ref model.Ref, took time.Duration, err error, more ...slog.Attr) {
	if !log.Enabled(ctx, level) {
		return
	}
	attrs := append(names(ref), slog.Duration("took", took.Round(time.Millisecond)))
	attrs = append(attrs, more...)
	if e, ok := errors.AsType[*backend.Error](err); ok {
		if e.Status != 0 {
			attrs = append(attrs, slog.Int("status", e.Status))
		}
		if e.RequestID != "" {
			attrs = append(attrs, slog.String("request_id", e.RequestID))
		}
		if e.RetryAfter > 0 {
			attrs = append(attrs, slog.Duration("retry_after", e.RetryAfter))
		}
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", journalLine(err)))
	}
	log.LogAttrs(ctx, level, cmp.Or(op, "call"), attrs...) //nolint:sloglint // which call it was is the message; its names are constants
}

// names are the parts of a ref that are there.
func names(ref model.Ref) []slog.Attr {
	attrs := []slog.Attr{slog.String("target", ref.Target)}
	if ref.Key != "" {
		attrs = append(attrs, slog.String("name", ref.Key))
	}
	if ref.Revision != "" {
		attrs = append(attrs, slog.String("revision", ref.Revision))
	}
	return attrs
}
