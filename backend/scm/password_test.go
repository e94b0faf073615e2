package scm

import (
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

// TestAccountTellsThePasswordsEnd: with what an account offers comes how long its
// password lives; where that is refused the account is whole without it.
func TestAccountTellsThePasswordsEnd(t *testing.T) {
	end := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, body string
		status     int
		want       model.PasswordLife
		kind       backend.ErrorKind
	}{
		{"it ends", `{"expirationDate":"2026-12-01","state":"ALIVE"}`, 200, model.PasswordLife{ToldAt: noon, Ends: end}, backend.KindPartial},
		{"never", `{"state":"NEVER_EXPIRE"}`, 200, model.PasswordLife{ToldAt: noon}, backend.KindPartial},
		{"an end that is no date", `{"expirationDate":"soon","state":"ALIVE"}`, 200, model.PasswordLife{ToldAt: noon}, backend.KindPartial},
		{"no privilege", `{"code":-3,"description":"no"}`, 400, model.PasswordLife{}, backend.KindPartial},
		{"an older instance", `<html></html>`, 404, model.PasswordLife{}, backend.KindPartial},
		{"the login ended meanwhile", `{"code":-16,"description":"Unknown user"}`, 401, model.PasswordLife{}, backend.KindAuth},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t)
			s.on("/", answering(400, `{"code":-3,"description":"no"}`))
			s.on("GET /api/admin/v1/password", answering(tt.status, tt.body))
			account, err := s.client(t).Account(t.Context(), nil)
			wantKind(t, err, tt.kind)
			if got := account.Password; !got.Ends.Equal(tt.want.Ends) || got.ToldAt.IsZero() != tt.want.ToldAt.IsZero() {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
	a := open(t)
	if account, err := a.Account(t.Context(), nil); err != nil || a.calls("GetPassword") != 1 || account.ReadAt.IsZero() {
		t.Errorf("%d calls for the password, %v", a.calls("GetPassword"), err)
	}
	// An API key has no password, and what was told of an earlier one is over.
	a, key, _ := clients(t)
	if account, err := key.Account(t.Context(), nil); err != nil || !account.Password.Ends.IsZero() || account.Password.ToldAt.IsZero() || a.calls("GetPassword") != 0 {
		t.Errorf("of an API key: %+v, %d calls, %v", account.Password, a.calls("GetPassword"), err)
	}
}
