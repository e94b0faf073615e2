package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
	"certty/ui/cli/schema"
)

// Changing are the flags of a command that changes something, and its course:
// [Changing.Open], then [Changing.Run].
type Changing struct {
	Reaching
	Confirm
	DryRun
	format    Format
	rehearsal *guard.Rehearsal
	// local is true where nothing is sent, fetches where nothing is sent but a read.
	local, fetches bool
}

// Add adds the flags to a command whose change can be undone.
func (c *Changing) Add(cmd *cobra.Command) {
	c.add(cmd)
	c.Confirm.Add(cmd)
}

// AddTyped adds the flags to a command whose change can't be undone.
func (c *Changing) AddTyped(cmd *cobra.Command) {
	c.add(cmd)
	c.Confirm.AddTyped(cmd)
}

// AddLocal adds the flags to a command that sends no change to a service: with
// --dry-run it says what [Change.Local] says. Flags of [Confirm] are the command's to
// add.
func (c *Changing) AddLocal(cmd *cobra.Command) {
	c.local = true
	c.DryRun.Add(cmd)
	c.addCommon(cmd)
}

// AddFetching is [Changing.AddLocal] for a command that fetches something: with
// --dry-run the call that would fetch it is printed.
func (c *Changing) AddFetching(cmd *cobra.Command) {
	c.fetches = true
	c.add(cmd)
}

func (c *Changing) add(cmd *cobra.Command) {
	c.DryRun.add(cmd, "send nothing; print the calls that would be made, with secrets as variables")
	c.addCommon(cmd)
}

func (c *Changing) addCommon(cmd *cobra.Command) {
	c.Reaching.Add(cmd)
	c.format.Add(cmd)
	schema.Publish(cmd, schema.Row)
}

// JSON reports whether JSON is asked for, see [Format.JSON].
func (c *Changing) JSON() (bool, error) { return c.format.JSON() }

// Open opens the targets that the flags choose. With --dry-run nothing but reads
// leaves this machine.
func (c *Changing) Open(cmd *cobra.Command, env *Env) (*Fleet, error) {
	if c.dry && !c.local {
		c.rehearsal = &guard.Rehearsal{}
	}
	f, err := c.open(cmd, env, c.rehearsal)
	if err == nil {
		f.Exact = true
	}
	return f, err
}

// Change is one change, ready to be made.
type Change struct {
	Target *Target
	// Row is what is changed, as it was read; nil for what is new.
	Row *Row
	// Ref names the row that shows what came of it.
	Ref model.Ref
	// Became names that row where it is another one once it was sent; nil where it
	// is not.
	Became func() model.Ref
	// Local says what is written on this machine, and where, of a change that sends
	// nothing: see [Env.Would].
	Local string
	// Question is asked first; one without a title is not asked, for what a
	// console does by itself.
	Question Question
	// Send makes the call.
	Send func(context.Context) (backend.Change, error)
}

// Run asks the person and makes the change; what came of it is read, stored, and
// reported on standard output. With --dry-run the calls are printed instead, and
// nobody is asked. Once it was sent an interruption waits for its end; a second
// one does not.
func (c *Changing) Run(ctx context.Context, env *Env, f *Fleet, ch Change) error {
	if _, err := c.format.JSON(); err != nil {
		return err
	}
	if err := f.Callable(ctx, ch.Target); err != nil {
		return err
	}
	switch {
	case c.dry && c.local:
		return env.Would(ch.Local)
	case c.dry:
		return c.rehearse(ctx, env, ch)
	}
	if ch.Question.Title != "" {
		if err := c.Ask(env, ch.Question); err != nil {
			return err
		}
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// A line for a reader that is gone would end the program between call and
	// answer: ctrl+c ends the whole pipeline of certty … | tee.
	unread := make(chan os.Signal, 1)
	signal.Notify(unread, syscall.SIGPIPE)
	defer signal.Stop(unread)
	defer context.AfterFunc(ctx, func() {
		stop() // the next one ends the program
		env.Say("Waiting for the answer to what was sent.")
	})()
	change, failed := ch.Send(ctx)
	ctx = context.WithoutCancel(ctx) // what came of it is worth knowing
	failed = f.refused(ctx, ch.Target, failed)
	if failed != nil && !mayHaveChanged(failed) {
		return explained(failed)
	}
	if ch.Became != nil {
		ch.Ref = ch.Became()
	}
	item, err := f.settle(ctx, ch.Target, ch.Row, ch.Ref, change)
	if err != nil {
		err = fmt.Errorf("%s/%s was changed, but: %w", ch.Target.Name(), ch.Ref.Key, err)
		if failed != nil {
			err = nil // what failed first says more
		}
	}
	if item != nil {
		if unsaid := c.report(env, ch.Target, item); unsaid != nil {
			err = errors.Join(err, fmt.Errorf("say how %s/%s stands now, after it was sent: %w", ch.Target.Name(), ch.Ref.Key, unsaid))
		}
	}
	if failed != nil {
		f.sayProof(ctx, env, ch.Ref, failed)
		return explained(failed)
	}
	return err
}

// report prints the row that came of a change.
func (c *Changing) report(env *Env, t *Target, it *model.Item) error {
	if asJSON, err := c.format.JSON(); err != nil || !asJSON {
		return errors.Join(err, c.Report(env, it))
	}
	return c.ReportJSON(env, t, it)
}

// mayHaveChanged reports whether the row has to be looked at after an error.
func mayHaveChanged(err error) bool {
	switch backend.KindOf(err) { //nolint:exhaustive // the rest proves that nothing was done
	case backend.KindUncertain, backend.KindPartial, backend.KindOther, backend.KindUnavailable, backend.KindGone, backend.KindConflict, backend.KindState:
		return true
	}
	return false
}

// rehearse prints what would be sent.
func (c *Changing) rehearse(ctx context.Context, env *Env, ch Change) error {
	before := len(c.rehearsal.Calls())
	if c.fetches {
		c.rehearsal.Withhold()
	}
	_, err := ch.Send(ctx)
	// The adapter says of a call that got no answer what it says of every other
	// one, so what was written down decides.
	calls := c.rehearsal.Calls()[before:]
	if len(calls) == 0 {
		if err == nil {
			err = errors.New("there is nothing to send")
		}
		return explained(err)
	}
	return WriteCalls(env.Stdout, calls)
}
