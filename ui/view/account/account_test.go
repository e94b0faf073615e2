package account_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/account"
	"certty/ui/view/viewtest"
)

const day = 24 * time.Hour

func date(days int) time.Time {
	return time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days)
}

// offered is what the account of the tests was synced with, three days ago.
func offered() model.Account {
	return model.Account{
		ReadAt: viewtest.Noon.Add(-3 * day),
		Organizations: []model.Organization{
			{ID: 10, Name: "Contoso GmbH", API: true, APIKnown: true,
				Validations: []model.OrganizationValidation{{Level: "OV_SSL", Status: "VALIDATED", Expires: date(240)}}},
			{ID: 30, Name: "Archive", APIKnown: true},
			{ID: 11, Name: "Shop", ParentID: 10, API: true, APIKnown: true},
			{ID: 40, Name: "Acquired", GoneSince: viewtest.Noon.Add(-20 * day)},
		},
		Domains: []model.Domain{
			{ID: 400, Name: "example.com", State: "ACTIVE", Validation: "VALIDATED", Valid: true, Method: "CNAME", Expires: date(158), Organizations: []int{10}},
			{ID: 401, Name: "example.net", State: "ACTIVE", Validation: "VALIDATED", Valid: true, Expires: date(12), Organizations: []int{10, 11}},
			{ID: 402, Name: "example.org", State: "ACTIVE", Validation: "VALIDATED", Valid: true, Expires: date(-32), Organizations: []int{10}},
			{ID: 403, Name: "example.jp", State: "ACTIVE", Validation: "NOT_VALIDATED", Organizations: []int{10}},
			{ID: 404, Name: "old.example", GoneSince: viewtest.Noon.Add(-9 * day)},
		},
		Profiles: []model.Profile{
			{ID: 101, Name: "Standard SSL", Description: "Organization validated", Terms: []int{90, 199}, KeyTypes: map[string][]string{"RSA": {"2048", "4096"}, "EC": {"P-256"}}, Organizations: []int{10}},
			{ID: 90, Name: "Retired", GoneSince: viewtest.Noon.Add(-day)},
		},
		CustomFields: []model.CustomField{
			{ID: 55, Name: "Environment", Type: "TEXT_OPTION", Options: []string{"production", "test"}},
			{ID: 54, Name: "Cost centre", Mandatory: true},
		},
	}
}

func open(t *testing.T, items ...*model.Item) (*viewtest.Stage, *viewtest.Account) {
	t.Helper()
	s := viewtest.New(t)
	a := s.Account()
	a.Shelf.Known = offered()
	s.Put(items...)
	s.Open(account.New(s.Session, viewtest.AccountName))
	return s, a
}

func (l lines) index(text string) int {
	for i, line := range l {
		if strings.Contains(line, text) {
			return i
		}
	}
	return -1
}

type lines []string

func frame(s *viewtest.Stage) lines { return strings.Split(s.Frame(), "\n") }

// TestLists: each list has state, name and id, and fits the smallest screen.
func TestLists(t *testing.T) {
	s, _ := open(t)
	s.Sees("[Organizations 4]", "Domains 5", "Synced 3d ago; weekly by itself, again in 4d")
	s.Sees("○ API off", "Archive", "● may order", "Contoso GmbH", "10 OV_SSL until 2027-07-19", "– not listed", "Acquired")
	f := frame(s)
	if shop := f.index("  Shop "); shop != f.index("Contoso GmbH")+1 {
		t.Errorf("the department does not follow its organization:\n%s", s.Frame())
	}
	if f.index("Acquired") < f.index("Shop") {
		t.Errorf("what vanished does not come last:\n%s", s.Frame())
	}
	if len(f) > 24 {
		t.Errorf("%d lines", len(f))
	}
	s.Press("G")
	s.Sees("has not listed it since 2026-11-01 14:05 UTC")

	s.Press("tab")
	s.Sees("[Domains 5]", "● validated", "2027-04-28", "158d", "! ends soon", "12d", "✗ ended", "over", "✗ not validated", "example.jp", "403")
	s.Press("tab")
	s.Sees("[Profiles 2]", "● offered", "Standard SSL", "90, 199", "EC P-256; RSA 2048 4096", "– not listed", "Delegated to Contoso GmbH")
	s.Press("tab")
	s.Sees("[Fields 2]", "! mandatory", "Cost centre", "○ optional", "TEXT_OPTION", "production")
	s.Press("tab")
	s.Sees("[Organizations 4]")
}

// TestFilter narrows every list, and what is typed is text.
func TestFilter(t *testing.T) {
	s, _ := open(t)
	s.Press("tab", "/", "example.n", "enter")
	s.Sees("filter: example.n 1 of 5", "example.net")
	if frame(s).index("example.jp") >= 0 {
		t.Errorf("more is listed:\n%s", s.Frame())
	}
	s.Press("/", "xx")
	s.Sees("None has these words", "0/5")
	s.Press("esc")
	s.Sees("example.jp")
	s.Press("/", "jp", "enter", "esc")
	if s.Top() == nil || frame(s).index("example.com") < 0 {
		t.Errorf("esc left the account with a filter still set:\n%s", s.Frame())
	}
	s.Press("esc")
	if s.Top() != nil {
		t.Error("esc did not leave")
	}
}

