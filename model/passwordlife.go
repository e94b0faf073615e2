package model

import "time"

// PasswordLife is how long an account accepts the password of its login, as it
// told with its last sync (SCM REST API, /admin/v1/password).
type PasswordLife struct {
	// ToldAt is when the account told it; zero when it never did.
	ToldAt time.Time
	// Ends is when the password ends; zero when it never does, when the account
	// does not tell, and where no password is used.
	Ends time.Time
}

// PasswordSoon is how long before its end a password is warned of.
const PasswordSoon = 14 * 24 * time.Hour

// Left is how long the password is accepted yet; ok is false where there is no
// known end before it. A password that goes on after its end was changed since
// the account told.
func (p PasswordLife) Left(now time.Time) (left time.Duration, ok bool) {
	left = p.Ends.Sub(now)
	return left, !p.Ends.IsZero() && left > 0
}
