package order_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/view"
	"certty/ui/view/order"
	"certty/ui/view/viewtest"
)

// ordering opens a form that is filled in so that it could be sent.
func ordering(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.Press("Shop.example.com")
	d.fill("Other names", "www.example.com, *.example.com")
	d.choose("Key algorithm", "EC")
	d.password(canary)
	d.fill("Cost centre", "4711")
	return d
}

func TestOrder(t *testing.T) {
	d := ordering(t)
	d.choose("Term", "90 days")
	d.choose("Keystore", "JKS")
	d.fill("Description", "web shop")
	d.fill("More", "enter")
	d.fill("External requester", "a@example.com, b@example.com")
	d.choose("Stage", "test")
	d.fill("Files", "enter")
	d.fill("Folder", "/srv/tls")
	d.fill("Owner", "web:web")
	d.fill("Mode", "0640")
	d.secretless()
	d.Press("ctrl+s")
	d.Sees("Order shop.example.com (sectigo)", "www.example.com, *.example.com", "for Acme (10)", "profile Quick (101)",
		"term 90 days", "expect 90 days; since 2026-03-15 the rule allows 200", "EC P-256, made here", "JKS", "Cost centre 4711")
	d.Resize(80, 40)
	d.Sees("Stage test", "web shop", "external a@example.com, b@example.com", "/srv/tls, owner web:web, files with a key 0640", "one certificate of the contract",
		"the account does not tell that beforehand", "> [ Back ]")
	d.secretless()
	d.sent()
	d.Press("enter")
	d.sent()
	d.Press("ctrl+s", "tab", "enter")
	d.sent("order shop.example.com")
	if d.Top() != nil {
		t.Errorf("the form stays open:\n%s", d.Frame())
	}
	d.secretless()
	h := d.held()
	want := model.OrderSpec{
		CommonName: "shop.example.com", SANs: []string{"www.example.com", "*.example.com"}, OrganizationID: 10, ProfileID: 101, Term: 90,
		CSR: h.Spec.CSR, Reference: h.Spec.Reference, Description: "web shop", ExternalRequester: "a@example.com, b@example.com",
		CustomFields: []model.CustomValue{{Name: "Cost centre", Value: "4711"}, {Name: "Stage", Value: "test"}},
	}
	if !reflect.DeepEqual(*h.Spec, want) {
		t.Errorf("ordered %+v\nwant    %+v", *h.Spec, want)
	}
	if h.Record.KeystoreType != "jks" || len(h.Keys) != 1 || *h.Deploy != (model.Deployment{Dir: "/srv/tls", Owner: "web:web", Mode: 0o640}) {
		t.Errorf("held %+v, %d keys, %+v", h.Record, len(h.Keys), h.Deploy)
	}
	if key, err := model.KeyOf(h.Spec.CSR); err != nil || key.String() != "EC P-256" {
		t.Errorf("key %s, %v", key, err)
	}
}

// Only what profile and organization allow is offered.
func TestOffers(t *testing.T) {
	d := newDesk(t)
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.Sees("(*) Acme (10) ( ) Acme / Shop (11)", "catalogue synced 3h ago; ctrl+r syncs it", "(*) 199 days ( ) 90 days")
	for _, gone := range []string{"Silent", "Past", "Retired", "P-521", "4096"} {
		if strings.Contains(d.Frame(), gone) {
			t.Errorf("%s is offered:\n%s", gone, d.Frame())
		}
	}
	d.choose("Organization", "  Acme / Shop (11)")
	if strings.Contains(d.Frame(), "Approval") {
		t.Errorf("a profile that the department does not have:\n%s", d.Frame())
	}
	d.choose("Organization", "Acme (10)")
	d.choose("Profile", "Approval (102)")
	d.Sees("(*) 199 days", "Key algorithm (*) RSA", "Key size (*) 2048")
	if strings.Contains(d.Frame(), "90 days") || strings.Contains(d.Frame(), "EC") {
		t.Errorf("the term or the key of another profile:\n%s", d.Frame())
	}
	d.choose("Profile", "Quick (101)")
	d.choose("Key algorithm", "EC")
	d.Sees("(*) P-256 ( ) P-384")
}

// What the account does not tell is said, and stands in nobody's way.
func TestUntold(t *testing.T) {
	d := newDesk(t)
	a := &d.Shelf.Known
	a.Organizations[0].APIKnown, a.Organizations[0].Validations[0].Status = false, "PENDING"
	a.Profiles[0].KeyTypes, a.Domains = nil, nil
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.Sees("not told: whether orders over the API are switched on; which keys the profile takes; which domains are validated",
		"the CA's check of Acme: OV SSL PENDING. Profiles that need it are refused.")
	d.choose("Key algorithm", "EC")
	d.choose("Key size", "P-521")
}

