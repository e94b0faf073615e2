package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"certty/backend/repository"
	"certty/config"
	"certty/model/timetext"
	"certty/ui/cli/command"
	"certty/ui/cli/output"
)

// jobCommand is the job of running what on_issued names, which the repository
// knows as a part of delivering.
const jobCommand = "on_issued"

// dueEntry is one thing that a pass of certty work would do now, as data.
type dueEntry struct {
	// Target is the configured name of the account.
	Target string `json:"target"`
	// Job is what would be done: sync what the account offers, check every order or
	// read its changes, find an order whose answer was lost, collect a certificate,
	// make its keystore, deliver its files, run on_issued.
	Job string `json:"job"`
	// Order is the order's id, or its reference while it has none; absent where the
	// job is about the account.
	Order string `json:"order,omitzero"`
	// Name is the order's common name.
	Name string `json:"name,omitzero"`
	// Since is when it fell due; absent where that is not known, or it is due with
	// every pass.
	Since time.Time `json:"since,omitzero"`
	// After is the job that comes first, and whose outcome decides whether this one
	// is done.
	After string `json:"after,omitzero"`
	// Detail is the form of the keystore, the folder of the files, or the command.
	Detail string `json:"detail,omitzero"`
	// Waits is why it would not be done although it is due.
	Waits string `json:"waits,omitzero"`
}

// dueList is how what is due is printed.
func dueList() output.List[dueEntry] {
	columns := output.Columns[dueEntry]()
	for i := range columns {
		if columns[i].Name == "since" {
			columns[i].Cell = func(e *dueEntry) string {
				if e.Since.IsZero() {
					return ""
				}
				return timetext.Moment(e.Since)
			}
		}
	}
	return output.List[dueEntry]{Columns: columns, Shown: []string{"target", "job", "order", "name", "since", "detail", "waits"}}
}

// printDue prints what a pass would do now at every account, as far as is stored.
// Nothing is called.
func (a *App) printDue(cmd *cobra.Command, cfg *config.Config, out *output.Flags, retry bool) (err error) {
	printer, err := output.New(out, dueList())
	if err != nil {
		return err
	}
	cfg.ReadOnly = true
	ctx := cmd.Context()
	fleet, err := a.Open(ctx, cfg, command.OpenOptions{Now: a.Now, Say: a.Say})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fleet.Release()) }()
	var all []dueEntry
	for i := range fleet.Targets {
		t := &fleet.Targets[i]
		if t.Repository == nil {
			continue // nothing is ever due at a vault
		}
		entries, err := dueAt(ctx, fleet, t, retry)
		if err != nil {
			return fmt.Errorf("look what is due at %s: %w", t.Name(), err)
		}
		all = append(all, entries...)
	}
	if err := printer.PrintList(ctx, &a.Env, output.Source{}, all); err != nil {
		return err
	}
	a.Say("This is due as far as is stored; what a look finds, such as an order that was issued since, comes on top.\n" +
		"Nothing was sent, and nothing was written.")
	return nil
}

// dueAt lists what is due at one account.
func dueAt(ctx context.Context, f *command.Fleet, t *command.Target, retry bool) ([]dueEntry, error) {
	latch, latched, err := f.Store.GetLatch(ctx, t.Name())
	if err != nil {
		return nil, err
	}
	refused := ""
	if latched && !retry {
		refused = "the login was refused at " + timetext.Moment(latch.At) + "; nothing is called until --retry"
	}
	known, err := f.Store.LoadSnapshot(ctx, t.Name())
	if err != nil {
		known = nil // work goes on without it as well, and reads every order
	}
	due, err := t.Repository.Due(ctx, known)
	if err != nil {
		return nil, err
	}
	var out []dueEntry
	for _, d := range due {
		e := dueEntry{Target: t.Name(), Job: string(d.Job), Since: d.Since.UTC(), After: string(d.After), Waits: cmp.Or(refused, d.Waits)}
		if d.Record != nil {
			e.Order, e.Name = d.Record.Key, d.Record.CommonName
		}
		switch d.Job { //nolint:exhaustive // the others have no more to tell
		case repository.JobKeystore:
			e.Detail = d.Keystore
		case repository.JobDeliver:
			e.Detail = filepath.Clean(cmp.Or(d.Deploy.Dir, t.Files.Dir))
		}
		out = append(out, e)
		if d.Job == repository.JobDeliver && len(t.Config.OnIssued) > 0 {
			e.Job, e.After, e.Detail = jobCommand, string(repository.JobDeliver), strings.Join(t.Config.OnIssued, " ")
			out = append(out, e)
		}
	}
	return out, nil
}
