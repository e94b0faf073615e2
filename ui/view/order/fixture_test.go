package order_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/model"
	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/viewtest"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC
	os.Exit(m.Run())
}

// canary is the password that nobody may ever see.
const canary = "canary-7-horse"

const day = 24 * time.Hour

// offers is what the account of every test offers.
func offers() model.Account {
	both := map[string][]string{"RSA": {"2048"}, "EC": {"P-256", "P-384"}}
	return model.Account{
		Organizations: []model.Organization{
			{ID: 10, Name: "Acme", API: true, APIKnown: true, Validations: []model.OrganizationValidation{{Level: "OV_SSL", Status: "VALIDATED"}}},
			{ID: 20, Name: "Silent", APIKnown: true},
			{ID: 11, Name: "Shop", ParentID: 10, API: true, APIKnown: true},
			{ID: 30, Name: "Past", API: true, APIKnown: true, GoneSince: viewtest.Noon.Add(-day)},
		},
		Profiles: []model.Profile{
			{ID: 101, Name: "Quick", Description: "issued within the hour", Terms: []int{90, 199}, KeyTypes: both, Organizations: []int{10, 11}},
			{ID: 102, Name: "Approval", Terms: []int{199}, KeyTypes: map[string][]string{"RSA": {"2048"}}, Organizations: []int{10}},
			{ID: 103, Name: "Retired", Terms: []int{199}, GoneSince: viewtest.Noon.Add(-day)},
		},
		Domains: []model.Domain{
			{ID: 201, Name: "example.com", State: "ACTIVE", Validation: "VALIDATED", Valid: true, Expires: viewtest.Noon.Add(90 * day), Organizations: []int{10}},
			{ID: 202, Name: "open.example.org", State: "ACTIVE", Validation: "NOT_VALIDATED", Organizations: []int{10}},
		},
		CustomFields: []model.CustomField{
			{ID: 54, Name: "Cost centre", Mandatory: true},
			{ID: 55, Name: "Stage", Type: "TEXT_OPTION", Options: []string{"production", "test"}},
		},
		ReadAt: viewtest.Noon.Add(-3 * time.Hour),
	}
}

// desk is a stage with two vaults and an account.
type desk struct {
	*viewtest.Stage
	*viewtest.Account
	t *testing.T
	// offers is what the account answers when it is synced, syncs how often it
	// was; syncErr is the error of that.
	offers  model.Account
	syncs   int
	syncErr error
	caps    backend.Capabilities
}

func (d *desk) Probe(context.Context) []backend.Finding { return nil }

// reader answers a sync.
type reader struct{ *desk }

func (r reader) Account(_ context.Context, tell func(backend.AccountStep)) (model.Account, error) {
	r.syncs++
	if r.Syncing != nil {
		r.Syncing(tell)
	}
	return r.offers, r.syncErr
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{Stage: viewtest.New(t), t: t, offers: offers()}
	d.Account = d.Stage.Account()
	d.Shelf.Known = offers()
	d.caps = d.Account.Capabilities()
	d.caps.Account = reader{d}
	d.equip()
	return d
}

// equip opens the targets anew with the capabilities as they are now.
func (d *desk) equip() {
	d.Manager = repository.New(repository.Options{
		Target: viewtest.AccountName, Capabilities: d.caps, Shelf: d.Shelf, Now: func() time.Time { return viewtest.Noon }, Keys: keystore.Maker{Iterations: 1000},
	})
	targets := d.Session.Desk.Targets()
	for i := range targets {
		if targets[i].Info.Name == viewtest.AccountName {
			targets[i].Capabilities, targets[i].Repository = d.caps, d.Manager
		}
	}
	d.Session.Desk.Equip(targets, nil)
	d.Session.Detail = func(ref model.Ref) view.View { return shown{ref: ref} }
}

// shown is the screen of a row.
type shown struct{ ref model.Ref }

func (shown) Init() tea.Cmd          { return nil }
func (shown) Update(tea.Msg) tea.Cmd { return nil }
func (shown) SetSize(int, int)       {}
func (s shown) View() []string       { return []string{"detail of " + s.ref.Key} }
func (shown) Capturing() bool        { return false }
func (shown) Actions() []keys.Action { return nil }

// to moves the focus to the field of that label.
func (d *desk) to(label string) {
	d.t.Helper()
	for range 60 {
		for line := range strings.SplitSeq(d.Frame(), "\n") {
			if strings.Contains(line, "> "+label) || strings.Contains(line, "> + "+label) || strings.Contains(line, "> - "+label) {
				return
			}
		}
		d.Press("tab")
	}
	d.t.Fatalf("no field %q:\n%s", label, d.Frame())
}

// fill types into the field of that label.
func (d *desk) fill(label string, text ...string) {
	d.t.Helper()
	d.to(label)
	d.Press(text...)
}

// choose moves a choice until its line holds text.
func (d *desk) choose(label, text string) {
	d.t.Helper()
	d.to(label)
	for range 12 {
		for line := range strings.SplitSeq(d.Frame(), "\n") {
			if strings.Contains(line, "> "+label) && (strings.Contains(line, "(*) "+text) || strings.Contains(line, "< "+text)) {
				return
			}
		}
		d.Press("right")
	}
	d.t.Fatalf("%s can't be %q:\n%s", label, text, d.Frame())
}

// paste pastes text where the focus is.
func (d *desk) paste(text string) { d.Tell(input.PasteMsg{Text: text, Bracketed: true}) }

// password types the password twice.
func (d *desk) password(text string) {
	d.t.Helper()
	d.fill("Password ", text)
	d.fill("Password again", text)
}

// sent fails unless exactly these calls were made.
func (d *desk) sent(want ...string) {
	d.t.Helper()
	if got := strings.Join(d.Calls, "; "); got != strings.Join(want, "; ") {
		d.t.Errorf("sent %q, want %q", got, want)
	}
}

// held is the one holding.
func (d *desk) held() backend.Holding {
	d.t.Helper()
	if len(d.Shelf.Holdings) != 1 {
		d.t.Fatalf("%d holdings", len(d.Shelf.Holdings))
	}
	for _, h := range d.Shelf.Holdings {
		return h
	}
	panic("unreachable")
}

// secretless fails when the password is to be seen anywhere.
func (d *desk) secretless() {
	d.t.Helper()
	for where, text := range map[string]string{"the frame": d.Frame(), "a toast": strings.Join(d.Toasts, "\n"), "the clipboard": d.Copied.String(), "a call": strings.Join(d.Calls, "\n")} {
		if strings.Contains(text, canary) {
			d.t.Errorf("the password stands in %s", where)
		}
	}
	for _, h := range d.Shelf.Holdings {
		for _, key := range h.Keys {
			if strings.Contains(string(key.Locked), canary) {
				d.t.Error("the password stands in what is stored")
			}
		}
	}
}