func TestBadInput(t *testing.T) {
	for name, tt := range map[string]struct {
		do   func(*desk)
		says string // "" is no problem
	}{
		"description at the limit": {func(d *desk) { d.to("Description"); d.paste(strings.Repeat("d", 998)) }, ""},
		"description one over":     {func(d *desk) { d.to("Description"); d.paste(strings.Repeat("d", 999)) }, "999 are 1 too many"},
		"emoji at the limit":       {func(d *desk) { d.to("Description"); d.paste(strings.Repeat("d", 996) + "🔑") }, ""},
		"emoji over the limit":     {func(d *desk) { d.to("Description"); d.paste(strings.Repeat("d", 997) + "🔑") }, "999 are 1 too many"},
		"no mandatory field":       {func(d *desk) { d.fill("Cost centre", "backspace", "backspace", "backspace", "backspace") }, "the account makes it mandatory"},
		"domain not validated":     {func(d *desk) { d.fill("Other names", " a.open.example.org") }, "a.open.example.org: the domain open.example.org is not validated (NOT_VALIDATED)"},
		"domain unknown":           {func(d *desk) { d.fill("Common name", ".net") }, "the account has no domain that covers it"},
		"several names": {func(d *desk) {
			d.fill("Other names", " a.open.example.org 10.0.0.1 -x.example.com a@example.com b.example.net")
		}, "-x.example.com: the label -x begins or ends with a hyphen; 4 more names are wrong: a@example.com, 10.0.0.1, a.open.example.org, b.example.net"},
		"many names": {func(d *desk) {
			for i := range 20 {
				d.fill("Other names", fmt.Sprintf(" n%d.example.net", i))
			}
		}, "19 more names are wrong: n1.example.net, n2.example.net, n3.example.net, n4.example.net, n5.example.net, n6.example.net and 13 others"},
		"no DNS name":             {func(d *desk) { d.fill("Other names", " 10.0.0.1") }, "10.0.0.1: an SCM order takes DNS names only"},
		"password too short":      {func(d *desk) { d.fill("Password ", strings.Split(strings.Repeat("backspace ", 10), " ")[:10]...) }, "8 characters or more"},
		"another password":        {func(d *desk) { d.fill("Password again", "x") }, "it is not the same as above"},
		"requester":               {func(d *desk) { d.fill("More", "enter"); d.fill("External requester", "nobody") }, "something before and after its @"},
		"owner without a folder":  {func(d *desk) { d.fill("More", "enter"); d.fill("Files", "enter"); d.fill("Owner", "web") }, "a folder is needed"},
		"folder that is relative": {func(d *desk) { d.fill("More", "enter"); d.fill("Files", "enter"); d.fill("Folder", "tls") }, "the whole path is needed"},
		"key for everybody": {func(d *desk) {
			d.fill("More", "enter")
			d.fill("Files", "enter")
			d.fill("Folder", "/srv")
			d.fill("Mode", "0644")
		}, "nothing for everybody"},
	} {
		t.Run(name, func(t *testing.T) {
			d := ordering(t)
			tt.do(d)
			d.Press("ctrl+s")
			if tt.says == "" {
				d.Sees("> [ Back ]")
			} else {
				d.Sees("New order (sectigo)", tt.says)
			}
			d.secretless()
			d.sent()
		})
	}
}

// An account that does not validate its domains beforehand takes no order that
// does not say how they are validated.
func TestDomainValidation(t *testing.T) {
	d := ordering(t)
	d.fill("Other names", " a.open.example.org")
	d.fill("More", "enter")
	d.choose("Domain validation", "HTTPS")
	d.Press("ctrl+s")
	d.Sees("a file on a web server proves no wildcard such as *.example.com")
	d.choose("Domain validation", "e-mail")
	d.Press("ctrl+s")
	d.Sees("an address is needed")
	d.fill("Validation e-mail", "admin@example.com")
	d.Press("ctrl+s")
	d.Sees("validation e-mail, for this order, asking admin@example.com")
	d.Press("esc")
	d.choose("Domain validation", "CNAME")
	d.Sees("The record to publish stands with the order")
	d.order()
	d.sent("order shop.example.com")
	// The address belongs to the way that was not taken.
	if got := d.held().Spec.DCV; got != (model.OrderDCV{Mode: model.DCVCNAME}) {
		t.Errorf("ordered with %+v", got)
	}
}

