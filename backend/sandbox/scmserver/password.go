package scmserver

import (
	"encoding/json"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The states of a password, spelt as the service does.
const (
	passwordAlive   = "ALIVE"
	passwordExpired = "EXPIRED"
	passwordForEver = "NEVER_EXPIRE"
)

const (
	isoDay = "2006-01-02"
	// isoMoment has the milliseconds and the Z of the service's answers.
	isoMoment = "2006-01-02T15:04:05.000Z"
)

// passwordState is how the password stands, and when it ends. The caller holds
// s.mu.
func (s *Server) passwordState() (state string, ends time.Time) {
	life := s.book.Settings.PasswordLife
	if life <= 0 {
		return passwordForEver, time.Time{}
	}
	ends = s.account.Changed.Add(life)
	if s.now().Before(ends) {
		return passwordAlive, ends
	}
	return passwordExpired, ends
}

func (s *Server) getPassword(*call) (*answer, error) {
	state, ends := s.passwordState()
	body := struct {
		ExpirationDate string `json:"expirationDate,omitempty"`
		State          string `json:"state"`
	}{State: state}
	if !ends.IsZero() {
		body.ExpirationDate = ends.UTC().Format(isoDay)
	}
	return ok(body), nil
}

func (s *Server) changePassword(c *call) (*answer, error) {
	var body struct {
		NewPassword string `json:"newPassword"`
	}
	if f := c.read(&passwordSchema, &body); f != nil {
		return nil, f
	}
	if f := s.checkPassword(body.NewPassword); f != nil {
		return nil, f
	}
	s.account.Password, s.account.Changed = body.NewPassword, c.now
	s.saveAccount()
	return done(), nil
}

// checkPassword has the documented policy: -7306 says all that is wrong at
// once, in the order of the document's example.
func (s *Server) checkPassword(password string) *failure {
	var wrong strings.Builder
	if !strings.ContainsFunc(password, unicode.IsUpper) {
		wrong.WriteString(" Password must contain 1 or more uppercase characters.")
	}
	if !strings.ContainsFunc(password, unicode.IsDigit) {
		wrong.WriteString(" Password must contain 1 or more digit characters.")
	}
	if utf8.RuneCountInString(password) < 8 {
		wrong.WriteString(" Password must be 8 or more characters in length.")
	}
	switch {
	case wrong.Len() > 0:
		return refuse(-7306, "Password policy violated:%s", wrong.String())
	case utf8.RuneCountInString(password) > 32:
		return refuse(-976, "New password must be between %d and 32 characters.", 8)
	case password == s.account.Password:
		return refuse(-220, "Password can't be the same.")
	case strings.Contains(strings.ToLower(password), strings.ToLower(s.account.Login)):
		return refuse(-982, "New password must not contain Login.")
	}
	return nil
}

// saveAccount takes over the account. The caller holds s.mu.
func (s *Server) saveAccount() {
	if s.folder == nil {
		return
	}
	data, err := json.Marshal(s.account)
	if err != nil {
		s.log.Error("sandbox: encode the SCM account", "err", err)
		return
	}
	s.folder.Put(accountFile, data)
}

// Account is who may call; the password is the current one.
func (s *Server) Account() Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account
}
