package change

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/model"
	"certty/ui/cli/command"
	"certty/ui/cli/jsontext"
	"certty/ui/cli/row"
)

// How long to wait between two looks. A vault says it itself, with Retry-After.
const (
	vaultPace = 5 * time.Second
	orderPace = 30 * time.Second
	leastPace = time.Second
	mostPace  = time.Minute
)

// What can be waited for beside the states of rows.
const (
	forCompleted = "completed"
	forIssued    = "issued"
)

func newWait(env *command.Env) *cobra.Command {
	var c command.Reaching
	var format command.Format
	want, timeout := "", 30*time.Minute
	cmd := &cobra.Command{
		Use:   "wait NAME",
		Short: "Wait until a request or an order is completed, or stands otherwise",
		Long: `Looks at a row until it stands as --for says: completed (the request, or the
order, has its certificate), issued (the same, or there is no request and a
certificate is there), or any state that certty status shows, such as "waits:
merge" or cancelled. It looks as often as the service asks for (Retry-After).

Each change is said on standard error, the row at the end printed. The exit code
is 0 once it stands so, 8 when it is still pending at the timeout, and 1 when it
ended otherwise: failed, cancelled, gone.`,
		Example: `  certty wait shop --for completed --timeout 30m
  certty wait prod/shop --for "waits: merge" --timeout 2m
  certty create prod/shop --policy policy.json --yes && certty wait prod/shop --for issued -o json`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			state, err := waitable(want)
			if err != nil {
				return command.Usage(err)
			}
			asJSON, err := format.JSON()
			if err != nil {
				return err
			}
			return c.With(cmd, env, args[0], "", func(ctx context.Context, f *command.Fleet, found *command.Row) error {
				w := waiter{env: env, fleet: f, row: found, want: state, until: env.Now().Add(timeout)}
				err := w.run(ctx)
				if w.row != nil {
					err = errors.Join(err, printRow(env, &c, w.row, asJSON))
				}
				return err
			})
		},
	}
	c.Add(cmd)
	format.Add(cmd)
	cmd.Flags().StringVar(&want, "for", forCompleted, "completed, issued, or a `state`")
	_ = cmd.RegisterFlagCompletionFunc("for", cobra.FixedCompletions(plainStates(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	cmd.Flags().DurationVar(&timeout, "timeout", timeout, "how long to wait at most; 0 looks once")
	return cmd
}

func printRow(env *command.Env, r *command.Reaching, found *command.Row, asJSON bool) error {
	if !asJSON {
		return r.Report(env, found.Item)
	}
	now := env.Now()
	return jsontext.Print(env.Stdout, row.Line{
		SchemaVersion: row.SchemaVersion, At: now.UTC().Truncate(time.Second), Row: row.Of(found.Target.Info(), found.Item, now),
	})
}

// waitable is what a person wants to wait for, in the board's word; how it is
// written but for its letters does not count.
func waitable(word string) (string, error) {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if !unicode.IsLetter(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, s)
	}
	known := waitables()
	for _, k := range known {
		if letters(k) == letters(word) {
			return k, nil
		}
	}
	return "", fmt.Errorf("--for %s: %s are known", word, strings.Join(known, ", "))
}

// waitables are what can be waited for, in the board's words.
func waitables() []string {
	known := []string{forCompleted, forIssued}
	for _, s := range row.States() {
		if s != model.StateCompleted {
			known = append(known, string(s))
		}
	}
	return known
}

// plainStates are the waitables as a shell takes them without quotes: only the
// letters count.
func plainStates() []cobra.Completion {
	known := waitables()
	for i, k := range known {
		known[i] = strings.Join(strings.FieldsFunc(strings.ToLower(k), func(r rune) bool { return !unicode.IsLetter(r) }), "-")
	}
	return known
}

// waiter looks at a row until it stands as it should.
type waiter struct {
	env   *command.Env
	fleet *command.Fleet
	row   *command.Row // nil once there is none any more
	want  string
	until time.Time

	said  string
	fails int
}

func (w *waiter) run(ctx context.Context) error {
	for {
		name := w.row.Name()
		w.tell(string(w.row.Item.Status(w.env.Now()).State))
		if _, err := w.fleet.Keep(ctx, w.row.Target.Name(), w.row.News...); err != nil {
			return fmt.Errorf("store how %s stands: %w", name, err)
		}
		switch {
		case reached(w.row.Item, w.want, w.env.Now()):
			return nil
		case ended(w.row.Item, w.want):
			return &command.Ended{Code: command.ExitFailed, Err: fmt.Errorf("%s ended otherwise: %s", name, standing(w.row.Item))}
		}
		if err := w.look(ctx, name); err != nil {
			return err
		}
		if w.row == nil {
			return &command.Ended{Code: command.ExitNotFound, Err: fmt.Errorf("%s is not there any more", name)}
		}
	}
}

// look waits for the next look and makes it. What passes by itself is waited for.
func (w *waiter) look(ctx context.Context, name string) error {
	pause := pace(w.row.Item)
	for {
		left := w.until.Sub(w.env.Now())
		if left <= 0 {
			return &command.Ended{Code: command.ExitPending, Err: fmt.Errorf("%s is still not %s", name, w.want)}
		}
		if err := sleep(ctx, min(pause, left)); err != nil {
			return err
		}
		next, err := w.fleet.Standing(ctx, w.row.Target, w.row.Item.Ref.Key)
		if err == nil {
			w.row, w.fails = next, 0
			return nil
		}
		if !passes(err) {
			return err
		}
		w.fails++
		pause = backoff(w.fails, err)
		w.tell("not read: " + backend.AdviceFor(err).Cause)
	}
}

// tell says how the row stands, when that is news.
func (w *waiter) tell(how string) {
	if how != w.said {
		w.said = how
		w.env.Say(w.env.Now().Local().Format(time.TimeOnly) + "  " + w.row.Name() + "  " + how)
	}
}

// passes reports whether an error goes by itself.
func passes(err error) bool {
	switch backend.KindOf(err) { //nolint:exhaustive // the rest needs somebody
	case backend.KindNetwork, backend.KindThrottled, backend.KindUnavailable:
		return true
	}
	return false
}

// backoff is the pause after so many failures in a row.
func backoff(fails int, err error) time.Duration {
	pause := min(vaultPace<<min(fails-1, 4), mostPace)
	if e, ok := errors.AsType[*backend.Error](err); ok {
		pause = max(pause, e.RetryAfter)
	}
	return pause
}

// pace is the pause after which a row is worth another look.
func pace(it *model.Item) time.Duration {
	switch r := it.Request; {
	case it.Order != nil:
		return orderPace
	case r != nil && r.RetryAfter > 0:
		return max(r.RetryAfter, leastPace)
	}
	return vaultPace
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// reached reports whether a row stands as it is waited for.
func reached(it *model.Item, want string, now time.Time) bool {
	switch want {
	case forCompleted, forIssued:
		switch {
		case it.Order != nil:
			return it.Order.Phase.Certified() && it.Order.Phase != model.OrderRevoked
		case it.Request != nil:
			return it.Request.Phase == model.PhaseCompleted
		}
		return want == forIssued && it.Certificate.Issued && it.Deletion == nil
	}
	return string(it.Status(now).State) == want
}

// ofRequest are the states that only a request in progress, or its end, has.
var ofRequest = []model.State{
	model.StateFailed, model.StateWaitsMerge, model.StateCancelAsked, model.StateInProgress, model.StateCancelled, model.StateGone,
	model.StateWaitsApproval, model.StateWaitsValidation,
}

// ended reports whether what is waited for can't come any more without somebody
// asking for it anew.
func ended(it *model.Item, want string) bool {
	waits := want == forCompleted || want == forIssued
	for _, s := range ofRequest {
		waits = waits || want == string(s)
	}
	switch {
	case !waits:
		return false
	case it.Order != nil:
		return !it.Order.Phase.Open()
	}
	return !it.Request.Open()
}

// standing says how a request or an order ended.
func standing(it *model.Item) string {
	switch r := it.Request; {
	case it.Order != nil:
		return it.Order.Status
	case r == nil:
		return "there is no request here"
	case r.Gone:
		return "the request is gone"
	case r.ErrorMessage != "":
		return r.Status + ": " + r.ErrorMessage
	default:
		return r.Status
	}
}
