package view

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/timetext"
)

// PasswordRead carries how long the password of an account's login lives, as it
// was last told.
type PasswordRead struct {
	Target string
	Life   model.PasswordLife
}

// ReadPassword reads from the store how long the password of an account lives.
// What can't be read is not told: the account's own screen says why.
func (d *Desk) ReadPassword(target string) tea.Cmd {
	ctx, r := d.ctx, d.Target(target).Repository
	if r == nil {
		return nil
	}
	return func() tea.Msg {
		account, err := r.Account(ctx)
		if err != nil {
			return nil
		}
		return PasswordRead{Target: target, Life: account.Password}
	}
}

// SetPassword takes how long the password of an account's login lives.
func (d *Data) SetPassword(target string, life model.PasswordLife) {
	if d.passwords == nil {
		d.passwords = make(map[string]model.PasswordLife)
	}
	d.passwords[target] = life
}

// Password is how long the password of an account's login lives; the zero value
// where nobody told.
func (d *Data) Password(target string) model.PasswordLife { return d.passwords[target] }

// PasswordLeft is how long the password of an account's login is accepted yet; ok
// is false unless that is known and less than within.
func (d *Data) PasswordLeft(target string, within time.Duration) (left time.Duration, ok bool) {
	left, ok = d.passwords[target].Left(d.Now)
	return left, ok && left < within
}

// PasswordEnds says in words in how long a password ends.
func PasswordEnds(left time.Duration) string {
	const day = 24 * time.Hour
	if left < 2*day {
		return "password ends in " + timetext.Span(left)
	}
	return "password ends in " + model.Count(int(left/day), "day", "days")
}
