package wait

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"certty/model"
	"certty/ui/cli/command"
	"certty/ui/cli/row"
	"certty/ui/cli/schema"
)

// What can be waited for beside the states of rows.
const (
	forCompleted = "completed"
	forIssued    = "issued"
)

// New makes the command.
func New(env *command.Env) *cobra.Command {
	var r command.Reaching
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
			return r.With(cmd, env, args[0], "", func(ctx context.Context, f *command.Fleet, found *command.Row) error {
				w := waiter{env: env, fleet: f, row: found, want: state, until: env.Now().Add(timeout)}
				err := w.run(ctx)
				switch {
				case w.row == nil:
					return err
				case asJSON:
					return errors.Join(err, r.ReportJSON(env, w.row.Target, w.row.Item))
				}
				return errors.Join(err, r.Report(env, w.row.Item))
			})
		},
	}
	r.Add(cmd)
	format.Add(cmd)
	schema.Publish(cmd, schema.Row)
	cmd.Flags().StringVar(&want, "for", forCompleted, "completed, issued, or a `state`")
	_ = cmd.RegisterFlagCompletionFunc("for", cobra.FixedCompletions(plainStates(), cobra.ShellCompDirectiveNoFileComp)) // the flag is there
	cmd.Flags().DurationVar(&timeout, "timeout", timeout, "how long to wait at most; 0 looks once")
	return cmd
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