// The count is live, and says why the limit is what it is.
func TestDescriptionIsCounted(t *testing.T) {
	d := ordering(t)
	d.fill("Description", "é🔑")
	d.Sees("3 / 998")
	d.paste(strings.Repeat("d", 950))
	d.Sees("953 / 998, as SCM counts: most emoji are two, and 26 of its 1024 go to the reference")
}

// The profile changes under the form: what was chosen is not replaced by
// something else that nobody looked at.
func TestCatalogueChangesUnderTheForm(t *testing.T) {
	d := ordering(t)
	d.choose("Term", "90 days")
	d.offers.Profiles[0].Terms = []int{47, 199}
	d.Press("ctrl+r")
	if d.syncs != 1 {
		t.Fatalf("%d syncs", d.syncs)
	}
	d.Press("ctrl+s")
	d.Sees("the profile has no term of 90 days; it has 47, 199")
	d.choose("Term", "199 days")
	d.Press("ctrl+s")
	d.Sees("> [ Back ]", "shop.example.com", "www.example.com")
	d.Press("esc")

	d.offers.Profiles[0].GoneSince = viewtest.Noon
	d.Press("ctrl+r", "ctrl+s")
	d.Sees("the account does not list it any more")
	d.choose("Profile", "Approval (102)")
	d.offers.CustomFields = append(d.offers.CustomFields, model.CustomField{ID: 70, Name: "Ticket", Mandatory: true})
	d.Press("ctrl+r", "ctrl+s")
	d.to("Ticket")
	d.Sees("the account makes it mandatory", "4711")
	d.sent()
	d.secretless()
}

func TestNeverSynced(t *testing.T) {
	d := newDesk(t)
	d.Shelf.Known = model.Account{}
	d.Hold()
	v := order.New(d.Session, viewtest.AccountName)
	d.Open(v)
	d.Sees("What sectigo offers is being read.")
	d.Tell(view.AccountRead{Target: viewtest.AccountName})
	d.Sees("it is being synced")
	d.Release()
	d.Sees("(*) Acme (10)", "catalogue synced <1m ago")

	d = newDesk(t)
	d.Shelf.Known = model.Account{}
	d.syncErr = errors.New("no route")
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.Sees("Nothing can be ordered: no route; ctrl+r tries again.")
	d.syncErr = &backend.Error{Kind: backend.KindPartial, Message: "not read: domains", Err: errors.New("400")}
	d.Press("ctrl+r")
	d.Sees("(*) Acme (10)", "catalogue never synced completely; ctrl+r syncs it. The last time failed", "not read: domains")

	d = newDesk(t)
	d.Shelf.Known = model.Account{}
	d.caps.Account, d.caps.AccountWhy = nil, "nobody may read it"
	d.equip()
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.Sees("Nothing can be ordered: it can't be synced: nobody may read it")
}

func (d *desk) order() { d.t.Helper(); d.Press("ctrl+s", "tab", "enter") }

// An order that may have been placed leaves no form behind it.
func TestUncertain(t *testing.T) {
	d := ordering(t)
	d.Err = &backend.Error{Kind: backend.KindUncertain, Message: "the connection ended"}
	d.order()
	h := d.held()
	d.Sees("It may have been ordered: shop.example.com", "It is looked for by itself, by its reference "+h.Record.Reference, "Nothing is sent again", "g go to that order")
	d.Press("g")
	d.Sees("detail of " + h.Record.Key)
	d.Close(d.Top())
	if d.Top() != nil {
		t.Errorf("there is a form that could order again:\n%s", d.Frame())
	}
	d.sent("order shop.example.com")
	d.secretless()
}

// An order that was written down and not sent is sent as it is, not made anew.
func TestPrepared(t *testing.T) {
	d := ordering(t)
	d.Err = &backend.Error{Kind: backend.KindNetwork, Message: "no route"}
	d.order()
	d.Sees("Not sent: the order for shop.example.com", "Nothing was sent.", "stands among the rows", "O send it now")
	d.Err = nil
	d.Press("O")
	d.Sees("It is looked for first", "> [ Back ]")
	d.Press("tab", "enter")
	d.sent("order shop.example.com", "order shop.example.com")
	if h := d.held(); h.Record.Step != model.StepPlaced || h.Record.Key != "900" {
		t.Errorf("%+v", h.Record)
	}
	if d.Top() != nil {
		t.Errorf("still open:\n%s", d.Frame())
	}
}