// waitingFor is an open order; validation is what the CA told of it.
func waitingFor(id, name string, validation *model.OrderValidation) *model.Item {
	return viewtest.OrderItem(id, name, func(it *model.Item) {
		viewtest.Uncertified(it, "Applied")
		it.Order.Validation = validation
	})
}

// TestHoldsUp: a domain tells which open orders wait for it: by what the CA told
// of them, else by their names.
func TestHoldsUp(t *testing.T) {
	proof := &model.OrderValidation{Domains: []model.DomainValidation{{Domain: "own.example.com", Status: "SUBMITTED"}, {Domain: "example.com", Status: "VALIDATED", Valid: true}}}
	hidden := waitingFor("5", "hidden.example.jp", nil)
	hidden.Record = &model.Record{Key: "5", Step: model.StepPlaced, DeletedAt: viewtest.Noon}
	s, _ := open(t,
		waitingFor("1", "www.example.jp", nil), waitingFor("2", "fine.example.com", nil), waitingFor("3", "own.example.com", proof),
		viewtest.OrderItem("4", "issued.example.jp", nil), hidden, waitingFor("6", "api.example.org", nil))
	s.Press("tab")
	s.Sees("HOLDS UP")
	for _, name := range []string{"example.jp", "example.org", "example.com"} {
		if line := frame(s)[frame(s).index(" "+name+" ")]; !strings.Contains(line, "1 order") {
			t.Errorf("%s holds up nothing: %s", name, line)
		}
	}
	if line := frame(s)[frame(s).index(" example.net ")]; strings.Contains(line, "order") {
		t.Errorf("example.net holds something up: %s", line)
	}
	s.Press("/", "example.com", "enter", "enter")
	s.Sees("Holds up: own.example.com (order 3): the CA wants a proof for this order.")
}

// TestDomain: the record is read when the domain is opened, can be copied whole
// and in parts, and the CA is asked again only after a yes.
func TestDomain(t *testing.T) {
	s, a := open(t)
	a.Domains = map[string]model.DomainValidation{"example.jp": {
		Status: "NOT_VALIDATED", OrderStatus: "SUBMITTED", Method: "CNAME", Host: "_abc.example.jp.", Point: "def.sectigo.com",
		LastCheck: viewtest.Noon.Add(-time.Hour), NextCheck: viewtest.Noon.Add(time.Hour),
	}}
	s.Press("tab", "/", "example.jp", "enter", "enter")
	s.Sees("Domain example.jp (sectigo)", "Nothing can be ordered in it: it is not validated (NOT_VALIDATED)", "A DNS record of the type CNAME",
		"name _abc.example.jp.", "value def.sectigo.com", "Last look: 2026-11-21 13:05 UTC", "Next look: 2026-11-21 15:05 UTC")
	s.Press("y", "n", "v")
	if got := fmt.Sprint(s.Toasts); strings.Count(got, "sent to the terminal") != 3 {
		t.Errorf("copied: %s", got)
	}
	if want := "X2FiYy5leGFtcGxlLmpwLiBJTiBDTkFNRSBkZWYuc2VjdGlnby5jb20u"; !strings.Contains(s.Copied.String(), want) { // base64 of the line
		t.Errorf("the line of the zone file was not copied: %q", s.Copied.String())
	}
	s.Press("c", "enter")
	if len(a.Calls) != 0 {
		t.Fatalf("sent without a yes: %v", a.Calls)
	}
	a.Domains["example.jp"] = model.DomainValidation{Status: "VALIDATED", Valid: true}
	s.Press("c", "tab", "enter")
	if fmt.Sprint(a.Calls) != "[recheck domain example.jp]" {
		t.Errorf("called: %v", a.Calls)
	}
	s.Sees("Nothing: the domain is validated.")
	a.Err = &backend.Error{Kind: backend.KindPermission, Op: "recheck domain", Message: "no privilege", Code: "-3"}
	s.Press("c", "tab", "enter")
	s.Sees("no privilege")
}

// TestRecords: whatever the method, the card says what to publish, and where
// nothing is known it says that.
func TestRecords(t *testing.T) {
	for _, tt := range []struct {
		name string
		told model.DomainValidation
		err  error
		want string
	}{
		{"a TXT record", model.DomainValidation{Method: "TXT", Host: "_x.example.jp", Point: `a"b`}, nil, `type TXT: name _x.example.jp value a"b`},
		{"a file", model.DomainValidation{Method: "HTTP", URL: "http://example.jp/.well-known/x.txt", Content: "one\ntwo"}, nil, "at this address with this content: http://example.jp/.well-known/x.txt one two"},
		{"a mail", model.DomainValidation{Method: "EMAIL", Email: "admin@example.jp"}, nil, "the CA wrote to admin@example.jp"},
		{"nothing started", model.DomainValidation{}, nil, "nobody started the validation"},
		{"a refusal", model.DomainValidation{}, errors.New("no route"), "Not read. no route"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, a := open(t)
			a.Domains, a.ReadErr = map[string]model.DomainValidation{"example.jp": tt.told}, tt.err
			s.Press("tab", "/", "example.jp", "enter", "enter")
			s.Sees(tt.want)
		})
	}
}

