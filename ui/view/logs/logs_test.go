package logs

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"certty/ui/clip"
	"certty/ui/keys"
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
		if got, ok := v.Cursor(); !ok || got.Text != "second" || next == nil {
			t.Fatalf("the cursor is on %+v", got)
		}
		v.Home()
		log.Warn("third")
		next = v.Update(next())
		if got, _ := v.Cursor(); got.Text != "first" || v.Len() != 3 {
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

// One key goes through the levels, from every call to errors only, and a record
// can be copied.
func TestLevelsAndCopy(t *testing.T) {
	at := time.Date(2026, 11, 21, 14, 5, 9, 0, time.UTC)
	var r Ring
	for level, text := range map[slog.Level]string{slog.LevelDebug: "read", slog.LevelInfo: "cancel", slog.LevelWarn: "target paused", slog.LevelError: "panic"} {
		record := slog.NewRecord(at, level, text, 0)
		if err := r.Handler(slog.LevelDebug).Handle(t.Context(), record); err != nil {
			t.Fatal(err)
		}
	}
	var copied strings.Builder
	overSSH := func(name string) (string, bool) { return "here", name == "SSH_CONNECTION" }
	v := New(&view.Session{Theme: theme.New(theme.Options{UTF8: true}), Data: view.NewData(nil, time.Time{}), Clip: clip.New(&copied, overSSH)}, &r)
	v.SetSize(80, 20)
	key := func(def keys.Def) keys.Action {
		for _, a := range v.Actions() {
			if a.ID == def.ID {
				return a
			}
		}
		t.Fatalf("no action %s", def.ID)
		return keys.Action{}
	}
	for _, want := range []string{"Log: 3, from info on", "Log: 2, from warn on", "Log: 1, from error on", "Log: 4, from debug on", "Log: 3, from info on"} {
		if got := strings.Join(v.View(), "\n"); !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
		key(keys.LogLevel).Run()
	}
	if _, ok := key(keys.Copy).Run()().(clip.Copied); !ok || !strings.Contains(copied.String(), "\x1b]52;") {
		t.Errorf("copied %q", copied.String())
	}
	var none Ring
	v = New(v.s, &none)
	if a := key(keys.Copy); a.Disabled != "no record is chosen" {
		t.Errorf("nothing can be copied, and it is disabled by %q", a.Disabled)
	}
}
