package forms

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/model/policytext"
	"certty/ui/view"
	"certty/ui/widget/form"
)

// catalog is what one vault has to offer to a form: its issuers, and the
// contacts that it writes to.
type catalog struct {
	s      *view.Session
	target string
	// asked is true while the vault has not answered.
	asked bool
	read  view.CatalogRead
	// why says why the vault can't be asked.
	why string
}

// ask has the catalog of a target read, unless it was.
func (c *catalog) ask(target string) tea.Cmd {
	if target == "" || target == c.target {
		return nil
	}
	*c = catalog{s: c.s, target: target}
	caps := c.s.Desk.Target(target).Capabilities
	if caps.Catalog == nil {
		c.why = cmp.Or(caps.CatalogWhy, "this target does not tell them")
		return nil
	}
	c.asked = true
	return c.s.Desk.ReadCatalog(target)
}

// take takes the answer; the form's issuers are then to be offered anew.
func (c *catalog) take(msg view.CatalogRead) {
	if msg.Target == c.target && c.asked {
		c.asked, c.read = false, msg
	}
}

// offer gives the form the issuers to choose from, and stored among them.
func (c *catalog) offer(f *form.Form, stored string) {
	f.SetOptions(fieldIssuer, including(c.options(), stored))
	f.SetHint(fieldIssuer, c.hint())
}

func (c *catalog) options() []string {
	options := []string{manualIssuer, model.IssuerSelf}
	for _, i := range c.read.Issuers {
		options = including(options, i.Name)
	}
	return options
}

// note says what the chosen issuer does.
func (c *catalog) note(value func(string) string) string {
	name := value(fieldIssuer)
	switch name {
	case manualIssuer:
		return "you have the CSR signed, then merge"
	case model.IssuerSelf:
		return "the vault signs it with its own key; nobody else vouches for it"
	}
	i := slices.IndexFunc(c.read.Issuers, func(i model.IssuerInfo) bool { return i.Name == name })
	switch {
	case i >= 0:
		return fmt.Sprintf("ordered from %s; it goes on by itself, and may cost", cmp.Or(c.read.Issuers[i].Provider, name))
	case c.asked || c.read.Target != c.target || c.read.IssuersErr != nil:
		return ""
	}
	return "the vault does not list this issuer any more"
}

// hint says where other issuers come from, and why none is offered where none
// is.
func (c *catalog) hint() string {
	const choose = "left and right choose. "
	switch {
	case c.asked:
		return choose + "The vault's issuers are being read."
	case c.why != "":
		return choose + "Other issuers can't be listed: " + c.why + "."
	case c.read.IssuersErr != nil:
		return choose + "Other issuers could not be read: " + backend.AdviceFor(c.read.IssuersErr).Cause
	case c.read.Target == c.target && len(c.read.Issuers) == 0:
		return choose + "No issuer is set up in this vault: a CA's issuer must exist there first (in the portal, or with az keyvault certificate issuer create)."
	}
	return choose + "The others are set up in the vault."
}

// noteAction says who is written to, and what else is stored.
func (c *catalog) noteAction(base model.Policy) func(func(string) string) string {
	return func(value func(string) string) string {
		var parts []string
		if value(fieldAction) == emailContacts {
			parts = append(parts, c.contacts())
		}
		if len(base.LifetimeActions) > 1 {
			for _, a := range base.LifetimeActions[1:] {
				parts = append(parts, "Also stored, and kept: "+policytext.Action(a)+".")
			}
		}
		return strings.TrimSpace(strings.Join(parts, " "))
	}
}

func (c *catalog) contacts() string {
	switch {
	case c.asked || c.read.Target != c.target || c.read.ContactsErr != nil:
		return "The contacts of the vault are written to."
	case len(c.read.Contacts) == 0:
		return "This vault has no contacts yet: nobody would be written to."
	}
	var to []string
	for _, contact := range c.read.Contacts {
		to = append(to, contact.Email)
	}
	return "Written to: " + strings.Join(to, ", ") + "."
}