// A refusal keeps what was typed, but for the passwords.
func TestRefused(t *testing.T) {
	d := ordering(t)
	d.Err = &backend.Error{Kind: backend.KindInvalid, Op: "order", Ref: model.Ref{Target: viewtest.AccountName, Kind: model.KindCertificate, Key: "certty:0123456789abcdef:1"}, Message: "Missing mandatory custom field!", Code: "-62"}
	d.order()
	d.Sees("Not done: order shop.example.com (sectigo)", "Missing mandatory custom field!", "Nothing was ordered. What you typed is kept, but for the passwords.")
	d.Press("esc", "ctrl+s")
	d.Sees("a password is needed")
	d.Err = nil
	d.password(canary)
	d.order()
	d.sent("order shop.example.com", "order shop.example.com")
	d.secretless()
}

// Nothing was written down, so nothing was sent.
func TestNoRoomOnDisk(t *testing.T) {
	d := ordering(t)
	d.Shelf.Err = errors.New("no space left on device")
	d.order()
	d.Sees("nothing was sent, because it could not be written down", "What you typed is kept, but for the passwords.")
	d.sent()
}

func TestAgain(t *testing.T) {
	d := newDesk(t)
	d.Put(viewtest.OrderItem("77", "www.example.com", func(it *model.Item) {
		o := it.Order
		o.SANs, o.ProfileID, o.Profile, o.Term = []string{"www.example.com", "static.example.com"}, 101, "Quick", 90
		o.Comments, o.ExternalRequester = "certty:0123456789abcdef:1 web farm", "a@example.com"
		o.CustomFields = []model.CustomValue{{Name: "Cost centre", Value: "4711"}, {Name: "Stage", Value: "production"}}
	}))
	row := d.Row(viewtest.AccountName, "77")
	if why := order.WhyNoAgain(d.caps, row); why != "" {
		t.Fatal(why)
	}
	d.Open(order.Again(d.Session, row))
	d.password(canary)
	d.order()
	d.sent("order www.example.com")
	s := d.held().Spec
	if !slices.Equal(s.SANs, []string{"static.example.com"}) || s.Term != 90 || s.Description != "web farm" || s.ExternalRequester != "a@example.com" || len(s.CustomFields) != 2 {
		t.Errorf("%+v", s)
	}

	// What is not offered any more is shown, and is at fault.
	d = newDesk(t)
	d.Put(viewtest.OrderItem("78", "www.example.com", func(it *model.Item) {
		it.Order.ProfileID, it.Order.Profile, it.Order.Term, it.Order.OrganizationID, it.Order.Organization = 999, "Vanished", 365, 10, "Acme"
	}))
	d.Open(order.Again(d.Session, d.Row(viewtest.AccountName, "78")))
	d.Press("ctrl+s")
	d.Sees("Vanished (999)", "the account lists no profile 999")
}

// What is known of other orders of the profile is said before the question.
func TestWhoApproves(t *testing.T) {
	d := newDesk(t)
	d.Put(viewtest.OrderItem("80", "a.example.com", func(it *model.Item) { viewtest.Uncertified(it, "Requested") }), viewtest.OrderItem("81", "b.example.com", nil))
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.Press("shop.example.com")
	d.password(canary)
	d.fill("Cost centre", "1")
	d.Press("ctrl+s")
	d.Sees("probably has to approve it: 1 order of this profile waits for that now")
}

// Beside the form stands what of the account is being read.
func TestSyncTells(t *testing.T) {
	d := ordering(t)
	d.to("Organization")
	goOn := make(chan bool)
	d.Syncing = func(tell func(backend.AccountStep)) {
		tell(backend.AccountStep{Part: "profiles", Number: 2, Parts: 4, Done: 3, Total: 40})
		<-goOn
	}
	told := d.Top().Update(tea.KeyMsg{Type: tea.KeyCtrlR})()
	waits := d.Top().Update(told)
	d.Sees("; syncing now: profiles, 3 of 40 (part 2 of 4)")
	goOn <- true
	d.Tell(waits())
	d.Sees("catalogue synced <1m ago; ctrl+r syncs it")
}

// A name that a private CA may sign and a public one refuses can be ordered where the
// account does not tell whose the profile is, and is warned of.
func TestUnderscoreAtACAUnknown(t *testing.T) {
	d := ordering(t)
	d.Resize(80, 40)
	d.fill("Other names", ", my_shop.example.com")
	d.to("Profile")
	d.Sees("my_shop.example.com has an underscore: a public CA refuses it")
	d.Press("ctrl+s")
	d.Sees("careful my_shop.example.com has an underscore", "Sends: POST /ssl/v1/enroll")
}