// TestSync: what the account offers now takes the place of what was known; what
// vanished is marked, and a part that could not be read is named.
func TestSync(t *testing.T) {
	s, a := open(t)
	a.Offers = offered()
	a.Offers.Domains = a.Offers.Domains[:1]
	a.Offers.ReadAt = viewtest.Noon
	s.Hold()
	s.Press("tab", "s")
	s.Sees("Asking the account for organizations, profiles, domains and custom fields")
	s.Press("s")
	s.Said("the account is being asked already")
	s.Release()
	s.Sees("Synced <1m ago", "– not listed")
	if line := frame(s)[frame(s).index(" example.net ")]; !strings.Contains(line, "not listed") {
		t.Errorf("what vanished is not marked: %s", line)
	}

	a.Offers = model.Account{Organizations: a.Offers.Organizations}
	a.OffersErr = &backend.Error{Kind: backend.KindPartial, Op: "sync account", Ref: model.Ref{Target: "sectigo"}, Message: "not read: domains: not authorized -3; profiles: throttled"}
	s.Press("s")
	s.Sees("Not all of it could be read; what was known of the rest stands", "domains: not authorized -3; profiles: throttled", "example.com")

	a.OffersErr = &backend.Error{Kind: backend.KindNetwork, Op: "sync account", Message: "no route to host"}
	s.Press("s")
	s.Sees("The service was not reached", "no route to host", "example.com")
}

// TestNeverSynced offers the key and calls nothing by itself: after a refused
// login a call could lock the account. What is synced beside it is shown.
func TestNeverSynced(t *testing.T) {
	s := viewtest.New(t)
	a := s.Account()
	s.Put()
	s.Open(account.New(s.Session, viewtest.AccountName))
	s.Sees("Never synced as a whole; s asks the account now", "The account told none.")
	a.Shelf.Known = offered()
	s.Tell(view.AccountSynced{Target: viewtest.AccountName})
	s.Sees("Synced 3d ago", "Contoso GmbH")
}

// TestReadOnly: the lists and the record can be read, the CA can't be asked.
func TestReadOnly(t *testing.T) {
	s, _ := open(t)
	target := s.Session.Desk.Target(viewtest.AccountName)
	target.Capabilities.Recheck, target.Capabilities.RecheckWhy = nil, "this target is read-only here"
	s.Session.Desk.Equip([]view.Target{target}, nil)
	s.Press("tab", "enter", "c")
	s.Said("not now: this target is read-only here")
	for _, a := range s.Top().Actions() {
		if a.ID == keys.Refresh.ID && a.Disabled != "" {
			t.Errorf("reading is disabled: %s", a.Disabled)
		}
	}
}

// TestWhyNot: a vault offers nothing of this.
func TestWhyNot(t *testing.T) {
	s := viewtest.New(t)
	s.Account()
	for _, target := range s.Session.Desk.Targets() {
		if why := account.WhyNot(target); (why == "") != (target.Info.Kind == "scm") {
			t.Errorf("%s: %q", target.Info.Name, why)
		}
	}
}

// TestSyncTells: what is being read stands there while it is, and the end takes it
// away.
func TestSyncTells(t *testing.T) {
	s, a := open(t)
	v, ok := s.Top().(*account.View)
	if !ok {
		t.Fatal("the account is not open")
	}
	goOn := make(chan bool)
	a.Syncing = func(tell func(backend.AccountStep)) {
		for done := range 3 {
			tell(backend.AccountStep{Part: "organizations", Number: 1, Parts: 4, Done: done, Total: 40})
		}
		<-goOn
		tell(backend.AccountStep{Part: "domains", Number: 3, Parts: 4})
		<-goOn
	}
	var waits tea.Cmd
	for _, action := range v.Actions() {
		if action.ID == keys.Sync.ID {
			waits = action.Run()
		}
	}
	s.Sees("Asking the account for organizations, profiles, domains and custom fields.")
	// next takes news until the one of that part, of which the last counts.
	next := func(part string) view.SyncTold {
		t.Helper()
		for {
			told, ok := waits().(view.SyncTold)
			if !ok {
				t.Fatalf("it ended before %s", part)
			}
			if again := (&account.View{}).Update(told); again != nil {
				t.Error("somebody else waits as well")
			}
			waits = v.Update(told)
			if told.Step.Part == part && (told.Step.Done == 2 || told.Step.Total == 0) {
				return told
			}
		}
	}
	next("organizations")
	s.Sees("Asking the account for organizations, 2 of 40 (part 1 of 4).")
	goOn <- true
	next("domains")
	s.Sees("Asking the account for domains (part 3 of 4).")
	goOn <- true
	read, ok := waits().(view.AccountRead)
	if !ok || !read.Synced {
		t.Fatalf("at the end: %+v", read)
	}
	s.Tell(read)
	if strings.Contains(s.Frame(), "Asking the account") {
		t.Errorf("after the end:\n%s", s.Frame())
	}
}
