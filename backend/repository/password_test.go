package repository_test

import (
	"testing"
	"time"

	"certty/backend/repository"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// TestSyncKeepsThePasswordsEnd: what a sync did not learn stays as it was told, and
// what it learnt takes its place, also that there is no end.
func TestSyncKeepsThePasswordsEnd(t *testing.T) {
	first, second := model.PasswordLife{ToldAt: noon, Ends: noon.AddDate(0, 0, 9)}, model.PasswordLife{ToldAt: noon.Add(time.Hour)}
	for _, tt := range []struct {
		name       string
		told, want model.PasswordLife
	}{
		{"not told", model.PasswordLife{}, first},
		{"without an end", second, second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			account := &offering{account: model.Account{Password: first}}
			c := newWorld(t, scmserver.Settings{}).start(0, func(o *repository.Options) { o.Capabilities.Account = account })
			if _, err := c.Sync(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			account.account.Password = tt.told
			if _, err := c.Sync(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			kept, err := c.Account(t.Context())
			if err != nil || !kept.Password.Ends.Equal(tt.want.Ends) || !kept.Password.ToldAt.Equal(tt.want.ToldAt) {
				t.Errorf("%+v, want %+v; %v", kept.Password, tt.want, err)
			}
		})
	}
}
