package order

import (
	"cmp"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/timetext"
	"certty/ui/view"
)

// catalogue is what an account offers, as it was last synced.
type catalogue struct {
	s       *view.Session
	target  string
	account model.Account
	// known is true once the account was read from the store, or synced.
	known   bool
	syncing bool
	// step is how far the sync is; its zero value is not told yet.
	step backend.AccountStep
	// wrong is why the last reading failed, wholly or in part.
	wrong string
}

func newCatalogue(s *view.Session, target string) *catalogue {
	return &catalogue{s: s, target: target}
}

// open has what is known read.
func (c *catalogue) open() tea.Cmd { return c.s.Desk.ReadAccount(c.target) }

// sync has the account asked, unless it is being asked or can't be.
func (c *catalogue) sync() tea.Cmd {
	switch caps := c.s.Desk.Target(c.target).Capabilities; {
	case c.syncing:
		return nil
	case caps.Account == nil:
		c.wrong = "it can't be synced: " + cant(caps.AccountWhy)
		return nil
	}
	c.syncing, c.step = true, backend.AccountStep{}
	return c.s.Desk.SyncAccount(c, c.target)
}

// told takes how far the sync is that was asked for here.
func (c *catalogue) told(msg view.SyncTold) tea.Cmd {
	if msg.To != any(c) {
		return nil
	}
	c.step = msg.Step
	return msg.Next
}

// now says what of the account is being read.
func (c *catalogue) now() string {
	if c.step.Part == "" {
		return ""
	}
	return ": " + c.step.String()
}

// take takes what was read, and has it synced where it never was. took is false
// for news of another account.
func (c *catalogue) take(msg view.AccountRead) (took bool, cmd tea.Cmd) {
	if msg.Target != c.target {
		return false, nil
	}
	if msg.Synced {
		c.syncing = false
	}
	c.wrong = ""
	if msg.Err != nil {
		c.wrong = view.Clean(msg.Err.Error())
	}
	// A sync that failed gives what was known before.
	c.account, c.known = msg.Account, true
	if !msg.Synced && msg.Account.ReadAt.IsZero() && len(msg.Account.Organizations) == 0 {
		return true, c.sync()
	}
	return true, nil
}

// reading says what is waited for while there is no form.
func (c *catalogue) reading() string {
	switch {
	case c.syncing:
		return "Nothing is known of " + c.target + " yet: it is being synced" + c.now() + ". That takes some calls."
	case c.wrong != "":
		return "Nothing can be ordered: " + c.wrong + "; ctrl+r tries again."
	}
	return "What " + c.target + " offers is being read."
}

// ready reports whether a form can be made of it.
func (c *catalogue) ready() bool { return c.known && len(c.account.Organizations) > 0 }

// age says how old it is, and with which key it is synced.
func (c *catalogue) age() string {
	text := "catalogue never synced completely"
	if at := c.account.ReadAt; !at.IsZero() {
		text = "catalogue synced " + cmp.Or(timetext.Age(c.s.Data.Now, at), "some time") + " ago"
	}
	switch {
	case c.syncing:
		text += "; syncing now" + c.now()
	default:
		text += "; ctrl+r syncs it"
	}
	if c.wrong != "" {
		text += ". The last time failed: " + c.wrong
	}
	return text
}

// organizationLabel is what an organization is called in the form. Names repeat;
// ids don't.
func (c *catalogue) organizationLabel(o *model.Organization) string {
	if c.account.Organization(o.ParentID) != nil {
		return "  " + c.account.Label(o)
	}
	return c.account.Label(o)
}

func profileLabel(name string, id int) string { return fmt.Sprintf("%s (%d)", name, id) }

// idOf is the id at the end of a label; 0 where there is none.
func idOf(label string) int {
	var id int
	if i := strings.LastIndexByte(label, '('); i >= 0 {
		if _, err := fmt.Sscanf(label[i:], "(%d)", &id); err != nil {
			return 0
		}
	}
	return id
}
