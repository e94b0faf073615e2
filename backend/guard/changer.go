package guard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"certty/backend"
	"certty/model"
)

// PanicError is the cause of an uncertain error when the adapter panicked. The
// stack is in the log.
type PanicError struct {
	// Value is what it panicked with.
	Value any
}

// Error names the value.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// changer makes the changing calls of one backend.
type changer struct {
	target  string
	options Options

	mu sync.Mutex
	// busy says which call is running on a row.
	busy map[model.Ref]string
}

// change journals the intent, makes the call and journals how it ended. Once
// the intent is written the call runs to its end, whatever becomes of ctx.
func (c *changer) change(ctx context.Context, op string, ref model.Ref, detail string,
	call func(context.Context) (backend.Change, error),
) (backend.Change, error) {
	if err := ctx.Err(); err != nil {
		return backend.Change{}, &backend.Error{
			Kind: backend.KindNetwork, Op: op, Ref: ref, Message: "given up before anything was sent", Err: err,
		}
	}
	release, err := c.occupy(op, ref)
	if err != nil {
		return backend.Change{}, c.unsent(ctx, op, ref, err)
	}
	defer release()
	id, err := c.begin(ctx, backend.Intent{
		At: c.options.Now(), Actor: c.options.Actor, Op: op, Ref: ref, Detail: detail,
	})
	if err != nil {
		return backend.Change{}, c.unsent(ctx, op, ref, err)
	}
	callCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.options.ChangeTimeout)
	defer cancel()
	c.options.Log.LogAttrs(ctx, slog.LevelInfo, op+", begun", names(ref)...) //nolint:sloglint // which call it was is the message; its names are constants
	started := time.Now()
	change, err := protect(callCtx, call)
	result, err := judge(callCtx, op, ref, err)
	end := outcome(change, result, err)
	noteChange(ctx, c.options.Log, op, ref, time.Since(started), end, err)
	c.finish(ctx, id, op, ref, end)
	return change, err
}

// changeRow is change for a call that needs nothing but the row's name.
func (c *changer) changeRow(ctx context.Context, op string, ref model.Ref,
	call func(context.Context, model.Ref) (backend.Change, error),
) (backend.Change, error) {
	return c.change(ctx, op, ref, "", func(ctx context.Context) (backend.Change, error) { return call(ctx, ref) })
}

// unsent writes down that a change was not made, and why.
func (c *changer) unsent(ctx context.Context, op string, ref model.Ref, err error) error {
	note(ctx, c.options.Log, slog.LevelWarn, op+", not sent", ref, 0, err)
	return err
}

// occupy keeps a second call away from a row while one is running: the two
// would race, and the journal could not tell which of them did what.
func (c *changer) occupy(op string, ref model.Ref) (release func(), err error) {
	row := ref.Row()
	c.mu.Lock()
	defer c.mu.Unlock()
	if running, ok := c.busy[row]; ok {
		return nil, &backend.Error{
			Kind: backend.KindConflict, Op: op, Ref: ref,
			Message: "another change is still running here (" + running + "); nothing was sent",
		}
	}
	c.busy[row] = op
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.busy, row)
	}, nil
}

// begin writes the intent. It is detached from ctx: a commit that is cut off
// half way may be on the disk all the same, as a change that never was.
func (c *changer) begin(ctx context.Context, intent backend.Intent) (id int64, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), journalTimeout)
	defer cancel()
	id, err = c.options.Journal.Begin(ctx, intent)
	if err != nil {
		return 0, &backend.Error{
			Kind: backend.KindLocal, Op: intent.Op, Ref: intent.Ref,
			Message: "nothing was sent, because it could not be journalled: " + journalLine(err), Err: err,
		}
	}
	return id, nil
}

func (c *changer) finish(ctx context.Context, id int64, op string, ref model.Ref, o backend.Outcome) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), journalTimeout)
	defer cancel()
	o.At = c.options.Now()
	if err := c.options.Journal.Finish(ctx, id, o); err != nil {
		c.options.OnJournalTrouble(fmt.Errorf("%s %s ended as %s, which could not be journalled: %w", op, ref, o.Result, err))
	}
}

// protect makes the call and turns a panic into an error.
func protect(ctx context.Context, call func(context.Context) (backend.Change, error)) (change backend.Change, err error) {
	defer func() {
		if v := recover(); v != nil {
			slog.ErrorContext(ctx, "The adapter panicked during a change.", "panic", v, "stack", string(debug.Stack()))
			change, err = backend.Change{}, &PanicError{Value: v}
		}
	}()
	return call(ctx)
}

// judge says what err proves about the call, and makes an error that proves
// nothing an uncertain one. ctx is the call's.
func judge(ctx context.Context, op string, ref model.Ref, err error) (backend.Result, error) {
	if err == nil {
		return backend.ResultDone, nil
	}
	var e *backend.Error
	if !errors.As(err, &e) || e.Kind == backend.KindNetwork && e.Status == 0 && ctx.Err() != nil {
		message := "no answer came, it may have happened: " + journalLine(err)
		return backend.ResultUncertain, &backend.Error{
			Kind: backend.KindUncertain, Op: op, Ref: ref, Message: message, Err: err,
		}
	}
	switch e.Kind {
	case backend.KindUncertain, backend.KindPartial, backend.KindOther, backend.KindUnavailable:
		// An answer that was not understood, and a server's own trouble (5xx),
		// leave open what was done before it.
		return backend.ResultUncertain, err
	default:
		return backend.ResultRefused, err
	}
}

func outcome(change backend.Change, result backend.Result, err error) backend.Outcome {
	o := backend.Outcome{Result: result, ServiceRequestID: change.ServiceRequestID, Revision: revision(change.Page)}
	if err == nil {
		return o
	}
	o.Error = journalLine(err)
	var e *backend.Error
	if o.ServiceRequestID == "" && errors.As(err, &e) {
		o.ServiceRequestID = e.RequestID
	}
	return o
}
