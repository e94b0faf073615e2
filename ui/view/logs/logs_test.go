package logs

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"certty/ui/theme"
	"certty/ui/view"
)

// TestFollows: an open log shows what comes, and stays on the newest as long as
// nobody moved away from it.
func TestFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r Ring
		log := slog.New(r.Handler(slog.LevelInfo))
		log.Info("first")
		v := New(&view.Session{Theme: theme.New(theme.Options{UTF8: true}), Data: view.NewData(nil, time.Time{})}, &r)
		v.SetSize(80, 20)
		next := v.Init()
		log.Info("second")
		if strings.Contains(strings.Join(v.View(), "\n"), "second") {
			t.Fatal("the view read the log by itself")
		}
		next = v.Update(next())
		if got, ok := v.table.Cursor(); !ok || got.Text != "second" || next == nil {
			t.Fatalf("the cursor is on %+v", got)
		}
		v.table.Home()
		log.Warn("third")
		next = v.Update(next())
		if got, _ := v.table.Cursor(); got.Text != "first" || v.table.Len() != 3 {
			t.Errorf("the cursor left for %+v", got)
		}
		if next = v.Update(next()); next == nil {
			t.Error("the log is not looked at any more")
		}
		if cmd := v.Update(look{v: New(v.s, &r)}); cmd != nil {
			t.Error("another view's moment was taken")
		}
	})
}
