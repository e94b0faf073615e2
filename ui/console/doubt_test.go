package console

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/store"
	"certty/model"
)

// TestDoubtsWhereNothingCanBeWritten: what was found out can't be written down any
// more, and board and timeline still say that the end of the change is not known.
func TestDoubtsWhereNothingCanBeWritten(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	o := store.Options{StateDir: filepath.Join(dir, "state"), CacheDir: filepath.Join(dir, "cache")}
	st, err := store.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	asked := time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)
	read := asked.Add(time.Hour)
	ref := model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "shop"}
	row := &model.Item{Ref: ref, RequestReadAt: read, ListedAt: read,
		Request: &model.Request{ID: "r1", Status: "inProgress", Phase: model.PhaseInProgress, SeenAt: read}}
	if err := st.SaveSnapshot(ctx, model.NewSnapshot("prod", []*model.Item{row}, read)); err != nil {
		t.Fatal(err)
	}
	id, err := st.Begin(ctx, backend.Intent{At: asked, Op: "create", Ref: ref})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Finish(ctx, id, backend.Outcome{At: asked, Result: backend.ResultUncertain, Error: "reset"}); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(o.StateDir); err != nil {
		t.Fatal(err)
	}
	j := journal{store: st, now: func() time.Time { return read }, log: slog.New(slog.DiscardHandler)}
	if err := j.reconcile(ctx, true); err == nil {
		t.Fatal("it was written down")
	}
	if got := j.doubts(ctx); len(got) != 1 || got[0].Ref != ref || got[0].Why != "reset" {
		t.Errorf("doubts %+v", got)
	}
	events, err := j.timeline(ctx, ref, 0)
	if err != nil || len(events) != 1 || !strings.Contains(events[0].Text, "it may have happened; reset") {
		t.Errorf("timeline %+v, %v", events, err)
	}
}
