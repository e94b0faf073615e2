package logs_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"certty/ui/view/logs"
)

func texts(r *logs.Ring, level slog.Level) []string {
	var out []string
	for _, record := range r.Records(level) {
		out = append(out, record.Text)
	}
	return out
}

func TestRecordsAreOneCleanLine(t *testing.T) {
	var r logs.Ring
	log := slog.New(r.Handler(slog.LevelInfo))
	log.Debug("not kept")
	log.Info("read", "target", "prod", "took", 3*time.Second)
	log.With("target", "prod").WithGroup("call").With("id", 7).Warn("slow", "n", 1, slog.Group("by", "who", "x y"))
	log.Error("bad\x1b[31m\nline", "error", errors.New("a\tb"), "empty", "", "direction", "\u202ex")
	want := []string{
		"read target=prod took=3s",
		`slow target=prod call.id=7 call.n=1 call.by.who="x y"`,
	}
	got := texts(&r, slog.LevelDebug)
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] {
		t.Fatalf("kept %q", got)
	}
	if strings.ContainsAny(got[2], "\x1b\n\t\u202e") || !strings.Contains(got[2], `empty=""`) {
		t.Errorf("not clean: %q", got[2])
	}
	if got := texts(&r, slog.LevelWarn); len(got) != 2 || !strings.HasPrefix(got[0], "slow") {
		t.Errorf("from warn on: %q", got)
	}
}

func TestTheOldestGoesFirst(t *testing.T) {
	var r logs.Ring
	log := slog.New(r.Handler(slog.LevelInfo))
	for i := range logs.Kept + 5 {
		log.Info("record", "n", i+1)
	}
	all := r.Records(slog.LevelInfo)
	if len(all) != logs.Kept || r.Count() != logs.Kept+5 {
		t.Fatalf("%d kept of %d", len(all), r.Count())
	}
	for i, record := range all {
		if want := uint64(i + 6); record.Number != want || record.Text != fmt.Sprint("record n=", want) {
			t.Fatalf("record %d at place %d: %q", record.Number, i, record.Text)
		}
	}
}

func TestALongRecordIsCut(t *testing.T) {
	var r logs.Ring
	slog.New(r.Handler(slog.LevelInfo)).Info("x", "body", strings.Repeat("ä", 5000))
	if got := texts(&r, slog.LevelInfo)[0]; len(got) > 4096 || !strings.HasPrefix(got, "x body=ä") {
		t.Errorf("%d bytes: %.40q", len(got), got)
	}
}

func TestManyWriters(t *testing.T) {
	var r logs.Ring
	h := r.Handler(slog.LevelInfo)
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for i := range 200 {
				if err := h.Handle(context.Background(), slog.NewRecord(time.Time{}, slog.LevelInfo, "x", 0)); err != nil {
					t.Error(err)
				}
				if i%50 == 0 {
					r.Records(slog.LevelInfo)
				}
			}
		})
	}
	writers.Wait()
	if r.Count() != 1600 || len(r.Records(slog.LevelInfo)) != logs.Kept {
		t.Errorf("%d were written, %d are kept", r.Count(), len(r.Records(slog.LevelInfo)))
	}
}

// However many calls went well, no failure is pushed out by them.
func TestDetailPushesNothingOut(t *testing.T) {
	var r logs.Ring
	log := slog.New(r.Handler(slog.LevelDebug))
	log.Warn("first")
	for range 3 * logs.Kept {
		log.Debug("read")
	}
	log.Info("last")
	if got := texts(&r, slog.LevelInfo); !slices.Equal(got, []string{"first", "last"}) {
		t.Errorf("from info on: %q", got)
	}
	all := r.Records(slog.LevelDebug)
	if len(all) != logs.Kept+2 || all[0].Text != "first" || all[len(all)-1].Text != "last" || r.Count() != 3*logs.Kept+2 {
		t.Errorf("%d records from %q to %q", len(all), all[0].Text, all[len(all)-1].Text)
	}
	if !slices.IsSortedFunc(all, func(a, b *logs.Record) int { return cmp.Compare(a.Number, b.Number) }) {
		t.Error("not in their order")
	}
}
