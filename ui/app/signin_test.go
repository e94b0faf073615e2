package app

import (
	"strings"
	"testing"

	"certty/ui/view/vaults"
)

// TestSignInWaitsForTheForm: while somebody types, the header and the status
// line tell of a sign-in; its card opens when the form is left, and what has
// ended meanwhile is not shown.
func TestSignInWaitsForTheForm(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 120, 40, plain)
		form := &probe{capturing: true}
		s.Open(form)
		for id, target := range []string{"prod", "test"} {
			s.Update(SignIn(vaults.SignIn{ID: uint64(id), Target: target, Code: "CODE-" + target}))
		}
		s.sees("prod signing in", "test signing in", "sign-in waits: prod, test")
		s.press("o")
		if got := strings.Join(form.got, ","); !strings.HasSuffix(got, "key o") {
			t.Errorf("the form got %q", got)
		}
		s.Update(SignInEnded(0))
		s.sees("sign-in waits: test")
		if strings.Contains(s.View(), "prod signing in") {
			t.Error("a sign-in that has ended is still said")
		}
		form.capturing = false // the filter line of a list, say
		s.press("o")
		s.sees("Sign in to test", "CODE-test", "test signing in")
		s.Update(SignInEnded(1))
		if len(s.stack) != 1 || strings.Contains(s.View(), "signing in") {
			t.Errorf("%d views are open, and the screen is\n%s", len(s.stack), s.View())
		}
	})
}

// TestSignInIsNotCancelledByAccident: an esc that was meant for what the card
// covers says so instead.
func TestSignInIsNotCancelledByAccident(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 120, 40, plain)
		cancelled := 0
		_, cmd := s.Update(SignIn(vaults.SignIn{Target: "prod", Code: "CODE", Cancel: func() { cancelled++ }}))
		s.press("esc")
		s.sees("not now: the card has only just opened")
		if cancelled != 0 {
			t.Fatal("it was cancelled")
		}
		s.Update(cmd()) // its moment has passed
		s.press("esc")
		if cancelled != 1 || len(s.stack) != 0 {
			t.Errorf("cancelled %d times, %d views open", cancelled, len(s.stack))
		}
	})
}
