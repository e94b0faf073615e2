package model

import (
	"testing"
	"time"
)

func TestPasswordLife(t *testing.T) {
	now := time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		ends time.Time
		left time.Duration
		ok   bool
	}{
		{"not known, or never", time.Time{}, 0, false},
		{"a week", now.AddDate(0, 0, 7), 7 * 24 * time.Hour, true},
		{"a moment", now.Add(1), 1, true},
		{"at its end", now, 0, false},
		{"after its end", now.Add(-time.Hour), 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			left, ok := PasswordLife{ToldAt: now, Ends: tt.ends}.Left(now)
			if ok != tt.ok || ok && left != tt.left {
				t.Errorf("%v, %v; want %v, %v", left, ok, tt.left, tt.ok)
			}
		})
	}
}
