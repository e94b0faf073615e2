package activity

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/text"
	"certty/ui/cli/command"
	"certty/ui/cli/output"
	"certty/ui/cli/schema"
)

// entry is an entry of the journal as data.
type entry struct {
	// ID is its number in the journal.
	ID int64 `json:"id"`
	// At is when it was asked for.
	At time.Time `json:"at"`
	// Actor asked for it.
	Actor string `json:"actor,omitzero"`
	// Op is what was to be done.
	Op string `json:"op"`
	// Target is the configured name.
	Target string `json:"target"`
	// Key names the row within its target.
	Key string `json:"key"`
	// Revision is the request or version that was meant.
	Revision string `json:"revision,omitzero"`
	// Detail says more of what was asked for.
	Detail string `json:"detail,omitzero"`
	// Result is done, refused, uncertain, or unknown while it has no end.
	Result string `json:"result"`
	// EndedAt is when that was known.
	EndedAt time.Time `json:"ended_at,omitzero"`
	// Error is why it was not done, or is uncertain.
	Error string `json:"error,omitzero"`
	// RequestID is the service's id of the call.
	RequestID string `json:"request_id,omitzero"`
	// Evidence is what proves that it was done, where no answer of the service does.
	Evidence string `json:"evidence,omitzero"`
	// Made is the request or version that came of it.
	Made string `json:"made,omitzero"`
}

// unknown is the result of an entry without an end.
const unknown = "unknown"

func entryOf(e backend.Entry) entry {
	out := entry{
		ID: e.ID, At: e.Intent.At.UTC(), Actor: e.Intent.Actor, Op: e.Intent.Op, Target: e.Intent.Ref.Target, Key: e.Intent.Ref.Key,
		Revision: e.Intent.Ref.Revision, Detail: e.Intent.Detail, Result: unknown,
	}
	if o := e.Outcome; o != nil {
		out.Result, out.EndedAt, out.Error, out.RequestID, out.Made = string(o.Result), o.At.UTC(), o.Error, o.ServiceRequestID, o.Revision
		out.Evidence = o.Evidence
	}
	return out
}

// New makes the command.
func New(env *command.Env) *cobra.Command {
	var r command.Reaching
	var out output.Flags
	var limit int
	var verify bool
	cmd := &cobra.Command{
		Use:     "activity [NAME]",
		Aliases: []string{"journal"},
		Short:   "List what was changed from here, and how it ended",
		Long: `Lists the journal: every change that was asked for from this state, by a console
or a command, newest first: who, when, what, how it ended, and the service's id
of the call. Nothing is called. An end that was uncertain is settled where what is
stored of the row by now proves it; beside the table stands why the others are not.

Each entry is chained to the one before it by a hash; --verify follows the chain
and fails where an entry was edited, inserted or taken out.`,
		Example: `  certty activity
  certty activity prod/shop -o jsonl
  certty activity --verify`,
		Args: command.MaximumArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := output.New(&out, output.List[entry]{
				Columns: output.Columns[entry](), Shown: []string{"at", "op", "target", "key", "result", "actor", "detail"},
			})
			if err != nil {
				return err
			}
			if limit < 0 {
				return command.Usage(fmt.Errorf("--limit %d: 0 lists every entry", limit))
			}
			return r.Within(cmd, env, func(ctx context.Context, f *command.Fleet) error {
				if verify {
					return verified(ctx, env, f)
				}
				records, err := newest(ctx, f, args, limit)
				if err != nil {
					return err
				}
				if err := p.PrintList(ctx, env, output.Source{}, records); err != nil || p.Format != output.Table {
					return err
				}
				explain(env, records)
				return nil
			})
		},
	}
	r.Add(cmd)
	out.Add(cmd)
	schema.Publish(cmd, "activity")
	cmd.Flags().IntVar(&limit, "limit", 100, "list the newest `number` of entries; 0 lists them all")
	cmd.Flags().BoolVar(&verify, "verify", false, "follow the hashes of the whole journal instead")
	return cmd
}

// newest are the newest entries of the journal, at most limit, those of the row
// that the argument names where there is one; a limit of 0 is none.
func newest(ctx context.Context, f *command.Fleet, args []string, limit int) ([]entry, error) {
	entries, err := f.Journal(ctx, 0)
	if err != nil {
		return nil, err
	}
	target, key := "", ""
	if len(args) > 0 {
		target, key = f.Split(args[0])
	}
	var records []entry
	for _, e := range slices.Backward(entries) {
		ref := e.Intent.Ref
		if (key == "" || ref.Key == key) && (target == "" || ref.Target == target) && (limit <= 0 || len(records) < limit) {
			records = append(records, entryOf(e))
		}
	}
	return records, nil
}

// explain says beside a table, which has no room for it, what is known of changes
// whose end is not, and what to do.
func explain(env *command.Env, records []entry) {
	for i := range records {
		e := &records[i]
		name := e.Op + " of " + e.Target + "/" + e.Key
		switch e.Result {
		case string(backend.ResultUncertain):
			env.Say(name + " is uncertain: " + text.Clean(e.Error) + ". Look at " + e.Target + "/" + e.Key + " before it is done again.")
		case unknown:
			env.Say(name + " has no end: it runs, or the program ended before the answer. Look at " + e.Target + "/" + e.Key + " before it is done again.")
		}
	}
}

func verified(ctx context.Context, env *command.Env, f *command.Fleet) error {
	if err := f.Store.VerifyJournal(ctx); err != nil {
		return err
	}
	env.Say("The journal is whole: no entry was edited, inserted or taken out.")
	return nil
}
