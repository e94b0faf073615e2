package order

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/lint"
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
	c.syncing = true
	return c.s.Desk.SyncAccount(c.target)
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
		return "Nothing is known of " + c.target + " yet: it is being synced. That takes some calls."
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
		text = "catalogue synced " + cmp.Or(view.Age(c.s.Data.Now, at), "some time") + " ago"
	}
	switch {
	case c.syncing:
		text += "; syncing now"
	default:
		text += "; ctrl+r syncs it"
	}
	if c.wrong != "" {
		text += ". The last time failed: " + c.wrong
	}
	return text
}

// organizations lists those that can be ordered for, each with its departments
// behind it.
func (c *catalogue) organizations() []*model.Organization {
	a := &c.account
	var out []*model.Organization
	add := func(o *model.Organization) {
		if o.GoneSince.IsZero() && a.WhyNotOrganization(o) == "" {
			out = append(out, o)
		}
	}
	for i := range a.Organizations {
		o := &a.Organizations[i]
		if o.ParentID != 0 && a.Organization(o.ParentID) != nil {
			continue
		}
		add(o)
		for j := range a.Organizations {
			if d := &a.Organizations[j]; d.ParentID == o.ID {
				add(d)
			}
		}
	}
	return out
}

// organizationLabel is what an organization is called in the form. Names repeat;
// ids don't.
func (c *catalogue) organizationLabel(o *model.Organization) string {
	if p := c.account.Organization(o.ParentID); p != nil {
		return fmt.Sprintf("  %s / %s (%d)", p.Name, o.Name, o.ID)
	}
	return fmt.Sprintf("%s (%d)", o.Name, o.ID)
}

// profiles lists those that an organization can order with.
func (c *catalogue) profiles(organization int) []*model.Profile {
	var out []*model.Profile
	for i := range c.account.Profiles {
		if p := &c.account.Profiles[i]; p.GoneSince.IsZero() && p.DelegatedTo(organization) {
			out = append(out, p)
		}
	}
	return out
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

// untold lists what the catalogue does not tell about an order of a profile for
// an organization.
func (c *catalogue) untold(o *model.Organization, p *model.Profile) []string {
	a := &c.account
	var out []string
	if o != nil && !o.APIKnown {
		out = append(out, "whether orders over the API are switched on")
	}
	if p != nil && len(p.KeyTypes) == 0 {
		out = append(out, "which keys the profile takes")
	}
	if len(a.Domains) == 0 {
		out = append(out, "which domains are validated")
	} else if !slices.ContainsFunc(a.Domains, func(d model.Domain) bool { return len(d.Organizations) > 0 }) {
		out = append(out, "to whom the domains are delegated")
	}
	return out
}

// validation says how the CA's checks of an organization stand, where one of
// them stands in the way of some profiles.
func (c *catalogue) validation(o *model.Organization) string {
	if o == nil {
		return ""
	}
	if parent := c.account.Organization(o.ParentID); parent != nil {
		o = parent
	}
	var open []string
	for _, v := range o.Validations {
		ended := !v.Expires.IsZero() && !c.s.Data.Now.Before(v.Expires)
		if !strings.EqualFold(v.Status, "validated") || ended {
			open = append(open, strings.ReplaceAll(v.Level, "_", " ")+" "+v.Status)
		}
	}
	if len(open) == 0 {
		return ""
	}
	return "the CA's check of " + o.Name + ": " + strings.Join(open, ", ") + ". Profiles that need it are refused."
}

// expected says what lifetime a term can expect under today's rules.
func expected(term int, now time.Time) string {
	e := lint.Lifetime(term, now)
	text := fmt.Sprintf("expect %d days", e.Days)
	switch {
	case e.Cut:
		text += fmt.Sprintf(" at most: since %s public certificates live no longer; the CA shortens it or refuses", e.Limit.From.Format(time.DateOnly))
	case e.Limit.Days > 0:
		text += fmt.Sprintf("; since %s the rule allows %d", e.Limit.From.Format(time.DateOnly), e.Limit.Days)
	}
	if e.Next.Days > 0 && e.Next.From.Sub(now) < soon {
		text += fmt.Sprintf("; if it is issued only from %s on, %d", e.Next.From.Format(time.DateOnly), e.Next.Days)
	}
	return text
}

// soon is how near a coming rule has to be to matter: an order rarely waits
// longer for its approval and its validation.
const soon = 60 * 24 * time.Hour
