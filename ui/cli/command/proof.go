package command

import (
	"context"
	"slices"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// sayProof says that a change was done whose answer was lost, where what was read
// of its row since proves that. The exit code stays that of a call without an
// answer.
func (f *Fleet) sayProof(ctx context.Context, env *Env, ref model.Ref, failed error) {
	if backend.KindOf(failed) != backend.KindUncertain {
		return
	}
	entries, err := f.Journal(ctx, recentChanges)
	if err != nil {
		env.Say("The journal can't be read to find out how it ended: " + err.Error())
		return
	}
	for _, e := range slices.Backward(entries) {
		if e.Intent.Ref.Row() != ref.Row() {
			continue
		}
		if e.Outcome != nil && e.Outcome.Evidence != "" {
			env.Say("The answer was lost, but what was read since proves that it was done: " + text.Clean(e.Outcome.Evidence) + ".")
		}
		return // the newest one is this change
	}
}

// recentChanges is how many entries of the journal other programs may have added
// while a change was made.
const recentChanges = 100
