package app

import (
	"strings"
	"testing"
	"time"

	"certty/backend/poll"
	"certty/model"
	"certty/ui/view"
	"certty/ui/view/viewtest"
)

// TestPasswordEnds: the header tells of a password that ends within a week, from
// what is stored at the start, and after each sync.
func TestPasswordEnds(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		s.ends("test", 7*day)
		s.never("password")
		s.ends("test", 7*day-1)
		s.sees("! test: password 6d left")
		s.resize(120, 24)
		s.sees("! test 4 <1m, password ends in 6 days")
		s.Update(view.AccountRead{Target: "test", Synced: true, Err: errNotDone})
		s.sees("password ends in 6 days")
		s.Update(view.AccountRead{Target: "test", Synced: true, Account: model.Account{Password: model.PasswordLife{ToldAt: noon}}})
		s.never("password")

		stage := viewtest.New(t)
		account := stage.Account()
		account.Shelf.Known.Password = model.PasswordLife{ToldAt: noon, Ends: noon.Add(30 * time.Hour)}
		target := stage.Session.Desk.Target(viewtest.AccountName)
		box := poll.New(stub{}, nil, poll.Options{}).Subscribe()
		s.run(s.joined(joinedMsg{target: target, box: box}))
		s.s.Data.SetState(viewtest.AccountName, poll.State{Snapshot: model.NewSnapshot(viewtest.AccountName, nil, noon)})
		s.resize(200, 24)
		s.sees("password ends in 30h")
		account.Shelf.Known.Password.Ends = noon.Add(50 * time.Hour)
		s.run(s.route(Synced(viewtest.AccountName)))
		s.sees("password ends in 2 days")
		account.Shelf.Known.Password.Ends = noon.Add(3 * day)
		s.run(s.opened(openedMsg{parts: &Parts{Targets: []view.Target{target}, Boxes: []*poll.Mailbox{box}}}))
		s.sees("password ends in 3 days")
	})
}

// ends says when the password of a target's login ends, from noon on.
func (s *screen) ends(target string, in time.Duration) {
	s.Update(view.PasswordRead{Target: target, Life: model.PasswordLife{ToldAt: noon, Ends: noon.Add(in)}})
}

// never fails where the screen has a text.
func (s *screen) never(text string) {
	s.t.Helper()
	if strings.Contains(s.View(), text) {
		s.t.Errorf("%q is shown:\n%s", text, s.View())
	}
}
