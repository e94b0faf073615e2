package console

import (
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/store"
	"certty/model"
)

// TestJournalIsReconciled: what was found out after a lost answer is written down,
// and a change that no program can be at any more is told of once.
func TestJournalIsReconciled(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	st, err := store.Open(ctx, store.Options{StateDir: filepath.Join(dir, "state"), CacheDir: filepath.Join(dir, "cache")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	asked := time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)
	ids := map[string]int64{}
	for _, key := range []string{"found", "lost answer", "refused", "looked for", "merged"} {
		ref := model.Ref{Target: "lab", Kind: model.KindCertificate, Key: "certty:" + key}
		if ids[key], err = st.Begin(ctx, backend.Intent{At: asked, Actor: "ada", Op: "order", Ref: ref}); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Finish(ctx, ids["lost answer"], backend.Outcome{At: asked, Result: backend.ResultUncertain, Error: "reset"}); err != nil {
		t.Fatal(err)
	}
	for key, step := range map[string]model.RecordStep{
		"found": model.StepCollected, "lost answer": model.StepPlaced, "refused": model.StepRefused, "looked for": model.StepUndecided,
	} {
		h := backend.Holding{Target: "lab", Record: model.Record{
			Key: "id of " + key, Reference: "certty:" + key, CommonName: key + ".example.com", Step: step, Trouble: "decided", ManagedAt: asked, StepAt: asked,
		}}
		if err := st.AddUnless(ctx, h, func([]model.Record) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	now := asked.Add(time.Minute)
	j := journal{store: st, now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler)}
	if notes := j.unfinished(ctx); len(notes) != 4 || !strings.HasPrefix(notes[0], "order of found.example.com (lab), asked ") {
		t.Errorf("while another program may be at them: %q", notes)
	}
	now = asked.Add(time.Hour)
	if notes := j.unfinished(ctx); len(notes) != 2 || !strings.HasPrefix(notes[0], "order of looked for.example.com (lab)") || !strings.HasPrefix(notes[1], "order of certty:merged (lab)") {
		t.Errorf("later: %q", notes)
	}
	if notes := j.unfinished(ctx); len(notes) != 0 {
		t.Errorf("told again: %q", notes)
	}
	entries, err := j.entries(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]backend.Result{
		"found": backend.ResultDone, "lost answer": backend.ResultDone, "refused": backend.ResultRefused,
		"looked for": backend.ResultUncertain, "merged": backend.ResultUncertain,
	}
	for _, e := range entries {
		key := strings.TrimPrefix(e.Intent.Ref.Key, "certty:")
		if e.Outcome == nil || e.Outcome.Result != want[key] {
			t.Errorf("%s ended as %+v", key, e.Outcome)
		}
	}
	if err := st.VerifyJournal(ctx); err != nil {
		t.Error(err)
	}
}
